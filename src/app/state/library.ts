// Recorded episodes as the page lists them, and what can be done with them.
import { createStore, type StoreApi } from 'zustand'
import type { EpisodeDigest } from '../../core/record/digest.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import type { EpisodeSummary, LabApi, MemoryApi, StorageStatus } from '../../rpc/contracts.ts'
import { summaryOf } from '../../rpc/summary.ts'
import { noFilters, type Filters, type Sort } from '../table/filters.ts'
import { messageOf } from '../../core/error-message.ts'

export interface LibraryState {
  /** null until the first answer. */
  episodes: EpisodeSummary[] | null
  /** When the list was read, ms since 1970. */
  asOf: number
  /** Why the list could not be read. */
  failure: string | null
  /** What the table shows and searches beside the lines, as far as it was read; null: it cannot be. */
  digests: ReadonlyMap<string, EpisodeDigest | null>
  /** What the table is narrowed to, and its order. */
  filters: Filters
  sort: Sort | null
  storage: StorageStatus | null
  /** Workers that died and are not yet replaced. */
  lost: string | null
  refresh(): Promise<void>
  /** Reads what of the list was not read yet, or has changed. Never rejects. */
  readDigests(): Promise<void>
  get(key: string): Promise<Trajectory | null>
  /** Writes an episode that has changed, in its place of the list; a new one comes first. */
  keep(key: string, trajectory: Trajectory): Promise<{ saved: boolean }>
  /** Removes an episode; gives back what undo needs, null when it was not there. */
  remove(key: string): Promise<(() => Promise<void>) | null>
  /** Adds trajectories of a file under new keys. @throws what is wrong with the file */
  importFile(file: Blob): Promise<{ key: string; trajectory: Trajectory }[]>
  reconnect(): Promise<StorageStatus>
  setStorage(storage: StorageStatus): void
  setLost(lost: string | null): void
}

export type LibraryStore = StoreApi<LibraryState>

interface LibraryBackend {
  lab(): Pick<LabApi, 'readTrajectories'>
  memory(): Pick<MemoryApi, 'archive' | 'reconnect'>
}

/** Episodes that are read at once. */
const together = 100

/** @param newKey makes the key of an imported episode; @param now ms since 1970 */
export function createLibraryStore(backend: LibraryBackend, newKey: () => string, now: () => number): LibraryStore {
  /** Which state of an episode was read, by its key. */
  const known = new Map<string, string>()
  const stateOf = ({ status, steps, answer, reward }: EpisodeSummary) => JSON.stringify([status, steps, answer, reward])
  let reading = false
  return createStore<LibraryState>((set, get) => ({
    episodes: null,
    asOf: 0,
    failure: null,
    digests: new Map(),
    filters: noFilters,
    sort: null,
    storage: null,
    lost: null,
    async refresh() {
      try {
        set({ episodes: await backend.memory().archive.list(), asOf: now(), failure: null })
      } catch (error) {
        set({ failure: messageOf(error) })
      }
    },
    async readDigests() {
      if (reading) return
      reading = true
      try {
        for (;;) {
          const part = (get().episodes ?? []).filter((line) => known.get(line.key) !== stateOf(line)).slice(0, together)
          if (part.length === 0) return
          const digests = await backend.memory().archive.digests(part.map(({ key }) => key))
          for (const line of part) known.set(line.key, stateOf(line))
          set((state) => {
            const listed = new Set(state.episodes?.map(({ key }) => key))
            const kept = [...state.digests].filter(([key]) => listed.has(key))
            return { digests: new Map([...kept, ...part.map(({ key }, i) => [key, digests[i] ?? null] as const)]) }
          })
        }
      } catch (error) {
        set({ failure: messageOf(error) })
      } finally {
        reading = false
      }
    },
    get: (key) => backend.memory().archive.get(key),
    async keep(key, trajectory) {
      const { archive } = backend.memory()
      const recorded = (await archive.list()).find((each) => each.key === key)?.recorded ?? now()
      const written = await archive.put(key, trajectory, summaryOf(key, trajectory, recorded))
      await get().refresh()
      return written
    },
    async remove(key) {
      const { archive } = backend.memory()
      // One that cannot be read goes too, and cannot be brought back.
      const trajectory = await archive.get(key).catch(() => null)
      const summary = get().episodes?.find((each) => each.key === key)
      await archive.delete(key)
      await get().refresh()
      if (!trajectory || !summary) return null
      return async () => {
        const { saved: _, ...line } = summary
        await backend.memory().archive.put(key, trajectory, line)
        await get().refresh()
      }
    },
    async importFile(file) {
      const trajectories = await backend.lab().readTrajectories(file)
      const imported = trajectories.map((trajectory) => ({ key: newKey(), trajectory }))
      // A file holds the newest first, as the list does: written backwards, the order stays.
      const recorded = now()
      for (const [i, { key, trajectory }] of imported.entries()) {
        await backend.memory().archive.put(key, trajectory, summaryOf(key, trajectory, recorded - i))
      }
      await get().refresh()
      return imported
    },
    async reconnect() {
      const storage = await backend.memory().reconnect()
      set({ storage })
      await get().refresh()
      return storage
    },
    setStorage: (storage) => { set({ storage }) },
    setLost: (lost) => { set({ lost }) },
  }))
}
