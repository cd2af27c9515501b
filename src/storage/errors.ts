// What can go wrong with the disk, by kind, in words that say what it means and what to do.
import type { StorageStatus } from '../core/record/archive.ts'

type StorageFailure = Extract<StorageStatus, { kind: 'memory' }>['reason']

const kept = 'Everything goes on in this tab, but it is not saved: a reload loses it.'

function messageOf(kind: StorageFailure, detail: string): string {
  switch (kind) {
    case 'unavailable':
      return `The browser gives this page no database (a private window, or storage is switched off). ${kept} Export what you want to keep.`
    case 'quota':
      return `The space that the browser gives this page is full. ${kept} Delete recorded episodes or training runs, or free disk space, then try again.`
    case 'blocked':
      return `Another tab has the database open with another version of this page. ${kept} Close or reload the other tabs, then try again.`
    case 'deleted':
      return `The database was deleted while the page was open. ${kept} Try again to write what this tab has loaded to a new database.`
    case 'failed':
      return `The database failed (${detail}). ${kept} Try again, or export what you want to keep.`
  }
}

export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly kind: StorageFailure

  /** @param detail what the browser said, for `failed` */
  constructor(kind: StorageFailure, detail = 'no reason given', options?: ErrorOptions) {
    super(messageOf(kind, detail), options)
    this.kind = kind
  }
}

/** A stored record that can be read and is not what it should be. */
export class DamagedRecordError extends Error {
  override readonly name = 'DamagedRecordError'
}

/** An error with those that caused it, outermost first: Dexie wraps what the browser threw. */
function* causes(error: unknown): Generator<Error> {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; depth++) {
    yield at
    at = 'inner' in at && at.inner ? at.inner : at.cause
  }
}

const kindOfName: Readonly<Record<string, StorageFailure>> = {
  QuotaExceededError: 'quota',
  MissingAPIError: 'unavailable',
  // Firefox and Safari refuse to open a database in some private modes with the first, others with the second.
  InvalidStateError: 'unavailable',
  SecurityError: 'unavailable',
}

/**
 * The storage error that an error of Dexie or IndexedDB stands for.
 * @param opening the database had not been open yet: only then do some errors mean that there is none
 */
export function storageErrorOf(error: unknown, opening = false): StorageError {
  for (const at of causes(error)) {
    if (at instanceof StorageError) return at
    const kind = kindOfName[at.name]
    if (kind === 'quota' || (kind && opening)) return new StorageError(kind, at.message, { cause: error })
  }
  const detail = error instanceof Error ? `${error.name}: ${error.message.split('\n')[0] ?? ''}` : String(error)
  return new StorageError('failed', detail, { cause: error })
}
