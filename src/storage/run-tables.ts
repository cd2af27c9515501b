// Work on the tables of training runs inside a transaction of the caller's: what a run has, what of it is kept, how it goes.
// Knows nothing of what memory holds beside the disk.
import { largestOf } from '../core/extremes.ts'
import { Dexie } from 'dexie'
import { z } from 'zod'
import type { KeptSteps } from '../core/training/kept-run.ts'
import { checkpointRecordSchema, type RunRecord } from '../core/training/runs.ts'
import type { PlaygroundDatabase } from './database.ts'
import { rowSchemas, type RowChange, type RowKey, type RowOf, type RunTable } from './run-rows.ts'
import { thinnedSteps, type StepSize } from './thinning.ts'

type StepTable = 'steps' | 'rollouts' | 'rolloutRows' | 'evaluations'
const stepTables: readonly StepTable[] = ['steps', 'rollouts', 'rolloutRows', 'evaluations']

export function apply(db: PlaygroundDatabase, { table, key, row }: RowChange): Promise<unknown> {
  return row === null ? db.table(table).delete(key) : db.table(table).put(row)
}

/** What a table has of a run, or all. Of adapters it is not known whose they are. */
export function rowsOf(db: PlaygroundDatabase, table: RunTable, run: string | null) {
  if (run === null) return db.table(table).toCollection()
  switch (table) {
    case 'runs':
      return db.table(table).where('key').equals(run)
    case 'checkpoints':
      return db.table(table).where('run').equals(run)
    case 'steps':
    case 'rollouts':
    case 'rolloutRows':
    case 'evaluations':
      return db.table(table).where('[run+step]').between([run, Dexie.minKey], [run, Dexie.maxKey])
    case 'adapters':
      return db.table(table).toCollection()
  }
}

export async function eraseRun(db: PlaygroundDatabase, run: string): Promise<void> {
  for (const table of stepTables) await rowsOf(db, table, run).delete()
  await db.table('adapters').bulkDelete(await rowsOf(db, 'checkpoints', run).primaryKeys())
  await rowsOf(db, 'checkpoints', run).delete()
  await db.table('runs').delete(run)
}

export async function eraseCheckpoint(db: PlaygroundDatabase, key: string): Promise<void> {
  await db.table('checkpoints').delete(key)
  await db.table('adapters').delete(key)
}

export async function rolloutSizes(db: PlaygroundDatabase, run: string): Promise<StepSize[]> {
  const keys = await db.table('rollouts').where('[run+step+bytes]').between([run, Dexie.minKey, Dexie.minKey], [run, Dexie.maxKey, Dexie.maxKey]).keys()
  return keys.flatMap((key) => {
    const [, step, bytes]: unknown[] = Array.isArray(key) ? key : []
    return typeof step === 'number' && typeof bytes === 'number' ? [{ step, bytes }] : []
  })
}

/** The run, and the rows that go, so that its rollouts fit their budget. */
export function thinned(run: RunRecord, sizes: readonly StepSize[], budget: number): { run: RunRecord; changes: RowChange[] } {
  const gone = thinnedSteps(sizes, budget)
  if (gone.length === 0) return { run, changes: [] }
  const kept = { ...run, rollouts_thinned: largestOf(gone, run.rollouts_thinned ?? 0) }
  const dropped = gone.flatMap((step): RowChange[] => [
    { table: 'rollouts', key: [run.key, step], row: null },
    { table: 'rolloutRows', key: [run.key, step], row: null },
  ])
  return { run: kept, changes: [{ table: 'runs', key: run.key, row: kept }, ...dropped] }
}

/** The run as it stands in the database, its checks left out; undefined: it does not. */
export async function storedRun(db: PlaygroundDatabase, key: string): Promise<Partial<RowOf<'runs'>> | undefined> {
  const row: unknown = await db.table('runs').get(key)
  return row === undefined ? undefined : (rowSchemas.runs.partial().safeParse(row).data ?? {})
}

/**
 * Writes rows of a tab that has lost its database to the one that is there now. What another tab has written there of the
 * same runs is as good and stays where it goes further; checkpoints whose adapter is not there are left out.
 */
export async function refill(db: PlaygroundDatabase, changes: readonly RowChange[]): Promise<void> {
  for (const change of changes) {
    if (change.table === 'runs' && change.row !== null && ((await storedRun(db, change.row.key))?.steps ?? -1) > change.row.steps) continue
    await apply(db, change)
  }
  const adapters = new Set(await db.table('adapters').toCollection().primaryKeys())
  for (const { table, key } of changes) if (table === 'checkpoints' && !adapters.has(key)) await db.table('checkpoints').delete(key)
}

const stepKey = z.tuple([z.string(), z.number()])
const mutable = (): { [K in keyof KeptSteps]: number[] } => ({ metrics: [], rollouts: [], adapters: [] })

/**
 * What is kept of each run, by its key.
 * @param keys of the tables, and the rows of the checkpoints
 */
export function keptByRun(keys: { steps: readonly RowKey[]; rollouts: readonly RowKey[]; adapters: readonly RowKey[] }, checkpoints: readonly unknown[]): Map<string, KeptSteps> {
  const runs = new Map<string, ReturnType<typeof mutable>>()
  const of = (run: string) => {
    const found = runs.get(run) ?? mutable()
    runs.set(run, found)
    return found
  }
  const each = (table: readonly RowKey[], take: (run: string, step: number) => void) => {
    for (const key of table) {
      const read = stepKey.safeParse(key)
      if (read.success) take(...read.data)
    }
  }
  each(keys.steps, (run, step) => of(run).metrics.push(step))
  each(keys.rollouts, (run, step) => of(run).rollouts.push(step))
  const adapters = new Set(keys.adapters)
  for (const row of checkpoints) {
    const { data } = checkpointRecordSchema.pick({ key: true, run: true, step: true, resumable: true }).safeParse(row)
    if (data && data.run !== null && data.resumable && adapters.has(data.key)) of(data.run).adapters.push(data.step)
  }
  return runs
}
