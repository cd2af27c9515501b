// How far a run got and what of it is gone, in words. Pure.
import { lockOfRun, type CheckpointRecord, type RunRecord, type Stretch } from '../../../core/training/runs.ts'
import { t } from '../../locales/index.ts'

/** "1 to 5 and 7" */
export const stretchWords = (stretches: readonly Stretch[]): string => t().runs.stretches(stretches)

/** Those of the stretches that do not lie in the others. */
export function without(stretches: readonly Stretch[], others: readonly Stretch[]): Stretch[] {
  return others.reduce<Stretch[]>(
    (left, [from, to]) =>
      left.flatMap(([first, last]): Stretch[] => {
        if (to < first || from > last) return [[first, last]]
        return [...(first < from ? [[first, from - 1] satisfies Stretch] : []), ...(last > to ? [[to + 1, last] satisfies Stretch] : [])]
      }),
    [...stretches],
  )
}

const one = (stretches: readonly Stretch[]) => stretches.length === 1 && stretches[0]?.[0] === stretches[0]?.[1]
const stepsNamed = (stretches: readonly Stretch[]) => t().runs.stepsNamed(stretchWords(stretches), one(stretches))

/** What is gone, as a sentence; null: nothing. */
export function goneWords({ gone }: Pick<RunRecord, 'gone'>): string | null {
  if (!gone) return null
  const words = t().runs
  const rollouts = without(gone.rollouts, gone.steps)
  const parts = [...(gone.steps.length > 0 ? [stepsNamed(gone.steps)] : []), ...(rollouts.length > 0 ? [words.rolloutsOf(stepsNamed(rollouts))] : [])]
  return parts.length === 0 ? null : words.notKept(parts)
}

/** Does the record's own word for it say that it is under way, while nobody makes steps? @param held names of locks */
export function isInterrupted({ status, key }: Pick<RunRecord, 'status' | 'key'>, live: string | null, held: ReadonlySet<string>): boolean {
  return status === 'running' && key !== live && !held.has(lockOfRun(key))
}

/** How far it got, and where Resume goes on. @param checkpoints of whatever runs */
export function interruptedWords(run: RunRecord, checkpoints: readonly CheckpointRecord[]): string {
  const words = t().runs.interrupted
  const { steps, config: { steps: planned } } = run
  const from = checkpoints.filter((each) => each.run === run.key && each.resumable).reduce((last, { step }) => Math.max(last, step), 0)
  if (from === steps) return steps === 0 ? words.nothing(planned) : words.goesOn(steps, planned)
  return from === 0 ? words.fromStart(steps, planned) : words.again(steps, planned, from)
}
