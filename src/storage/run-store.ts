// Training runs on IndexedDB. A step is written with its rollouts and adapter in one transaction; what the disk does
// not take is held in memory until a reconnection. Everything that is read is checked, and claims only what is kept.
import { asWritten, borneOut } from '../core/training/kept-run.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import { evaluationMetricsSchema, type EvaluationMetrics } from '../core/evaluation/evaluation-metrics.ts'
import { stepRowsOf, stepRowsVersion, type StepRows } from '../core/training/rollout-rows.ts'
import { stepMetricsSchema, type StepMetrics } from '../core/training/metrics.ts'
import type { AdapterState } from '../core/policy/trainable.ts'
import { checkpointRecordSchema, runRecordSchema, type Checkpoint, type CheckpointRecord, type RunRecord, type RunStore } from '../core/training/runs.ts'
import type { Connection } from './connection.ts'
import type { PlaygroundDatabase } from './database.ts'
import { HeldRows, idOf, keyOf } from './held-rows.ts'
import { adapterStateSchema, checked, discardedSchema, packRollouts, rowSchemas, runTables, unpackRollouts, type RowChange, type RowKey, type RowOf, type RunTable } from './run-rows.ts'
import { apply, eraseCheckpoint, eraseRun, keptByRun, refill, rolloutSizes, rowsOf, storedRun, thinned } from './run-tables.ts'
import { rolloutBudget, type StepSize } from './thinning.ts'

/** What tables have, by id; of tables of which only keys were asked for, without the rows. */
type Gathered = (table: RunTable) => Map<string, unknown>

const keysOf = (rows: Map<string, unknown>): RowKey[] => [...rows.keys()].map(keyOf).filter((key) => key !== undefined)

const isDiscarded = (row: unknown): boolean => discardedSchema.safeParse(row).success

/** What a record's reading needs beside its row. */
const evidence = { rows: ['checkpoints'], keys: ['steps', 'rollouts', 'adapters'] } as const satisfies Record<string, readonly RunTable[]>

export class DexieRunStore implements RunStore {
  readonly #connection: Connection
  readonly #budget: number
  readonly #held = new HeldRows()
  /** Runs that were deleted while the disk could not be reached. */
  readonly #erased = new Set<string>()
  /** Runs that were seen in the database: when one is not there any more, another tab has deleted it. */
  #seen = new Set<string>()

  /** @param budget bytes that the rollouts of one run may take */
  constructor(connection: Connection, budget = rolloutBudget) {
    this.#connection = connection
    this.#budget = budget
    connection.onReconnect(async (db, fresh) => {
      await db.transaction('rw', runTables, async () => {
        if (!fresh) for (const run of this.#erased) await eraseRun(db, run)
        const changes = this.#held.lacking(fresh)
        if (fresh) await refill(db, changes)
        else for (const change of changes) await apply(db, change)
      })
      this.#erased.clear()
      this.#held.settle()
      // The records of the runs say themselves what of them is gone.
      if (fresh) this.#seen = new Set((await db.table('runs').toCollection().primaryKeys()).map(String))
      return { episodes: 0 }
    })
  }

  async putRun(given: RunRecord): Promise<{ saved: boolean }> {
    const run = asWritten(checked(runRecordSchema, given, `The run ${given.key}`))
    return this.#connection.exclusive(() => this.#put([{ table: 'runs', key: run.key, row: run }], run.key))
  }

  async listRuns(): Promise<RunRecord[]> {
    const gathered = await this.#gather(null, ['runs', ...evidence.rows], evidence.keys)
    const runs = [...gathered('runs').values()].filter((row) => !isDiscarded(row)).flatMap((row) => runRecordSchema.safeParse(row).data ?? [])
    return runs.map((run) => this.#borneOut(run, gathered)).sort((a, b) => b.created - a.created || (a.key < b.key ? -1 : 1))
  }

  async getRun(key: string): Promise<RunRecord | null> {
    const gathered = await this.#gather(key, ['runs', ...evidence.rows], evidence.keys)
    const row = gathered('runs').get(idOf(key))
    return row === undefined || isDiscarded(row) ? null : this.#borneOut(checked(runRecordSchema, row, `The run ${key}`), gathered)
  }

  deleteRun(key: string): Promise<void> {
    return this.#connection.exclusive(async () => {
      this.#held.forget(key)
      this.#seen.delete(key)
      // Tried on a full disk too: this is how space is made.
      const { done } = await this.#connection.read((db) => db.transaction('rw', runTables, () => eraseRun(db, key)))
      if (!done) this.#erased.add(key)
    })
  }

