// The run that comes with the page: what of it is where, and its names. Nobody trained it here, so it is not counted among
// the runs of this browser, and cannot be lost.
import { z } from 'zod'
import { checkpointKey, checkpointRecordSchema, runRecordSchema } from './runs.ts'

/** Key of the run; scripts/ship-run.ts makes its files. */
export const shippedRunKey = 'came-with-the-page'

/** Steps whose adapters come with it: those that were evaluated. The last one is the trained model. */
export const shippedAdapters = [16, 32, 46] as const
/** Steps whose rollouts come with it; of all others there are the numbers alone. */
export const shippedRollouts = [1, 8, 16, 32, 46] as const

/** Key of the checkpoint with which nano is the trained one. */
export const trainedAdapterKey = checkpointKey(shippedRunKey, shippedAdapters[2])

export const isShipped = (run: string | null): boolean => run === shippedRunKey

/** Its files, in one folder. */
export const shippedFiles = {
  index: 'quick.json',
  /** As the page exports a run. */
  run: 'quick.zip',
  adapter: (step: number) => `quick-${step}.safetensors`,
} as const

/** What can be listed without reading the rest. */
export const shippedIndexSchema = z.object({ run: runRecordSchema, checkpoints: z.array(checkpointRecordSchema) })
export type ShippedIndex = z.infer<typeof shippedIndexSchema>
