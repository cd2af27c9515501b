// How long the plan will take, said before it begins, and how one knows.
import { isShipped } from '../../../core/training/shipped-run.ts'
import { useRuns, useTraining } from '../../state/context.tsx'
import { t } from '../../locales/index.ts'
import { durationOf, nanoOnTwoCores, paceOfRun } from '../../state/training-pace.ts'
import { guess } from './pace.ts'

const nano = 'nano'

export interface Expected {
  words: string
  /** What the number comes from. */
  why: string
}

/** From the pace that this browser remembers, else from a run of the same model that is kept here, else from what was measured elsewhere. */
export function useDuration(): Expected {
  const plan = useTraining((state) => state.plan)
  const model = useTraining((state) => state.source.name)
  const remembered = useTraining((state) => state.paces[model])
  const runs = useRuns((state) => state.runs)
  const data = useRuns((state) => state.data)
  const words = t().train
  if (remembered) return { words: words.about(guess(durationOf(plan, remembered))), why: words.durationFrom.measured(model) }
  for (const run of runs ?? []) {
    if (isShipped(run.key)) continue
    const read = data[run.key]
    const pace = run.model === model && read?.state === 'ready' ? paceOfRun(run.config, read.steps, read.evaluations) : null
    if (!pace) continue
    const about = guess(durationOf(plan, pace))
    return run.status === 'imported' ? { words: words.aboutElsewhere(about), why: words.durationFrom.recorded } : { words: words.about(about), why: words.durationFrom.measured(model) }
  }
  if (model === nano) return { words: words.aboutTwoCores(guess(durationOf(plan, nanoOnTwoCores))), why: words.durationFrom.twoCores }
  return { words: words.durationUnknown, why: words.durationFrom.none }
}
