// A family of tasks: their form, how one is played, and where they come from. What plays, trains, evaluates and shows
// goes by this interface, so that a new family is a folder and its line in families.ts.
import type { z } from 'zod'
import type { Observation } from '../record/observation.ts'
import type { EpisodeSettings } from '../record/trajectory.ts'
import type { Environment } from './environment.ts'

export type Split = 'train' | 'held-out'

export interface Family<T> {
  /** Of a task, as it is recorded. */
  schema: z.ZodType<T>
  /** In the order in which they are played. */
  phases: readonly string[]
  open(task: T, settings: EpisodeSettings): Environment
  /** All that is heard in this order whatever is replied, where that is known before; else what is known of it. */
  heard(task: T, settings: EpisodeSettings): readonly Observation[]
}
