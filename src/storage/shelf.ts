// One store as a tab holds it: the entries it knows, the version of the store on the disk that they are, and what
// the disk still lacks. Also the transaction that brings the two together after a failure.
import { Dexie } from 'dexie'
import { memoryId, memoryNumber, VectorIndex } from '../core/memory/vector-index.ts'
import { sameData } from '../core/same-data.ts'
import type { MemoryRecord } from '../core/record/trajectory.ts'
import type { MemoryRow, PlaygroundDatabase } from './database.ts'

/** How an entry in memory differs from the disk. */
type Change = 'added' | 'changed' | 'removed'

export interface Shelf {
  readonly store: string
  index: VectorIndex
  /** Number of the next entry, while memory gives the numbers. */
  next: number
  /** Version of the store on the disk that the index mirrors; 0: no such store was there; null: not known. */
  version: number | null
  /** What was done in memory only. */
  readonly unsaved: Map<string, Change>
  /** The store was cleared in memory only; `unsaved` is what came after. */
  clearedUnsaved: boolean
}

export function emptyShelf(store: string, dimensions: number, version: number | null): Shelf {
  return { store, index: new VectorIndex(dimensions), next: 1, version, unsaved: new Map(), clearedUnsaved: false }
}

/** Notes a change that only memory has. An entry that came and went leaves nothing to save. */
export function noteUnsaved(shelf: Shelf, id: string, change: Change): void {
  const before = shelf.unsaved.get(id)
  if (before === 'added' && change === 'removed') shelf.unsaved.delete(id)
  else shelf.unsaved.set(id, before === 'added' ? 'added' : change)
}

/** All rows of a store, in the order of their numbers. */
export function rowsOf(db: PlaygroundDatabase, store: string) {
  return db.memories.where('[store+number]').between([store, Dexie.minKey], [store, Dexie.maxKey])
}

export function recordOf(row: MemoryRow): MemoryRecord {
  return { id: memoryId(row.number), content: row.content, metadata: row.metadata }
}

function sameRecord(row: MemoryRow, record: MemoryRecord): boolean {
  return row.content === record.content && sameData(row.metadata, record.metadata)
}

/**
 * Writes to the disk what the shelf has and the disk lacks, in one transaction. Entries that another tab wrote in the
 * meantime stay; an entry whose id another tab gave as well gets a new one.
 * @param fresh the disk is new: everything on the shelf counts as lacking
 */
export async function saveShelf(db: PlaygroundDatabase, shelf: Shelf, fresh: boolean, embedder: string): Promise<void> {
  if (!fresh && !shelf.clearedUnsaved && shelf.unsaved.size === 0) return
  const { store, index } = shelf
  const all = fresh || shelf.clearedUnsaved
  const changes: [string, Change][] = all ? index.list().map(({ id }) => [id, 'added']) : [...shelf.unsaved]

  const saved = await db.transaction('rw', db.memories, db.counters, async () => {
    const counter = await db.counters.get(store)
    const untouched = !fresh && (counter?.version ?? 0) === shelf.version
    // Numbers that the disk has given since belong to the other tab, also when the entry is gone again.
    const taken = untouched || shelf.clearedUnsaved ? 0 : (counter?.next ?? 1)
    let next = shelf.clearedUnsaved ? shelf.next : Math.max(shelf.next, counter?.next ?? 1)
    if (shelf.clearedUnsaved && !fresh) await rowsOf(db, store).delete()
    const rows: MemoryRow[] = []
    const moved: { record: MemoryRecord; to: string }[] = []
    for (const [id, change] of changes) {
      const number = memoryNumber(id)
      if (number === null) continue
      if (change === 'removed') {
        await db.memories.delete([store, number])
        continue
      }
      const record = index.get(id)
      const embedding = index.vector(id)
      if (!record || !embedding) continue
      const row: MemoryRow = { store, number, content: record.content, metadata: record.metadata, embedding, embedder }
      if (change === 'added' && number < taken) {
        const there = await db.memories.get([store, number])
        if (there && sameRecord(there, record)) continue
        row.number = next++
        moved.push({ record, to: memoryId(row.number) })
      }
      rows.push(row)
    }
    await db.memories.bulkPut(rows)
    const version = (counter?.version ?? 0) + 1
    await db.counters.put({ store, next, version })
    return { moved, next, version: untouched ? version : null }
  })

  for (const { record, to } of saved.moved) {
    const embedding = index.vector(record.id)
    index.remove(record.id)
    if (embedding) index.put({ ...record, id: to }, embedding)
  }
  shelf.unsaved.clear()
  shelf.clearedUnsaved = false
  shelf.next = saved.next
  shelf.version = saved.version
}
