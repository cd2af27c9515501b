// One episode of those that the training plays now: its tools step by step, what it hears and does, its answer, and what it
// earned once the update is made.
import { Eye } from 'lucide-react'
import { isQuestion } from '../../../core/environments/question/task.ts'
import type { Step, Trajectory } from '../../../core/record/trajectory.ts'
import { signed } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { useTraining, useWorkspace } from '../../state/context.tsx'
import type { WatchedRollout } from '../../state/training.ts'
import { Button } from '../../ui/button.tsx'
import { phasesOf } from '../../ui/phases.ts'
import { Hint } from '../../ui/term.tsx'
import { lookOfTool } from '../../ui/tools.tsx'

/** "Add, Retrieve (failed)" */
function stepWords({ calls }: Step): string {
  const words = t().train.live
  return calls.length === 0 ? words.noTool : calls.map(({ name, ok }) => (ok ? lookOfTool(name).word : `${lookOfTool(name).word} (${words.failed})`)).join(', ')
}

function Marks({ trajectory }: { trajectory: Trajectory }) {
  return (
    <span className="live-marks" role="img" aria-label={trajectory.steps.map(stepWords).join('; ')}>
      {phasesOf(trajectory).map(({ phase, hue, word }) => (
        <span key={phase} className="live-phase" data-hue={hue}>
          <span className="label">{word}</span>
          {trajectory.steps.map((step, i) =>
            step.phase === phase ? (
              <span key={i} className="live-step" data-broken={step.violations.length > 0}>
                {step.calls.map(({ name, ok }, k) => {
                  const { hue: of, icon: Icon } = lookOfTool(name)
                  return (
                    <span key={k} data-hue={ok ? of : 'bad'}>
                      <Icon aria-hidden />
                    </span>
                  )
                })}
                {step.calls.length === 0 && <span className="live-dot" />}
              </span>
            ) : null,
          )}
        </span>
      ))}
    </span>
  )
}

/** The newest message that the environment said. */
function heardIn({ steps }: Trajectory): string | null {
  const events = steps.at(-1)?.before ?? []
  const said = events.flatMap((event) => (event.type === 'stm.append' && (event.message.kind === 'message' || event.message.kind === 'query') ? [event.message.content] : []))
  return said.at(-1) ?? null
}

function Said({ watched: { trajectory, outcome } }: { watched: WatchedRollout }) {
  const words = t().train.live
  const answer = trajectory.steps.at(-1)?.phase === 'answer' ? (trajectory.steps.at(-1)?.answer ?? null) : null
  const heard = heardIn(trajectory)
  if (answer === null) {
    return (
      <p className="live-said">
        {heard !== null && (
          <>
            <span className="quiet">{words.hears}</span> {heard}
          </>
        )}
      </p>
    )
  }
  return (
    <p className="live-said">
      {isQuestion(trajectory.task) && <span className="quiet">{trajectory.task.query}</span>} {words.answer} <strong className="wrote">{answer}</strong>{' '}
      {isQuestion(trajectory.task) && <span className="quiet">({words.right(trajectory.task.answer)})</span>}{' '}
      {outcome && <span className="number">{words.outcome(signed(outcome.reward), signed(outcome.advantage))}</span>}
    </p>
  )
}

export function LiveRollout({ run }: { run: string }) {
  const workspace = useWorkspace()
  const watched = useTraining((state) => (state.watched?.run === run ? state.watched : null))
  const training = useTraining((state) => (state.live?.part === 'evaluation' ? 'evaluation' : 'step'))
  if (!watched) return null
  const words = t().train.live
  const { batch } = watched.trajectory.id
  return (
    <section className="live-rollout" aria-label={words.label}>
      <header>
        <h3 className="label">{training === 'evaluation' ? words.test(batch) : words.title(batch)}</h3>
        <Marks trajectory={watched.trajectory} />
      </header>
      <Hint text={words.watchHint}>
        <Button size="small" onClick={() => { workspace.watchLive() }}>
          <Eye aria-hidden /> {words.watch}
        </Button>
      </Hint>
      <Said watched={watched} />
    </section>
  )
}
