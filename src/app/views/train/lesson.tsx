// A supervised training on show: its numbers, where it is, its charts, and what comes next.
import { ArrowRight } from 'lucide-react'
import { lastCheckpoint } from '../../../core/training/checkpoints.ts'
import type { RunRecord } from '../../../core/training/runs.ts'
import { decimal, integer, wholePercent } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { useRuns, useTraining, useWorkspace } from '../../state/context.tsx'
import { Button } from '../../ui/button.tsx'
import { Hint } from '../../ui/term.tsx'
import { Figure } from './figures.tsx'
import { LessonChart } from './lesson-chart.tsx'
import { LiveRollout } from './live-rollout.tsx'
import { Progress } from './progress.tsx'
import { Warnings } from './warnings.tsx'

type Lesson = NonNullable<RunRecord['supervised']>

/** An update is all that takes time in a step. */
const pace = { stepsPerMinute: null, left: null, rollout: null, update: null, parts: { rollout: 0, scoring: 0, update: 1, other: 0 } }

function Figures({ run, lesson: { steps, evaluations } }: { run: RunRecord; lesson: Lesson }) {
  const words = t().lesson.figures
  const shown = evaluations.findLast(({ demonstrations }) => demonstrations !== null)?.demonstrations
  const played = evaluations.findLast(({ episodes }) => episodes !== null)?.episodes
  const last = steps.at(-1)
  const recent = steps.slice(-5)
  const seconds = recent.reduce((sum, step) => sum + step.seconds.update, 0)
  const rate = recent.reduce((sum, step) => sum + step.tokens.packed, 0) / Math.max(0.001, seconds)
  return (
    <dl className="figures">
      <Figure term="loss" label={words.loss} value={last ? (last.loss === null ? '–' : decimal(last.loss, 3)) : '–'} />
      <Figure term="heldOut" label={words.heldOut} value={shown ? decimal(shown.loss, 3) : '–'} />
      <Figure label={words.wellFormed} value={played ? wholePercent(1 - played.format_violations.mean) : '–'}>
        {played && words.ofReplies(played.format_violations.n)}
      </Figure>
      <Figure term="success" label={words.right} value={played ? wholePercent(played.summary.success_rate) : '–'}>
        {played && words.ofTasks(played.tasks)}
      </Figure>
      <Figure label={words.steps} value={integer(run.steps)}>
        {t().train.figures.of(run.config.steps)}
      </Figure>
      <Figure label={words.tokens} value={last ? integer(rate) : '–'}>
        {words.learnt(steps.reduce((sum, step) => sum + step.tokens.loss, 0))}
      </Figure>
    </dl>
  )
}

/** Trains from the newest adapter of a lesson that is not under way. */
function Next({ run }: { run: RunRecord }) {
  const workspace = useWorkspace()
  const live = useTraining((state) => state.live !== null)
  const newest = useRuns((state) => lastCheckpoint((state.checkpoints ?? []).filter((each) => each.run === run.key))?.key ?? null)
  const checkpoints = useRuns((state) => state.checkpoints)
  const checkpoint = checkpoints?.find(({ key }) => key === newest)
  const words = t().lesson
  if (live || !checkpoint) return null
  return (
    <p className="lesson-next">
      <Hint text={words.nextHint}>
        <Button look="primary" onClick={() => { workspace.trainFrom(checkpoint) }}>
          {words.next} <ArrowRight aria-hidden />
        </Button>
      </Hint>
    </p>
  )
}

export function LessonOnShow({ run, lesson }: { run: RunRecord; lesson: Lesson }) {
  const live = useTraining((state) => (state.live?.run === run.key ? state.live : null))
  const { steps, evaluations } = lesson
  const words = t().lesson.charts
  const played = evaluations.flatMap(({ step, episodes }) => (episodes ? [{ step, episodes }] : []))
  return (
    <>
      <Figures run={run} lesson={lesson} />
      {live && <Progress live={live} run={run} pace={pace} />}
      {live && <LiveRollout run={run.key} />}
      <Warnings run={run} steps={[]} />
      <Next run={run} />
      {steps.length === 0 && evaluations.length === 0 ? (
        <p className="quiet train-reading">{live ? t().train.chartsLater : t().train.noStep}</p>
      ) : (
        <section className="lesson-charts" aria-label={words.region}>
          <LessonChart
            title={words.loss}
            unit={words.lossUnit}
            high={null}
            show={(value) => decimal(value, 2)}
            lines={[
              { name: words.training, color: 'var(--chart-train)', dots: steps.length === 1, points: steps.flatMap(({ step, loss }) => (loss === null ? [] : [{ step, value: loss }])) },
              { name: words.heldOut, color: 'var(--chart-held)', dots: true, points: evaluations.flatMap(({ step, demonstrations }) => (demonstrations ? [{ step, value: demonstrations.loss }] : [])) },
            ]}
          />
          <LessonChart
            title={words.replies}
            unit={words.repliesUnit}
            high={1}
            show={wholePercent}
            lines={[
              { name: words.wellFormed, color: 'var(--chart-train)', dots: true, points: played.map(({ step, episodes }) => ({ step, value: 1 - episodes.format_violations.mean })) },
              { name: words.right, color: 'var(--chart-held)', dots: true, points: played.map(({ step, episodes }) => ({ step, value: episodes.summary.success_rate })) },
            ]}
          />
        </section>
      )}
    </>
  )
}
