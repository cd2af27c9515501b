// Comparisons as they are kept: who played which held-out tasks, and what came of it. Knows no database.
import { z } from 'zod'
import { policySpecSchema } from '../record/setup.ts'
import type { Trajectory } from '../record/trajectory.ts'
import { evaluationMetricsSchema } from './evaluation-metrics.ts'

const participantSchema = z.object({
  /** What it was called then. */
  name: z.string(),
  policy: policySpecSchema,
  /** Who tended the memory; left out: AgeMem. */
  agent: z.string().optional(),
  evaluation: evaluationMetricsSchema,
})
export type Participant = z.infer<typeof participantSchema>

export const comparisonSchema = z.object({
  key: z.string(),
  /** ms since 1970. */
  created: z.number(),
  tasks: z.number().int().positive(),
  seed: z.number().int(),
  /** Key of the run whose difficulty and limits it has; null: of the preset. */
  run: z.string().nullable(),
  /** In the order in which they were chosen: the first is what the others are measured against. */
  participants: z.array(participantSchema).min(1),
})
export type Comparison = z.infer<typeof comparisonSchema>

export interface ComparisonStore {
  /** @param trajectories of each participant, one a task. Resolves with saved = false when only memory could take it */
  put(comparison: Comparison, trajectories: readonly (readonly Trajectory[])[]): Promise<{ saved: boolean }>
  /** Newest first; those that are damaged are left out. */
  list(): Promise<Comparison[]>
  /** null: it is not kept. @throws DamagedRecordError */
  trajectories(key: string): Promise<Trajectory[][] | null>
  delete(key: string): Promise<void>
}
