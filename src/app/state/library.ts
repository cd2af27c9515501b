// Recorded episodes as the page lists them, and what can be done with them.
import { createStore, type StoreApi } from 'zustand'
import type { Trajectory } from '../../core/record/trajectory.ts'
import type { EpisodeSummary, LabApi, MemoryApi, StorageStatus } from '../../rpc/contracts.ts'
import { summaryOf } from '../../rpc/summary.ts'
import { messageOf } from '../../core/error-message.ts'

export interface LibraryState {
  /** null until the first answer. */
  episodes: EpisodeSummary[] | null
  /** When the list was read, ms since 1970. */
  asOf: number
  /** Why the list could not be read. */
  failure: string | null
  storage: StorageStatus | null
  /** Workers that died and are not yet replaced. */
  lost: string | null
  refresh(): Promise<void>
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

/** @param newKey makes the key of an imported episode; @param now ms since 1970 */
export function createLibraryStore(backend: LibraryBackend, newKey: () => string, now: () => number): LibraryStore {
  return createStore<LibraryState>((set, get) => ({
    episodes: null,
    asOf: 0,
    failure: null,
    storage: null,
    lost: null,
    async refresh() {
      try {
        set({ episodes: await backend.memory().archive.list(), asOf: now(), failure: null })
      } catch (error) {
        set({ failure: messageOf(error) })
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
