// The lines that pass filters and search, kept up to date while lines come and people type.
import { useEffect, useMemo, useState } from 'react'
import { passes, type Filters } from './filters.ts'
import type { TableRow } from './rows.ts'
import { searchFor, type Search } from './search.ts'

const now = () => performance.now()
const rest = () => new Promise<void>((resolve) => { setTimeout(resolve) })

interface Filtered<Row> {
  rows: readonly Row[]
  /** The search has not come to its end. */
  searching: boolean
}

/** Until a search has come to its end, what the one before it had found stays on show. */
export function useFiltered<Row extends TableRow & { step?: number }>(all: readonly Row[], filters: Filters): Filtered<Row> {
  const { text, place } = filters
  const search = useMemo(() => searchFor(text, place, now, rest), [text, place])
  const [looked, setLooked] = useState<{ search: Search; rows: readonly TableRow[] } | null>(null)
  useEffect(() => {
    if (!search) return
    const abort = new AbortController()
    void search.look(all, abort.signal).then((done) => {
      if (done) setLooked({ search, rows: all })
    })
    return () => { abort.abort() }
  }, [search, all])
  const found = useMemo(() => {
    const by = search && looked?.search
    return all.filter((row) => passes(row, filters) && (!by || by.has(row)))
  }, [all, filters, search, looked])
  return { rows: found, searching: search !== null && (looked?.search !== search || looked.rows !== all) }
}
