// The database's tables and their versions. A change of tables is a new Dexie version below the present one, never
// an edit of it.
import { Dexie, type Table } from 'dexie'
import type { DataSet } from '../core/environments/data-sets.ts'
import type { Comparison } from '../core/evaluation/comparisons.ts'
import type { ListedResult } from '../core/experiments/results.ts'
import type { EpisodeDigest } from '../core/record/digest.ts'
import type { SavedSummary } from '../core/record/archive.ts'
import type { MemoryMetadata } from '../core/memory/store.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import { StorageError, storageErrorOf } from './errors.ts'

/** One entry of one store. Its id is m<number>. */
export interface MemoryRow {
  store: string
  number: number
  content: string
  metadata: MemoryMetadata
  embedding: Float32Array
  /** embedderKey of the embedder that made the vector. */
  embedder: string
}

/** One store: outlives the entries, so that a version is never seen twice. */
export interface CounterRow {
  store: string
  /** Number of the next entry. */
  next: number
  /** Raised by every write to the store, of whatever tab. */
  version: number
}

/** The tasks of a data set. */
export interface DataSetRow {
  hash: string
  gzip: Uint8Array
}

/** What a table shows of a recorded episode. */
export interface DigestRow {
  key: string
  version: number
  digest: EpisodeDigest
}

/** The episodes of a comparison. */
export interface ComparisonEpisodesRow {
  key: string
  gzip: Uint8Array
}

/** The result of an experiment. */
export interface ExperimentResultRow {
  key: string
  gzip: Uint8Array
}

interface MetaRow {
  key: 'incarnation'
  value: string
}

export class PlaygroundDatabase extends Dexie {
  declare readonly memories: Table<MemoryRow, [string, number]>
  declare readonly counters: Table<CounterRow, string>
  declare readonly summaries: Table<SavedSummary, string>
  declare readonly trajectories: Table<{ key: string; trajectory: Trajectory }, string>
  declare readonly digests: Table<DigestRow, string>
  declare readonly comparisons: Table<Comparison, string>
  declare readonly comparisonEpisodes: Table<ComparisonEpisodesRow, string>
  declare readonly experiments: Table<ListedResult, string>
  declare readonly experimentResults: Table<ExperimentResultRow, string>
  declare readonly dataSets: Table<DataSet, string>
  declare readonly dataSetTasks: Table<DataSetRow, string>
  declare readonly meta: Table<MetaRow, string>

  constructor(name: string, factory: DatabaseFactory | null) {
    super(name, {
      // Never opened by itself: after a deletion that would quietly make a new, empty database.
      autoOpen: false,
      cache: 'disabled',
      // Written through to the disk, not only to the system's buffers: 0.3 ms more a write where it was measured.
      chromeTransactionDurability: 'strict',
      ...factory,
    })
    this.version(1).stores({
      memories: '[store+number]',
      counters: 'store',
      summaries: 'key',
      trajectories: 'key',
      meta: 'key',
    })
    // Training runs: their rows are in run-rows.ts.
    this.version(2).stores({
      runs: 'key',
      steps: '[run+step]',
      // The second one tells sizes without reading the rollouts.
      rollouts: '[run+step], [run+step+bytes]',
      evaluations: '[run+step]',
      checkpoints: 'key, run',
      adapters: 'key',
    })
    // Data sets to train on: a list reads no tasks.
    this.version(3).stores({ dataSets: 'hash', dataSetTasks: 'hash' })
    // Lines of tables, which are made anew from what they are of whenever they are missing.
    this.version(4).stores({ rolloutRows: '[run+step]', digests: 'key' })
    this.version(5).stores({ comparisons: 'key', comparisonEpisodes: 'key' })
    this.version(6).stores({ experiments: 'key', experimentResults: 'key' })
    this.on('populate', (tx) => tx.table('meta').add({ key: 'incarnation', value: randomName() }))
  }
}

/** IndexedDB other than the browser's own: for tests. */
export interface DatabaseFactory {
  indexedDB: IDBFactory | undefined
  IDBKeyRange: typeof IDBKeyRange
}

/** Tells one database from the next of the same name. */
function randomName(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((word) => word.toString(16).padStart(8, '0')).join('')
}

interface OpenDatabase {
  db: PlaygroundDatabase
  /** Drawn when the database was made: another value under the same name is another database. */
  incarnation: string
}

/**
 * Opens the database, making it when there is none.
 * @param timeout ms after which an answer is no longer waited for
 * @throws StorageError
 */
export async function openDatabase(name: string, factory: DatabaseFactory | null, timeout: number): Promise<OpenDatabase> {
  const db = new PlaygroundDatabase(name, factory)
  let timer: ReturnType<typeof setTimeout> | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => { reject(new StorageError('failed', `no answer within ${timeout / 1000} seconds`)) }, timeout)
      db.on('blocked', () => { reject(new StorageError('blocked')) })
      db.open().then(() => { resolve() }, reject)
    })
    const meta = await db.meta.get('incarnation')
    if (!meta) throw new StorageError('failed', 'it was made by something else than this page')
    return { db, incarnation: meta.value }
  } catch (error) {
    db.close()
    throw storageErrorOf(error, true)
  } finally {
    clearTimeout(timer)
  }
}
