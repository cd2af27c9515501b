// Which checkpoints of a run there are: how they are called, and which of them go when newer ones come. Knows no store.
import { largestOf } from '../extremes.ts'
import type { TrainConfig } from './config.ts'
import { checkpointKey, checkpointName, type CheckpointRecord, type RunRecord } from './runs.ts'

/** So many of a run are kept by themselves; then the distance between them doubles. */
const most = 32

/** Steps between kept checkpoints, when there is no evaluation to go by. */
const usualSpacing = 10

export function checkpointOf({ key, model, config: { lora } }: RunRecord, step: number, created: number): CheckpointRecord {
  return { key: checkpointKey(key, step), run: key, name: checkpointName(step), step, created, model, lora, evaluation: null, resumable: true }
}

/**
 * Those of a run that need not be kept: not the last one, from which it goes on, none that somebody named, and every
 * n-th one stays, where n goes by the evaluations.
 */
export function surplusCheckpoints(records: readonly CheckpointRecord[], { evaluation }: Pick<TrainConfig, 'evaluation'>): CheckpointRecord[] {
  const last = largestOf(records.map(({ step }) => step), 0)
  let spacing = evaluation.every || usualSpacing
  while (last / spacing > most) spacing *= 2
  return records.filter(({ step, name }) => step !== last && step % spacing !== 0 && name === checkpointName(step))
}

/** The checkpoint that a run goes on from. */
export function lastCheckpoint(records: readonly CheckpointRecord[]): CheckpointRecord | null {
  return records.filter(({ resumable }) => resumable).reduce<CheckpointRecord | null>((last, each) => (last && last.step >= each.step ? last : each), null)
}