  discard(what: 'runs' | 'checkpoints', key: string, at: number | null): Promise<void> {
    return this.#connection.exclusive(async () => {
      const stored = await this.#find(what, key, what === 'runs' ? key : null)
      if (stored === null) return
      const discarded = at ?? undefined
      const change: RowChange =
        what === 'runs'
          ? { table: what, key, row: { ...checked(rowSchemas.runs, stored, `The run ${key}`), discarded } }
          : { table: what, key, row: { ...checked(rowSchemas.checkpoints, stored, `The checkpoint ${key}`), discarded } }
      const { done } = await this.#connection.write((db) => apply(db, change))
      this.#held.note([change], what === 'runs' ? key : null, done)
    })
  }

  async sweep(before: number): Promise<void> {
    const gathered = await this.#gather(null, ['runs', 'checkpoints'], [])
    const due = (table: RunTable) => [...gathered(table).values()].flatMap((row) => discardedSchema.safeParse(row).data ?? []).filter(({ discarded }) => discarded < before)
    for (const { key } of due('runs')) await this.deleteRun(key)
    for (const { key } of due('checkpoints')) await this.deleteCheckpoint(key)
  }

  async putStep(givenRun: RunRecord, givenMetrics: StepMetrics, trajectories: Trajectory[], checkpoint: Checkpoint | null = null): Promise<{ saved: boolean; run: RunRecord }> {
    const run = asWritten(checked(runRecordSchema, givenRun, `The run ${givenRun.key}`))
    const metrics = checked(stepMetricsSchema, givenMetrics, `The record of step ${givenMetrics.step} of the run ${run.key}`)
    const key: RowKey = [run.key, metrics.step]
    // Before the transaction, which would end while it waits for something else than the database.
    const rollouts = trajectories.length === 0 ? null : await packRollouts(run.key, metrics.step, trajectories)
    const changesWith = (rolloutRows: RowOf<'rolloutRows'> | null): RowChange[] => [
      { table: 'steps', key, row: { run: run.key, step: metrics.step, metrics } },
      { table: 'rollouts', key, row: rollouts },
      { table: 'rolloutRows', key, row: rolloutRows },
      ...(checkpoint ? checkpointChanges(checkpoint) : []),
      { table: 'runs', key: run.key, row: run },
    ]
    const saved = await this.#connection.exclusive(async () => {
      const changes = changesWith(rollouts && rowsOfStep(run, metrics.step, trajectories))
      const attempt = await this.#connection.write((db) =>
        db.transaction('rw', runTables, async () => {
          if (await this.#wasDeleted(db, run.key)) return null
          for (const change of changes) await apply(db, change)
          const after = thinned(run, await rolloutSizes(db, run.key), this.#budget)
          for (const change of after.changes) await apply(db, change)
          return after
        }),
      )
      if (attempt.done && attempt.value === null) throw this.#deleted(run.key)
      if (attempt.done) this.#seen.add(run.key)
      this.#held.note(changes, run.key, attempt.done)
      const after = (attempt.done ? attempt.value : null) ?? thinned(run, this.#heldSizes(run.key), this.#budget)
      this.#held.note(after.changes, run.key, attempt.done)
      return attempt.done
    })
    return { saved, run: (await this.getRun(run.key)) ?? run }
  }

  async steps(run: string): Promise<StepMetrics[]> {
    const gathered = await this.#gather(run, ['steps'], [])
    const rows = [...gathered('steps').values()].map((row) => checked(rowSchemas.steps, row, `The record of a step of the run ${run}`))
    return rows.map(({ metrics }) => metrics).sort((a, b) => a.step - b.step)
  }

  async rollouts(run: string, step: number): Promise<Trajectory[]> {
    const row = await this.#connection.exclusive(() => this.#find('rollouts', [run, step], run))
    return row === null ? [] : unpackRollouts(row, run, step)
  }

  async rolloutRows(run: string, step: number): Promise<StepRows | null> {
    const key: RowKey = [run, step]
    const stored = await this.#connection.exclusive(() => this.#find('rolloutRows', key, run))
    const { data } = rowSchemas.rolloutRows.safeParse(stored)
    if (data?.version === stepRowsVersion) return data.rows
    const [record, trajectories] = [await this.getRun(run), await this.rollouts(run, step)]
    if (!record || trajectories.length === 0) return null
    const row = rowsOfStep(record, step, trajectories)
    // An earlier release wrote none.
    await this.#connection.exclusive(() => this.#connection.write((db) =>
      db.transaction('rw', ['rollouts', 'rolloutRows'], async () => {
        const there = await db.table('rollouts').where('[run+step]').equals([run, step]).count()
        if (there > 0) await apply(db, { table: 'rolloutRows', key, row })
      }),
    ))
    return row.rows
  }

  async putEvaluation(run: string, given: EvaluationMetrics): Promise<{ saved: boolean }> {
    const { step } = given
    const evaluation = checked(evaluationMetricsSchema, given, `The evaluation at step ${step} of the run ${run}`)
    return this.#connection.exclusive(() => this.#put([{ table: 'evaluations', key: [run, step], row: { run, step, evaluation } }], run))
  }

  async evaluations(run: string): Promise<EvaluationMetrics[]> {
    const gathered = await this.#gather(run, ['evaluations'], [])
    const rows = [...gathered('evaluations').values()].map((row) => checked(rowSchemas.evaluations, row, `An evaluation of the run ${run}`))
    return rows.map(({ evaluation }) => evaluation).sort((a, b) => a.step - b.step)
  }

  async putCheckpoint(record: CheckpointRecord, state: AdapterState): Promise<{ saved: boolean }> {
    const changes = checkpointChanges({ record, state })
    return this.#connection.exclusive(() => this.#put(changes, record.run))
  }

  async updateCheckpoint(given: CheckpointRecord): Promise<void> {
    const record = checked(checkpointRecordSchema, given, `The checkpoint ${given.name}`)
    return this.#connection.exclusive(async () => {
      const stored = await this.#find('checkpoints', record.key, record.run)
      if (stored === null || isDiscarded(stored)) return
      await this.#put([{ table: 'checkpoints', key: record.key, row: record }], record.run)
    })
  }

  async checkpoints(run?: string): Promise<CheckpointRecord[]> {
    const gathered = await this.#gather(run ?? null, ['runs', 'checkpoints'], ['adapters'])
    const gone = new Set([...this.#erased, ...[...gathered('runs')].flatMap(([id, row]) => (isDiscarded(row) ? [String(keyOf(id))] : []))])
    const adapters = gathered('adapters')
    const records = [...gathered('checkpoints').values()].filter((row) => !isDiscarded(row)).flatMap((row) => checkpointRecordSchema.safeParse(row).data ?? [])
    const kept = records.filter((record) => adapters.has(idOf(record.key)) && (record.run === null || !gone.has(record.run)))
    return kept.sort((a, b) => b.created - a.created || b.step - a.step || (a.key < b.key ? -1 : 1))
  }

  async checkpointState(key: string): Promise<AdapterState | null> {
    const row = await this.#connection.exclusive(() => this.#find('adapters', key, null))
    return row === null ? null : checked(rowSchemas.adapters, row, `The adapter of the checkpoint ${key}`).state
  }

  deleteCheckpoint(key: string): Promise<void> {
    return this.#connection.exclusive(async () => {
      const { done } = await this.#connection.read((db) => db.transaction('rw', runTables, () => eraseCheckpoint(db, key)))
      this.#held.note([{ table: 'checkpoints', key, row: null }, { table: 'adapters', key, row: null }], null, done)
    })
  }

  /** All of it or nothing. @throws Error when the run that it belongs to was deleted by another tab */
  async #put(changes: readonly RowChange[], run: string | null): Promise<{ saved: boolean }> {
    const attempt = await this.#connection.write((db) =>
      db.transaction('rw', runTables, async () => {
        if (run !== null && (await this.#wasDeleted(db, run))) return false
        for (const change of changes) await apply(db, change)
        return true
      }),
    )
    if (attempt.done && !attempt.value && run !== null) throw this.#deleted(run)
    if (attempt.done && run !== null && changes.some(({ table }) => table === 'runs')) this.#seen.add(run)
    this.#held.note(changes, run, attempt.done)
    return { saved: attempt.done }
  }

  async #wasDeleted(db: PlaygroundDatabase, run: string): Promise<boolean> {
    const stored = await storedRun(db, run)
    return stored === undefined ? this.#seen.has(run) : stored.discarded !== undefined
  }

  #deleted(run: string): Error {
    this.#held.forget(run)
    return new Error('This run was deleted, perhaps in another tab: nothing more of it is kept.')
  }

  /** The record as what is kept bears it out. What cannot be reached now may be there: of that nothing is said. */
  #borneOut(run: RunRecord, gathered: Gathered): RunRecord {
    if (!this.#connection.readable && !this.#connection.deleted) return asWritten(run)
    const keys = { steps: keysOf(gathered('steps')), rollouts: keysOf(gathered('rollouts')), adapters: keysOf(gathered('adapters')) }
    return borneOut(run, keptByRun(keys, [...gathered('checkpoints').values()]).get(run.key) ?? { metrics: [], rollouts: [], adapters: [] })
  }

  /** The row; null when there is none. @param run that it belongs to, where that is known */
  async #find(table: RunTable, key: RowKey, run: string | null): Promise<unknown> {
    const found = this.#held.get(table, key, !this.#connection.readable)
    if (found) return found.row
    if (run !== null && this.#erased.has(run)) return null
    const read = await this.#connection.read(async (db): Promise<unknown> => db.table(table).get(key))
    return (read.done ? read.value : this.#held.get(table, key, true)?.row) ?? null
  }

  /**
   * What tables have of a run, or all, at one moment: what the disk has, and what memory holds over it.
   * @param keys tables of which only the keys are wanted
   */
  #gather(run: string | null, rows: readonly RunTable[], keys: readonly RunTable[]): Promise<Gathered> {
    const read = async (db: PlaygroundDatabase, table: RunTable): Promise<Map<string, unknown>> => {
      const found = rowsOf(db, table, run)
      const ids: unknown[] = await found.primaryKeys()
      const values: unknown[] = rows.includes(table) ? await found.toArray() : []
      return new Map(ids.map((key, i): [string, unknown] => [JSON.stringify(key), values[i]]))
    }
    return this.#connection.exclusive(async () => {
      const tables = [...rows, ...keys]
      const attempt = await this.#connection.read((db) => db.transaction('r', tables, async () => {
        const stored: [RunTable, Map<string, unknown>][] = []
        for (const table of tables) stored.push([table, await read(db, table)])
        return stored
      }))
      const disk = new Map(attempt.done && !(run !== null && this.#erased.has(run)) ? attempt.value : [])
      const all = new Map(tables.map((table) => [table, disk.get(table) ?? new Map<string, unknown>()]))
      if (attempt.done) this.#look(all, run)
      const listed = all.get('runs')
      for (const key of this.#erased) listed?.delete(idOf(key))
      for (const [table, found] of all) this.#held.over(table, run, found, !attempt.done)
      return (table) => all.get(table) ?? new Map<string, unknown>()
    })
  }

  /** Takes note of what the disk has, in case the database is deleted, and of runs that another tab has deleted. */
  #look(found: ReadonlyMap<RunTable, Map<string, unknown>>, run: string | null): void {
    const runs = found.get('runs')
    if (!this.#connection.durable) return
    for (const key of runs?.keys() ?? []) this.#seen.add(String(keyOf(key)))
    if (runs) for (const key of this.#seen) if ((run === null || run === key) && !runs.has(idOf(key))) this.#held.forget(key)
    for (const table of ['runs', 'steps', 'evaluations'] as const) {
      for (const row of found.get(table)?.values() ?? []) {
        const change = lightChange(table, row)
        if (change) this.#held.hold(change.change, change.run)
      }
    }
  }

  #heldSizes(run: string): StepSize[] {
    const rows = [...this.#held.over('rollouts', run, new Map(), false).values()]
    return rows.flatMap((row) => rowSchemas.rollouts.safeParse(row).data ?? []).sort((a, b) => a.step - b.step)
  }
}

