// A comparison on held-out tasks: who takes part, how it goes, what came out, and what came out earlier.
import { createStore, type StoreApi } from 'zustand'
import { messageOf } from '../../core/error-message.ts'
import type { Comparison, ComparisonStore } from '../../core/evaluation/comparisons.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import type { TrainConfig } from '../../core/training/config.ts'
import { trainedAdapterKey } from '../../core/training/shipped-run.ts'
import type { Entrant, TrainingApi } from '../../rpc/training.ts'
import { isOfLostWorker } from '../../rpc/worker-lost-error.ts'
import { t } from '../locales/index.ts'
import { baseId, checkpointId, seated, type Seat } from './players.ts'

/** Who is to be compared, and on what. */
interface CompareSetup {
  /** The first is what the others are measured against. */
  players: readonly Seat[]
  tasks: number
  seed: number
}

/** Somebody who takes part. */
export interface ComparePlayer {
  name: string
  choice: Entrant
}

export interface CompareResult {
  comparison: Comparison
  /** Of each participant, one a task. */
  trajectories: Trajectory[][]
  saved: boolean
}

export interface CompareState {
  setup: CompareSetup
  /** How far it is, 0 to 1; null when nothing is under way. */
  share: number | null
  stopping: boolean
  result: CompareResult | null
  failure: string | null
  /** A worker was lost: restarting cures the failure. */
  broken: boolean
  /** Index of the task whose episodes are shown. */
  task: number
  /** Earlier ones, newest first; null: not read yet. */
  kept: Comparison[] | null
  set(patch: Partial<CompareSetup>): void
  choose(task: number): void
  /** Plays, keeps and shows. Never rejects. @param of where the tasks come from, and the run that has them */
  begin(players: readonly ComparePlayer[], of: { config: TrainConfig; run: string | null }): Promise<void>
  stop(): void
  /** Reads the list of earlier ones. Never rejects. */
  refresh(): Promise<void>
  /** Shows an earlier one; null: none. Never rejects. False when it is not kept. */
  open(key: string | null): Promise<boolean>
  remove(key: string): Promise<void>
  lost(): void
  /** Other workers stand in for lost ones. */
  restarted(): void
}

export type CompareStore = StoreApi<CompareState>

interface CompareBackend {
  lab(): { training: Pick<TrainingApi, 'compare' | 'stop'> }
  memory(): { comparisons: ComparisonStore }
}

/** @param now ms since 1970 */
export function createCompareStore(backend: CompareBackend, newKey: () => string, now: () => number): CompareStore {
  /** Counts comparisons: what an earlier one still tells is not taken. */
  let current = 0
  return createStore<CompareState>((set, get) => ({
    setup: { players: [seated(baseId('nano')), seated(checkpointId(trainedAdapterKey))], tasks: 32, seed: 2601 },
    share: null,
    stopping: false,
    result: null,
    failure: null,
    broken: false,
    task: 0,
    kept: null,
    set: (patch) => { set((state) => ({ setup: { ...state.setup, ...patch } })) },
    choose: (task) => { set({ task }) },
    async begin(players, { config, run }) {
      const { setup: { tasks, seed }, share } = get()
      if (share !== null || players.length < 2) return
      const mine = ++current
      set({ share: 0, stopping: false, failure: null, broken: false })
      try {
        const request = { players: players.map(({ choice }) => choice), config, tasks, seed }
        const compared = await backend.lab().training.compare(request, (done) => {
          if (mine === current) set({ share: done })
        })
        if (mine !== current) return
        const trajectories = compared.map((each) => each.trajectories)
        const participants = compared.flatMap(({ evaluation }, i) => {
          const [first] = trajectories[i] ?? []
          const name = players[i]?.name
          const agent = first?.setup.agent
          return first && name !== undefined ? [{ name, policy: first.setup.policy, ...(agent === 'agemem' ? {} : { agent }), evaluation }] : []
        })
        const comparison = { key: newKey(), created: now(), tasks: compared[0]?.evaluation.tasks ?? tasks, seed, run, participants }
        set({ share: null, result: { comparison, trajectories, saved: true }, task: 0 })
        const { saved } = await backend.memory().comparisons.put(comparison, trajectories).catch(() => ({ saved: false }))
        set(({ result }) => (result?.comparison === comparison ? { result: { ...result, saved } } : {}))
        await get().refresh()
      } catch (error) {
        if (mine !== current) return
        const words = messageOf(error)
        set((state) => ({ share: null, failure: state.stopping ? null : t().compare.failed(words), broken: isOfLostWorker(words) }))
      }
    },
    stop() {
      if (get().share === null) return
      set({ stopping: true })
      void backend.lab().training.stop().catch(() => undefined)
    },
    async refresh() {
      try {
        set({ kept: await backend.memory().comparisons.list() })
      } catch (error) {
        set({ failure: t().compare.kept.notListed(messageOf(error)), broken: isOfLostWorker(messageOf(error)) })
      }
    },
    async open(key) {
      if (key === null) {
        set({ result: null })
        return true
      }
      if (get().result?.comparison.key === key) return true
      try {
        await get().refresh()
        const comparison = get().kept?.find((each) => each.key === key)
        const trajectories = comparison ? await backend.memory().comparisons.trajectories(key) : null
        if (!comparison || !trajectories) {
          set({ failure: t().compare.kept.gone, broken: false })
          return false
        }
        set({ result: { comparison, trajectories, saved: true }, failure: null, broken: false, task: 0 })
        return true
      } catch (error) {
        set({ failure: t().compare.kept.notOpened(messageOf(error)), broken: isOfLostWorker(messageOf(error)) })
        return false
      }
    },
    async remove(key) {
      await backend.memory().comparisons.delete(key).catch(() => undefined)
      set(({ result }) => (result?.comparison.key === key ? { result: null } : {}))
      await get().refresh()
    },
    lost() {
      if (get().share === null) return
      current++
      set({ share: null, failure: t().compare.lost, broken: true })
    },
    restarted: () => { set(({ broken, failure }) => ({ failure: broken ? null : failure, broken: false })) },
  }))
}
