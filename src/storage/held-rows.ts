// Rows of training runs that memory holds: what the disk lacks, and what this tab has read and written of late, in case the
// database is deleted. Knows no database; what is laid over what is here.
import { z } from 'zod'
import type { RowChange, RowKey, RunTable } from './run-rows.ts'

interface Held {
  change: RowChange
  /** The run that it belongs to; null: none. */
  run: string | null
  saved: boolean
}

/** Names a row among those of its table. */
export const idOf = (key: RowKey): string => JSON.stringify(key)

const keySchema = z.union([z.string(), z.tuple([z.string(), z.number()])])

/** The key that an id names; undefined when it is no key of these tables. */
export const keyOf = (id: string): RowKey | undefined => keySchema.safeParse(JSON.parse(id)).data

const placeOf = (table: RunTable, key: RowKey) => `${table} ${idOf(key)}`

export class HeldRows {
  readonly #rows = new Map<string, Held>()

  /** Takes note of what was written, or could not be. */
  note(changes: readonly RowChange[], run: string | null, saved: boolean): void {
    for (const change of changes) {
      const place = placeOf(change.table, change.key)
      this.#rows.delete(place)
      if (!saved || this.#worthHolding(change)) this.#rows.set(place, { change, run, saved })
    }
  }

  /** Takes note of a row as the disk has it; what the disk lacks stays over it. */
  hold(change: RowChange, run: string): void {
    const place = placeOf(change.table, change.key)
    if (this.#rows.get(place)?.saved === false) return
    this.#rows.set(place, { change, run, saved: true })
  }

  /** Of what the disk has: everything light, and the newest adapter. Makes room for it. */
  #worthHolding({ table, key, row }: RowChange): boolean {
    if (row === null) return false
    switch (table) {
      case 'runs':
      case 'steps':
      case 'evaluations':
        return true
      case 'rollouts':
      case 'rolloutRows':
        return false
      case 'adapters':
        for (const [place, held] of this.#rows) {
          const heavy = held.change.table === 'adapters' || held.change.table === 'checkpoints'
          if (heavy && held.saved && held.change.key !== key) this.#rows.delete(place)
        }
        return true
      case 'checkpoints':
        return this.#rows.has(placeOf('adapters', key))
    }
  }

  /** Everything of a run goes, what the disk lacks too. */
  forget(run: string): void {
    for (const [place, held] of this.#rows) if (held.run === run) this.#rows.delete(place)
  }

  /** @param all also rows that are on the disk, or were: when that cannot be read */
  get(table: RunTable, key: RowKey, all: boolean): RowChange | null {
    const held = this.#rows.get(placeOf(table, key))
    return held && (all || !held.saved) ? held.change : null
  }

  /** Lays what is held over the rows that the disk has, by id. */
  over(table: RunTable, run: string | null, rows: Map<string, unknown>, all: boolean): Map<string, unknown> {
    for (const { change, run: of, saved } of this.#rows.values()) {
      if (change.table !== table || (saved && !all)) continue
      // Of a row that goes the run may not be known.
      if (run !== null && of !== run && change.row !== null) continue
      if (change.row === null) rows.delete(idOf(change.key))
      else rows.set(idOf(change.key), change.row)
    }
    return rows
  }

  /** What is to be written. @param fresh to a new database: everything */
  lacking(fresh: boolean): RowChange[] {
    return [...this.#rows.values()].filter(({ saved }) => fresh || !saved).map(({ change }) => change)
  }

  /** All of it is on the disk now. */
  settle(): void {
    for (const { change, run } of [...this.#rows.values()]) this.note([change], run, true)
  }
}
