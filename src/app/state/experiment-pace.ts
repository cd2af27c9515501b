// How an experiment goes on, and how long it still takes, by what its cells and steps took so far.
import type { ExperimentProgress } from '../../core/experiments/run.ts'
import type { LiveExperiment, Part } from './experiments.ts'

const partOf = ({ doing }: ExperimentProgress): Part => (doing.kind === 'cell' ? 'cells' : 'steps')
/** Cells or steps that are made, that under way included. */
const madeOf = (progress: ExperimentProgress, part: Part): number => progress[part].done + (part === 'cells' && progress.doing.kind === 'cell' && progress.doing.share < 1 ? progress.doing.share : 0)

/** With what was told now. */
export function toldOf(live: LiveExperiment, progress: ExperimentProgress, now: number): LiveExperiment {
  const before = live.progress
  const part = partOf(before ?? progress)
  const { ms, made } = live.spent[part]
  const more = before ? Math.max(0, madeOf(progress, part) - madeOf(before, part)) : 0
  return { ...live, progress, told: now, spent: { ...live.spent, [part]: { ms: ms + now - live.told, made: made + more } } }
}

/** Seconds that are left, by what cells and steps took so far; null: of one of them nothing was made yet. */
export function secondsLeft({ progress, spent }: LiveExperiment): number | null {
  if (!progress) return null
  const left = (['cells', 'steps'] as const).map((part) => {
    const open = progress[part].of - madeOf(progress, part)
    const { ms, made } = spent[part]
    return open <= 0 ? 0 : made < 0.2 ? null : (open * ms) / made / 1000
  })
  return left.reduce<number | null>((sum, each) => (sum === null || each === null ? null : sum + each), 0)
}
