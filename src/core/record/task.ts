// What every task has, whatever family it is of. The record knows no more of it; the whole is its family's.
import { z } from 'zod'

export const splitSchema = z.enum(['train', 'held-out', 'none'])

export const anyTaskSchema = z.looseObject({
  id: z.string(),
  /** Left out: a question over what was told. */
  family: z.string().optional(),
  /** Where tasks like it come from: a generator, a data set. */
  source: z.string(),
  /** What kind of task it is among those of its family. */
  kind: z.string(),
  split: splitSchema,
})

/** The general part alone. */
export type AnyTask = Pick<z.infer<typeof anyTaskSchema>, 'id' | 'family' | 'source' | 'kind' | 'split'>
