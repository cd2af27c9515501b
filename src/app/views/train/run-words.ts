// How far a run got and what of it is gone, in words. Pure.
import { lockOfRun, type CheckpointRecord, type RunRecord, type Stretch } from '../../../core/training/runs.ts'
import { count, integer } from '../../format.ts'

/** "1 to 5 and 7" */
export function stretchWords(stretches: readonly Stretch[]): string {
  const each = stretches.map(([first, last]) => (first === last ? integer(first) : `${integer(first)} to ${integer(last)}`))
  return each.length < 2 ? each.join('') : `${each.slice(0, -1).join(', ')} and ${each.at(-1) ?? ''}`
}

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
const stepsNamed = (stretches: readonly Stretch[]) => `${one(stretches) ? 'step' : 'steps'} ${stretchWords(stretches)}`

/** What is gone, as a sentence; null: nothing. */
export function goneWords({ gone }: Pick<RunRecord, 'gone'>): string | null {
  if (!gone) return null
  const rollouts = without(gone.rollouts, gone.steps)
  const parts = [...(gone.steps.length > 0 ? [stepsNamed(gone.steps)] : []), ...(rollouts.length > 0 ? [`the rollouts of ${stepsNamed(rollouts)}`] : [])]
  return parts.length === 0 ? null : `Not kept any more: ${parts.join(', and ')}.`
}

/** Does the record's own word for it say that it is under way, while nobody makes steps? @param held names of locks */
export function isInterrupted({ status, key }: Pick<RunRecord, 'status' | 'key'>, live: string | null, held: ReadonlySet<string>): boolean {
  return status === 'running' && key !== live && !held.has(lockOfRun(key))
}

/** How far it got, and where Resume goes on. @param checkpoints of whatever runs */
export function interruptedWords(run: RunRecord, checkpoints: readonly CheckpointRecord[]): string {
  const from = checkpoints.filter((each) => each.run === run.key && each.resumable).reduce((last, { step }) => Math.max(last, step), 0)
  const far = `${integer(run.steps)} of ${count(run.config.steps, 'step')} ${run.steps === 1 ? 'is' : 'are'} kept`
  if (from === run.steps) return run.steps === 0 ? `No step of ${integer(run.config.steps)} was finished; Resume begins again.` : `${far}; Resume goes on from there.`
  if (from === 0) return `${far}, but no adapter; Resume begins again and makes ${run.steps === 1 ? 'it' : 'them'} again, with the same outcome.`
  const again = run.steps - from === 1 ? `step ${integer(run.steps)}` : `steps ${integer(from + 1)} to ${integer(run.steps)}`
  return `${far}; Resume goes on from the adapter after step ${integer(from)} and makes ${again} again, with the same outcome.`
}
