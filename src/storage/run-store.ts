// Training runs on IndexedDB. A step is written with its rollouts and adapter in one transaction; what the disk does
// not take is held in memory until a reconnection. Everything that is read is checked.
import { Dexie } from 'dexie'
import type { Trajectory } from '../core/episode/trajectory.ts'
import { evaluationMetricsSchema, stepMetricsSchema, type EvaluationMetrics, type StepMetrics } from '../core/grpo/metrics.ts'
import type { AdapterState } from '../core/policy/trainable.ts'
import { checkpointRecordSchema, runRecordSchema, type Checkpoint, type CheckpointRecord, type RunRecord, type RunStore } from '../core/runs.ts'
import type { Connection } from './connection.ts'
import type { PlaygroundDatabase } from './database.ts'
import { HeldRows, idOf } from './held-rows.ts'
import { adapterStateSchema, checked, packRollouts, rowSchemas, runTables, unpackRollouts, type RowChange, type RowKey, type RunTable } from './run-rows.ts'
import { rolloutBudget, thinnedSteps, type StepSize } from './thinning.ts'

type StepTable = 'steps' | 'rollouts' | 'evaluations'
const stepTables: readonly StepTable[] = ['steps', 'rollouts', 'evaluations']

function apply(db: PlaygroundDatabase, { table, key, row }: RowChange): Promise<unknown> {
  return row === null ? db.table(table).delete(key) : db.table(table).put(row)
}

/** What a table has of a run, or all. */
function rowsOf(db: PlaygroundDatabase, table: RunTable, run: string | null) {
  if (run === null) return db.table(table).toCollection()
  if (table === 'checkpoints') return db.table(table).where('run').equals(run)
  return db.table(table).where('[run+step]').between([run, Dexie.minKey], [run, Dexie.maxKey])
}

async function eraseRun(db: PlaygroundDatabase, run: string): Promise<void> {
  for (const table of stepTables) await rowsOf(db, table, run).delete()
  await db.table('adapters').bulkDelete(await rowsOf(db, 'checkpoints', run).primaryKeys())
  await rowsOf(db, 'checkpoints', run).delete()
  await db.table('runs').delete(run)
}

async function rolloutSizes(db: PlaygroundDatabase, run: string): Promise<StepSize[]> {
  const keys = await db.table('rollouts').where('[run+step+bytes]').between([run, Dexie.minKey, Dexie.minKey], [run, Dexie.maxKey, Dexie.maxKey]).keys()
  return keys.flatMap((key) => {
    const [, step, bytes]: unknown[] = Array.isArray(key) ? key : []
    return typeof step === 'number' && typeof bytes === 'number' ? [{ step, bytes }] : []
  })
}

/** The run, and the rows that go, so that its rollouts fit their budget. */
function thinned(run: RunRecord, sizes: readonly StepSize[], budget: number): { run: RunRecord; changes: RowChange[] } {
  const gone = thinnedSteps(sizes, budget)
  if (gone.length === 0) return { run, changes: [] }
  const kept = { ...run, rollouts_thinned: Math.max(run.rollouts_thinned ?? 0, ...gone) }
  const dropped = gone.map((step): RowChange => ({ table: 'rollouts', key: [run.key, step], row: null }))
  return { run: kept, changes: [{ table: 'runs', key: run.key, row: kept }, ...dropped] }
}

export class DexieRunStore implements RunStore {
  readonly #connection: Connection
  readonly #budget: number
  readonly #held = new HeldRows()
  /** Runs that were deleted while the disk could not be reached. */
  readonly #erased = new Set<string>()

