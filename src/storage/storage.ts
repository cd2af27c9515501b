// Everything that is kept on the disk, over one connection: long-term memories, recorded episodes, training runs.
import type { Archive, StorageStatus } from '../core/record/archive.ts'
import type { ComparisonStore } from '../core/evaluation/comparisons.ts'
import type { Embedder, MemoryStore } from '../core/memory/store.ts'
import type { ExperimentStore } from '../core/experiments/results.ts'
import type { RunStore } from '../core/training/runs.ts'
import type { DataSetStore } from '../core/environments/data-sets.ts'
import { DexieArchive } from './archive.ts'
import { DexieComparisons } from './comparison-store.ts'
import { Connection, type ConnectionOptions } from './connection.ts'
import { DexieDataSets } from './data-set-store.ts'
import { DexieStore } from './dexie-store.ts'
import { DexieExperiments } from './experiment-store.ts'
import { DexieRunStore } from './run-store.ts'

/** The name of the page's database, as the DevTools show it. */
export const databaseName = 'agemem-playground'

export interface Storage {
  store: MemoryStore
  archive: Archive
  runs: RunStore
  data: DataSetStore
  comparisons: ComparisonStore
  experiments: ExperimentStore
  status(): Promise<StorageStatus>
  /** Calls back with the present status and at every change. */
  watchStatus(listener: (status: StorageStatus) => void): Promise<void>
  /** Tries the database again after a failure and writes to it what memory holds. */
  reconnect(): Promise<StorageStatus>
  /** Lets go of the database for good, after the work that was asked for. */
  close(): Promise<void>
}

/**
 * Works at once, whatever the disk does: what cannot be saved is kept in memory, and the status says so.
 * @param options rolloutBudget: bytes that the rollouts of one training run may take
 */
export function openStorage(options: ConnectionOptions & { embedder: Embedder; rolloutBudget?: number }): Storage {
  const { embedder, rolloutBudget, ...rest } = options
  const connection = new Connection(rest)
  return {
    store: new DexieStore(connection, embedder),
    archive: new DexieArchive(connection),
    runs: new DexieRunStore(connection, rolloutBudget),
    data: new DexieDataSets(connection),
    comparisons: new DexieComparisons(connection),
    experiments: new DexieExperiments(connection),
    status: () => connection.status(),
    watchStatus: (listener) => connection.watch(listener),
    reconnect: () => connection.reconnect(),
    close: () => connection.close(),
  }
}
