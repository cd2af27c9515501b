// The large numbers of a run: reward and right answers, now and at the start, steps, time left, pace.
import type { ReactNode } from 'react'
import type { EvaluationMetrics, StepMetrics } from '../../../core/training/metrics.ts'
import type { RunRecord } from '../../../core/training/runs.ts'
import { t } from '../../locales/index.ts'
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

/** A large number with what it is. */
export function Figure({ term, label, value, children }: FigureProps) {
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
  const words = t().train.figures
  const reward = changeOf(steps, (step) => step.reward)
  const success = changeOf(steps, (step) => step.success)
  const pace = paceOf(run.config, steps, evaluations)
  const held = evaluations.at(-1)
  const heldFirst = evaluations[0]
  const over = Math.min(ends, steps.length)
  const means = over > 1 ? words.means(over) : undefined
  const heldNote = () => {
    if (held && heldFirst && held !== heldFirst) return words.from(signed(heldFirst.summary.reward.total))
    if (held) return words.beforeTraining
    return live && run.config.evaluation.every > 0 ? words.notYet : words.notTested
  }
  return (
    <dl className="figures">
      <Figure term="reward" label={words.reward} value={<span title={means}>{reward ? signed(reward.last) : '–'}</span>}>
        {reward && words.from(signed(reward.first))}
      </Figure>
      <Figure term="success" label={words.success} value={<span title={means}>{success ? wholePercent(success.last) : '–'}</span>}>
        {success && words.from(wholePercent(success.first))}
      </Figure>
      <Figure term="heldOut" label={words.heldOut} value={held ? signed(held.summary.reward.total) : '–'}>
        {heldNote()}
      </Figure>
      <Figure term="trainStep" label={words.steps} value={integer(steps.at(-1)?.step ?? run.steps)}>
        {words.of(run.config.steps)}
      </Figure>
      <Figure label={live ? words.timeLeft : words.timeToGo} value={pace.left === null || run.status === 'imported' ? '–' : pace.left === 0 ? words.done : guess(pace.left)}>
        {pace.stepsPerMinute === null ? words.knownAfterAStep : words.stepsPerMinute(decimal(pace.stepsPerMinute, pace.stepsPerMinute < 10 ? 1 : 0))}
      </Figure>
      <Figure term="tokens" label={words.tokens} value={<span title={words.sampled}>{rate(pace.rollout)}</span>}>
        {words.inTheUpdate(rate(pace.update))}
      </Figure>
    </dl>
  )
}