  /** @param budget bytes that the rollouts of one run may take */
  constructor(connection: Connection, budget = rolloutBudget) {
    this.#connection = connection
    this.#budget = budget
    connection.onReconnect(async (db, fresh) => {
      await db.transaction('rw', runTables, async () => {
        if (!fresh) for (const run of this.#erased) await eraseRun(db, run)
        for (const change of this.#held.lacking(fresh)) await apply(db, change)
      })
      this.#erased.clear()
      this.#held.settle()
    })
  }

  async putRun(given: RunRecord): Promise<{ saved: boolean }> {
    const run = checked(runRecordSchema, given, `The run ${given.key}`)
    return this.#connection.exclusive(() => this.#put([{ table: 'runs', key: run.key, row: run }], run.key))
  }

  async listRuns(): Promise<RunRecord[]> {
    const rows = await this.#list('runs', null)
    const runs = rows.flatMap((row) => runRecordSchema.safeParse(row).data ?? [])
    return runs.sort((a, b) => b.created - a.created || (a.key < b.key ? -1 : 1))
  }

  async getRun(key: string): Promise<RunRecord | null> {
    const row = await this.#get('runs', key, key)
    return row === null ? null : checked(runRecordSchema, row, `The run ${key}`)
  }

  deleteRun(key: string): Promise<void> {
    return this.#connection.exclusive(async () => {
      this.#held.forget(key)
      // Tried on a full disk too: this is how space is made.
      const { done } = await this.#connection.read((db) => db.transaction('rw', runTables, () => eraseRun(db, key)))
      if (!done) this.#erased.add(key)
    })
  }

