// All rollouts of a run as lines of a table: read step by step, with what they are narrowed to, so that whoever comes back
// from one of them finds the table as it was.
import { createStore, type StoreApi } from 'zustand'
import { messageOf } from '../../core/error-message.ts'
import type { StepRows } from '../../core/training/rollout-rows.ts'
import { noFilters, type Filters, type Sort } from '../table/filters.ts'
import { rowsOfStep, type RolloutTableRow } from '../table/rows.ts'
import { rolloutName } from './rollout-key.ts'

export interface RolloutsState {
  /** Key of the run; null: the table was not asked for yet. */
  run: string | null
  /** The table is on show, and not one group. */
  shown: boolean
  rows: readonly RolloutTableRow[]
  /** Steps that were looked at, with or without rollouts, and how many there are to look at. */
  read: number
  of: number
  failure: string | null
  /** How often what was read was forgotten: each time it is read again. */
  forgotten: number
  filters: Filters
  sort: Sort | null
  /** How far the table was scrolled, px. */
  scroll: number
  /** Shows the table of a run, or the group again. */
  show(run: string | null): void
  /** Reads what of these steps was not read yet. Never rejects. */
  readSteps(steps: readonly number[]): Promise<void>
  /** Forgets what was read: the database may be another one. */
  forget(): void
  narrow(filters: Filters): void
  order(sort: Sort | null): void
}

export type RolloutsStore = StoreApi<RolloutsState>

/** Lines come to the page this often while they are read, ms. */
const interval = 150

/** @param now a monotonic clock, ms */
export function createRolloutsStore(rowsOf: (run: string, step: number) => Promise<StepRows | null>, now: () => number): RolloutsStore {
  /** Steps that were looked at. */
  let known = new Set<number>()
  /** Counts what was asked for: what an earlier asking still reads is not taken. */
  let asked = 0
  return createStore<RolloutsState>((set, get) => ({
    run: null,
    shown: false,
    rows: [],
    read: 0,
    of: 0,
    failure: null,
    forgotten: 0,
    filters: noFilters,
    sort: null,
    scroll: 0,
    show(run) {
      if (run === null) {
        set({ shown: false })
        return
      }
      if (run === get().run) {
        set({ shown: true })
        return
      }
      known = new Set()
      asked++
      set({ run, shown: true, rows: [], read: 0, of: 0, failure: null, filters: noFilters, sort: null, scroll: 0 })
    },
    async readSteps(steps) {
      const { run } = get()
      if (run === null) return
      const mine = ++asked
      const missing = steps.filter((step) => !known.has(step))
      set({ of: steps.length, read: steps.length - missing.length, failure: null })
      const pending: RolloutTableRow[] = []
      let told = now()
      const tell = () => {
        if (pending.length > 0) set((state) => ({ rows: [...state.rows, ...pending] }))
        pending.length = 0
        set({ read: steps.filter((step) => known.has(step)).length })
        told = now()
      }
      for (const step of missing) {
        try {
          const rows = await rowsOf(run, step)
          if (mine !== asked) return
          known.add(step)
          if (rows) pending.push(...rowsOfStep(rows, (task, rollout) => rolloutName(run, step, task, rollout)))
        } catch (error) {
          if (mine !== asked) return
          tell()
          set({ failure: messageOf(error) })
          return
        }
        if (now() - told >= interval) tell()
      }
      tell()
    },
    forget() {
      known = new Set()
      asked++
      set(({ forgotten }) => ({ rows: [], read: 0, of: 0, failure: null, forgotten: forgotten + 1 }))
    },
    narrow: (filters) => { set({ filters, scroll: 0 }) },
    order: (sort) => { set({ sort, scroll: 0 }) },
  }))
}
