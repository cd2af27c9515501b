// Looks for a text in many lines without holding the page up: some milliseconds at a time, and each line once.
import { matches, patternOf, type Place } from './filters.ts'
import type { TableRow } from './rows.ts'

/** Time for a stretch of work between two frames, ms. */
const stretch = 6

/** What is known of one text: lines that were looked through. Lines are told apart by identity. */
export interface Search {
  has(row: TableRow): boolean
  /** Looks through the lines that are new. @returns whether it came to the end: false once the signal fires */
  look(rows: readonly TableRow[], signal: AbortSignal): Promise<boolean>
}

/**
 * @param now monotonic clock, ms
 * @param rest resolves when the page has had its turn
 */
export function searchFor(text: string, place: Place, now: () => number, rest: () => Promise<void>): Search | null {
  const pattern = patternOf(text)
  if (pattern === null) return null
  const found = new WeakMap<TableRow, boolean>()
  return {
    has: (row) => found.get(row) ?? false,
    async look(rows, signal) {
      let until = now() + stretch
      for (const row of rows) {
        if (found.has(row)) continue
        if (now() >= until) {
          await rest()
          if (signal.aborted) return false
          until = now() + stretch
        }
        const known = matches(row, pattern, place)
        if (known !== null) found.set(row, known)
      }
      return !signal.aborted
    },
  }
}
