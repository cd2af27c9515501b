// Rows of training runs, as the database has them and as they must be to count as sound. Knows not how they are kept.
import { z } from 'zod'
import { recordSchema } from '../core/episode/read-record.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import { fit, misfitWords } from '../core/fit.ts'
import { evaluationMetricsSchema } from '../core/evaluation/evaluation-metrics.ts'
import { stepRowsSchema } from '../core/training/rollout-rows.ts'
import { stepMetricsSchema } from '../core/training/metrics.ts'
import type { AdapterState } from '../core/policy/trainable.ts'
import { checkpointRecordSchema, runRecordSchema } from '../core/training/runs.ts'
import { DamagedRecordError } from './errors.ts'
import { gunzipped, gzipped } from './gzip.ts'

const ofStep = { run: z.string(), step: z.number().int() }
/** A sum of finite numbers is finite in float64. */
const finite = (values: Float32Array) => Number.isFinite(values.reduce((sum, value) => sum + value, 0))
const tensors = z.map(z.string(), z.instanceof(Float32Array).refine(finite, 'holds values that are no numbers'))

export const adapterStateSchema = z.object({ step: z.number().int(), parameters: tensors, first: tensors, second: tensors }) satisfies z.ZodType<AdapterState>

/** When it was taken out of all lists, ms since 1970, until it is deleted or brought back. */
const discarded = z.number().optional()

export const rowSchemas = {
  /** By key. */
  runs: runRecordSchema.extend({ discarded }),
  /** By run and step, as the two after it. */
  steps: z.object({ ...ofStep, metrics: stepMetricsSchema }),
  /** A step's trajectories as JSON, gzipped: a third of what the database would make of the objects. */
  rollouts: z.object({ ...ofStep, bytes: z.number(), gzip: z.instanceof(Uint8Array) }),
  /** Of the rollouts of a step, as lines of a table. */
  rolloutRows: z.object({ ...ofStep, version: z.number(), rows: stepRowsSchema }),
  evaluations: z.object({ ...ofStep, evaluation: evaluationMetricsSchema }),
  /** By key, as the one after it: a list of checkpoints reads no tensors. */
  checkpoints: checkpointRecordSchema.extend({ discarded }),
  adapters: z.object({ key: z.string(), state: adapterStateSchema }),
} as const
/** A row that was taken out of all lists. */
export const discardedSchema = z.object({ key: z.string(), discarded: z.number() })

export type RunTable = keyof typeof rowSchemas
export const runTables = ['runs', 'steps', 'rollouts', 'rolloutRows', 'evaluations', 'checkpoints', 'adapters'] as const satisfies readonly RunTable[]

export type RowOf<T extends RunTable> = z.infer<(typeof rowSchemas)[T]>
export type RowKey = string | [run: string, step: number]

/** A row that is put, or one that goes. */
export type RowChange = { [T in RunTable]: { table: T; key: RowKey; row: RowOf<T> | null } }[RunTable]

/**
 * What was stored, or is to be, checked.
 * @param what names it, as the beginning of a sentence
 * @throws DamagedRecordError
 */
export function checked<S extends z.ZodType>(schema: S, stored: unknown, what: string): z.infer<S> {
  const read = fit(schema, stored)
  if (read.success) return read.data
  throw new DamagedRecordError(`${what} is damaged: ${misfitWords(read.misfit, 'the record')}.`)
}

/**
 * 32 episodes: 1.3 MB of JSON become 0.3 MB in 40 ms, where their objects would be 0.9 MB.
 * @throws DamagedRecordError for what unpackRollouts() would refuse
 */
export async function packRollouts(run: string, step: number, trajectories: readonly Trajectory[]): Promise<RowOf<'rollouts'>> {
  checked(z.array(recordSchema), trajectories, `One of the rollouts of step ${step} of the run ${run}`)
  const gzip = await gzipped(trajectories)
  return { run, step, bytes: gzip.length, gzip }
}

/** @throws DamagedRecordError */
export async function unpackRollouts(stored: unknown, run: string, step: number): Promise<Trajectory[]> {
  const what = `The record of the rollouts of step ${step} of the run ${run}`
  const { gzip } = checked(rowSchemas.rollouts, stored, what)
  return checked(z.array(recordSchema), await gunzipped(gzip, what), what)
}
