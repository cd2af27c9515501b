// The large numbers of a run: reward and right answers, now and at the start, steps, time left, pace.
import type { ReactNode } from 'react'
import type { EvaluationMetrics, StepMetrics } from '../../../core/training/metrics.ts'
import type { RunRecord } from '../../../core/training/runs.ts'
import { decimal, integer, signed, wholePercent } from '../../format.ts'
import type { TermName } from '../../glossary.ts'
import { Term } from '../../ui/term.tsx'
import { changeOf, ends, guess, paceOf } from './pace.ts'

interface FigureProps {
  term?: TermName
  label: string
  value: ReactNode
  children?: ReactNode
}

function Figure({ term, label, value, children }: FigureProps) {
  return (
    <div className="figure">
      <dt>
        {term ? (
          <Term name={term} plain>
            {label}
          </Term>
        ) : (
          label
        )}
      </dt>
      <dd>
        <strong className="figure-value">{value}</strong>
        <span className="figure-note">{children}</span>
      </dd>
    </div>
  )
}

interface FiguresProps {
  run: RunRecord
  steps: readonly StepMetrics[]
  evaluations: readonly EvaluationMetrics[]
  live: boolean
}

const rate = (value: number | null) => (value === null ? '–' : integer(value))

export function Figures({ run, steps, evaluations, live }: FiguresProps) {
  const reward = changeOf(steps, (step) => step.reward)
  const success = changeOf(steps, (step) => step.success)
  const pace = paceOf(run.config, steps, evaluations)
  const held = evaluations.at(-1)
  const heldFirst = evaluations[0]
  const over = Math.min(ends, steps.length)
  const means = over > 1 ? `Means over the ${over} newest and the ${over} first steps.` : undefined
  return (
    <dl className="figures">
      <Figure term="reward" label="Reward" value={<span title={means}>{reward ? signed(reward.last) : '–'}</span>}>
        {reward && <>from {signed(reward.first)}</>}
      </Figure>
      <Figure term="success" label="Right answers" value={<span title={means}>{success ? wholePercent(success.last) : '–'}</span>}>
        {success && <>from {wholePercent(success.first)}</>}
      </Figure>
      <Figure term="heldOut" label="Held-out reward" value={held ? signed(held.summary.reward.total) : '–'}>
        {held && heldFirst && held !== heldFirst ? <>from {signed(heldFirst.summary.reward.total)}</> : held ? 'before training' : run.config.evaluation.every === 0 ? 'not tested' : live ? 'not yet' : 'not tested'}
      </Figure>
      <Figure term="trainStep" label="Steps" value={integer(steps.at(-1)?.step ?? run.steps)}>
        of {integer(run.config.steps)}
      </Figure>
      <Figure label={live ? 'Time left' : 'Time to go'} value={pace.left === null ? '–' : pace.left === 0 ? 'done' : guess(pace.left)}>
        {pace.stepsPerMinute === null ? 'known after a step' : `${decimal(pace.stepsPerMinute, pace.stepsPerMinute < 10 ? 1 : 0)} steps/min`}
      </Figure>
      <Figure term="tokens" label="Tokens a second" value={<span title="Sampled in the rollouts">{rate(pace.rollout)}</span>}>
        {rate(pace.update)} in the update
      </Figure>
    </dl>
  )
}
