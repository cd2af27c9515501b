// Where the training is at this moment: the step, the part of it, how far.
import type { RunRecord } from '../../../core/training/runs.ts'
import type { TrainPart } from '../../../rpc/training.ts'
import type { Live } from '../../state/training.ts'
import type { Pace } from './pace.ts'

const partWords: Record<TrainPart, string> = {
  rollout: 'plays the rollouts',
  scoring: 'scores them and asks the base model',
  update: 'updates the adapter',
  evaluation: 'plays held-out tasks',
  saving: 'writes to the disk',
}

/** Parts of a step, in order; the others come between steps. */
const ofStep = ['rollout', 'scoring', 'update'] as const
type StepPart = (typeof ofStep)[number]
const isOfStep = (part: TrainPart | null): part is StepPart => ofStep.some((each) => each === part)

/** Shares of a step when none was made yet. */
const usual = { rollout: 0.6, scoring: 0.1, update: 0.3 }

/** How full each part's piece of the bar is. */
function fillOf(part: StepPart, live: Live): number {
  if (!isOfStep(live.part)) return live.part === 'saving' ? 1 : 0
  const at = ofStep.indexOf(live.part)
  const own = ofStep.indexOf(part)
  return own < at ? 1 : own > at ? 0 : live.share
}

function words(live: Live, run: RunRecord): string {
  if (live.loading) return `${live.loading.doing}: ${Math.round(100 * live.loading.share)} %`
  if (live.part === null) return 'Starting'
  const where = live.part === 'evaluation' ? (live.step === 0 ? 'Before training' : `After step ${live.step}`) : `Step ${live.step} of ${Math.max(run.config.steps, live.step)}`
  const ending = live.phase === 'pausing' ? ', then it pauses' : live.phase === 'stopping' ? ', and is stopping' : ''
  return `${where}: ${partWords[live.part]}, ${Math.round(100 * live.share)} %${ending}`
}

export function Progress({ live, run, pace }: { live: Live; run: RunRecord; pace: Pace }) {
  const parts = pace.parts ?? usual
  const total = parts.rollout + parts.scoring + parts.update
  const evaluating = live.part === 'evaluation' || live.loading !== null
  const share = live.loading?.share ?? live.share
  return (
    <div className="train-progress">
      <p role="status">{words(live, run)}</p>
      <div className="train-bar" aria-hidden>
        {evaluating ? (
          <span className="train-bar-part" data-part="evaluation" style={{ flexGrow: 1 }}>
            <span style={{ width: `${100 * share}%` }} />
          </span>
        ) : (
          ofStep.map((part) => (
            <span key={part} className="train-bar-part" data-part={part} style={{ flexGrow: Math.max(0.04, parts[part] / total) }}>
              <span style={{ width: `${100 * fillOf(part, live)}%` }} />
            </span>
          ))
        )}
      </div>
    </div>
  )
}
