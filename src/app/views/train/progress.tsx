// Where the training is at this moment: the step, the part of it, how far.
import type { RunRecord } from '../../../core/training/runs.ts'
import type { TrainPart } from '../../../rpc/training.ts'
import { baseNameOf } from '../../../core/policy/model.ts'
import { t } from '../../locales/index.ts'
import { CardInUse } from './card-memory.tsx'
import type { Live } from '../../state/training.ts'
import { loadWords } from '../../ui/live-reply.tsx'
import type { Pace } from './pace.ts'

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
  const said = t().train
  const percent = (share: number) => Math.round(100 * share)
  if (live.loading) return said.loading(loadWords(live.loading.doing), percent(live.loading.share))
  if (live.part === null) return said.starting
  const between = live.step === 0 ? said.beforeFirst : said.afterStep(live.step)
  const where = live.part === 'evaluation' ? between : said.stepOf(live.step, Math.max(run.config.steps, live.step))
  const ending = live.phase === 'pausing' || live.phase === 'stopping' ? live.phase : null
  return said.progress(where, said.parts[live.part], percent(live.share), ending)
}

export function Progress({ live, run, pace }: { live: Live; run: RunRecord; pace: Pace }) {
  const parts = pace.parts ?? usual
  const total = parts.rollout + parts.scoring + parts.update
  const evaluating = live.part === 'evaluation' || live.loading !== null
  const share = live.loading?.share ?? live.share
  return (
    <div className="train-progress">
      <p role="status">{words(live, run)}</p>
      {baseNameOf(run.model) !== run.model && <CardInUse />}
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