  async putStep(givenRun: RunRecord, givenMetrics: StepMetrics, trajectories: Trajectory[], checkpoint: Checkpoint | null = null): Promise<{ saved: boolean; run: RunRecord }> {
    const run = checked(runRecordSchema, givenRun, `The run ${givenRun.key}`)
    const metrics = checked(stepMetricsSchema, givenMetrics, `The record of step ${givenMetrics.step} of the run ${run.key}`)
    const key: RowKey = [run.key, metrics.step]
    // Before the transaction, which would end while it waits for something else than the database.
    const rollouts = await packRollouts(run.key, metrics.step, trajectories)
    const changes: RowChange[] = [
      { table: 'steps', key, row: { run: run.key, step: metrics.step, metrics } },
      { table: 'rollouts', key, row: rollouts },
      ...(checkpoint ? checkpointChanges(checkpoint) : []),
      { table: 'runs', key: run.key, row: run },
    ]
    return this.#connection.exclusive(async () => {
      const attempt = await this.#connection.write((db) =>
        db.transaction('rw', runTables, async () => {
          for (const change of changes) await apply(db, change)
          const after = thinned(run, await rolloutSizes(db, run.key), this.#budget)
          for (const change of after.changes) await apply(db, change)
          return after
        }),
      )
      this.#held.note(changes, run.key, attempt.done)
      const after = attempt.done ? attempt.value : thinned(run, this.#heldSizes(run.key), this.#budget)
      this.#held.note(after.changes, run.key, attempt.done)
      return { saved: attempt.done, run: after.run }
    })
  }

  async steps(run: string): Promise<StepMetrics[]> {
    const rows = await this.#list('steps', run)
    return rows.map((row) => checked(rowSchemas.steps, row, `The record of a step of the run ${run}`).metrics).sort((a, b) => a.step - b.step)
  }

  async rollouts(run: string, step: number): Promise<Trajectory[]> {
    const row = await this.#get('rollouts', [run, step], run)
    return row === null ? [] : unpackRollouts(row, run, step)
  }

  async putEvaluation(run: string, given: EvaluationMetrics): Promise<{ saved: boolean }> {
    const { step } = given
    const evaluation = checked(evaluationMetricsSchema, given, `The evaluation at step ${step} of the run ${run}`)
    return this.#connection.exclusive(() => this.#put([{ table: 'evaluations', key: [run, step], row: { run, step, evaluation } }], run))
  }

  async evaluations(run: string): Promise<EvaluationMetrics[]> {
    const rows = await this.#list('evaluations', run)
    return rows.map((row) => checked(rowSchemas.evaluations, row, `An evaluation of the run ${run}`).evaluation).sort((a, b) => a.step - b.step)
  }

  async putCheckpoint(record: CheckpointRecord, state: AdapterState): Promise<{ saved: boolean }> {
    const changes = checkpointChanges({ record, state })
    return this.#connection.exclusive(() => this.#put(changes, record.run))
  }

  async updateCheckpoint(given: CheckpointRecord): Promise<void> {
    const record = checked(checkpointRecordSchema, given, `The checkpoint ${given.name}`)
    return this.#connection.exclusive(async () => {
      if ((await this.#find('checkpoints', record.key, record.run)) === null) return
      await this.#put([{ table: 'checkpoints', key: record.key, row: record }], record.run)
    })
  }

  async checkpoints(run?: string): Promise<CheckpointRecord[]> {
    const rows = await this.#list('checkpoints', run ?? null)
    const records = rows.flatMap((row) => checkpointRecordSchema.safeParse(row).data ?? [])
    return records.filter((record) => record.run === null || !this.#erased.has(record.run)).sort((a, b) => b.created - a.created || b.step - a.step || (a.key < b.key ? -1 : 1))
  }

  async checkpointState(key: string): Promise<AdapterState | null> {
    const row = await this.#get('adapters', key, null)
    return row === null ? null : checked(rowSchemas.adapters, row, `The adapter of the checkpoint ${key}`).state
  }

  deleteCheckpoint(key: string): Promise<void> {
    return this.#connection.exclusive(async () => {
      const changes: RowChange[] = [{ table: 'checkpoints', key, row: null }, { table: 'adapters', key, row: null }]
      const { done } = await this.#connection.read((db) =>
        db.transaction('rw', runTables, async () => {
          for (const change of changes) await apply(db, change)
        }),
      )
      this.#held.note(changes, null, done)
    })
  }

  async #put(changes: readonly RowChange[], run: string | null): Promise<{ saved: boolean }> {
    const { done } = await this.#connection.write((db) =>
      db.transaction('rw', runTables, async () => {
        for (const change of changes) await apply(db, change)
      }),
    )
    this.#held.note(changes, run, done)
    return { saved: done }
  }

  #get(table: RunTable, key: RowKey, run: string | null): Promise<unknown> {
    return this.#connection.exclusive(() => this.#find(table, key, run))
  }

  /** The row; null when there is none. @param run that it belongs to, where that is known */
  async #find(table: RunTable, key: RowKey, run: string | null): Promise<unknown> {
    const found = this.#held.get(table, key, !this.#connection.readable)
    if (found) return found.row
    if (run !== null && this.#erased.has(run)) return null
    const read = await this.#connection.read(async (db): Promise<unknown> => db.table(table).get(key))
    return (read.done ? read.value : this.#held.get(table, key, true)?.row) ?? null
  }

  #list(table: RunTable, run: string | null): Promise<unknown[]> {
    return this.#connection.exclusive(async () => {
      const read = await this.#connection.read((db) =>
        db.transaction('r', table, async () => {
          const rows = rowsOf(db, table, run)
          const [keys, values]: [unknown[], unknown[]] = [await rows.primaryKeys(), await rows.toArray()]
          return { keys, values }
        }),
      )
      const { keys, values } = read.done && !(run !== null && this.#erased.has(run)) ? read.value : { keys: [], values: [] }
      const stored = new Map(keys.map((key, i): [string, unknown] => [JSON.stringify(key), values[i]]))
      if (table === 'runs') for (const key of this.#erased) stored.delete(idOf(key))
      return [...this.#held.over(table, run, stored, !read.done).values()]
    })
  }

  #heldSizes(run: string): StepSize[] {
    const rows = [...this.#held.over('rollouts', run, new Map(), false).values()]
    return rows.flatMap((row) => rowSchemas.rollouts.safeParse(row).data ?? []).sort((a, b) => a.step - b.step)
  }
}

/** The adapter first: what is held of checkpoints follows it. */
function checkpointChanges({ record, state }: Checkpoint): RowChange[] {
  const { key, name } = record
  return [
    { table: 'adapters', key, row: { key, state: structuredClone(checked(adapterStateSchema, state, `The adapter of the checkpoint ${name}`)) } },
    { table: 'checkpoints', key, row: checked(checkpointRecordSchema, record, `The checkpoint ${name}`) },
  ]
}