/** A row that was read, as it is held; null when it is damaged. */
function lightChange(table: 'runs' | 'steps' | 'evaluations', stored: unknown): { change: RowChange; run: string } | null {
  switch (table) {
    case 'runs': {
      const { data } = rowSchemas.runs.safeParse(stored)
      return data ? { change: { table, key: data.key, row: data }, run: data.key } : null
    }
    case 'steps': {
      const { data } = rowSchemas.steps.safeParse(stored)
      return data ? { change: { table, key: [data.run, data.step], row: data }, run: data.run } : null
    }
    case 'evaluations': {
      const { data } = rowSchemas.evaluations.safeParse(stored)
      return data ? { change: { table, key: [data.run, data.step], row: data }, run: data.run } : null
    }
  }
}

const rowsOfStep = (run: RunRecord, step: number, trajectories: readonly Trajectory[]): RowOf<'rolloutRows'> => ({ run: run.key, step, version: stepRowsVersion, rows: stepRowsOf(step, trajectories, run.config) })

/** The adapter first: what is held of checkpoints follows it. */
function checkpointChanges({ record, state }: Checkpoint): RowChange[] {
  const { key, name } = record
  return [
    { table: 'adapters', key, row: { key, state: structuredClone(checked(adapterStateSchema, state, `The adapter of the checkpoint ${name}`)) } },
    { table: 'checkpoints', key, row: checked(checkpointRecordSchema, record, `The checkpoint ${name}`) },
  ]
}
