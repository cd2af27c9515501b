// A table of many lines: only those in sight are in the page. Sorting is the table library's, places of lines the
// virtualiser's; keys, roles and looks are here.
import { createSortedRowModel, rowSortingFeature, tableFeatures, useTable, type ColumnDef } from '@tanstack/react-table'
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { memo, useEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react'
import { compared, type Sort } from './filters.ts'
import type { TableRow } from './rows.ts'
import { useRoom } from './room.ts'

export interface GridColumn<Row> {
  id: string
  /** Its track in the grid: '4rem', 'minmax(10rem, 3fr)'. */
  track: string
  head: ReactNode
  /** Numbers stand at the right. */
  number?: boolean
  /** It is shown where the table is at least so wide, rem. */
  from?: number
  /** What lines are sorted by, null: it has none; left out: they are not. The second time in the other direction. */
  by?(row: Row): number | string | null
  /** The first direction is downwards. */
  descendingFirst?: boolean
  /** @param active the line is the one that Tab comes to: only then does Tab come to what is in it */
  cell(row: Row, active: boolean): ReactNode
}

interface DataGridProps<Row> {
  label: string
  rows: readonly Row[]
  /** Does not change while the table is on show. */
  columns: readonly GridColumn<Row>[]
  sort: Sort | null
  onSort: (sort: Sort | null) => void
  /** Enter, or a click on a line. */
  onOpen: (row: Row) => void
  /** Key of the line that is open elsewhere. */
  current?: string | null
  /** How far it was scrolled when it was last on show, px, and who hears of that when it leaves: not while it is scrolled. */
  scroll?: number
  onLeave?: (offset: number) => void
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() })

/** Height of a line in rem; the style sheet has the same. */
const lineRems = 3.4

interface LineProps {
  row: TableRow
  index: number
  start: number
  active: boolean
  current: boolean
  /** Those of its own kind of row. */
  columns: readonly GridColumn<TableRow>[]
  template: string
}

const Line = memo(function Line({ row, index, start, active, current, columns, template }: LineProps) {
  return (
    <div
      role="row"
      className="grid-line"
      aria-rowindex={index + 2}
      aria-current={current ? 'true' : undefined}
      tabIndex={active ? 0 : -1}
      data-index={index}
      style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
    >
      {columns.map((column) => (
        <div key={column.id} role="gridcell" className={column.number ? 'grid-cell number' : 'grid-cell'} data-column={column.id}>
          {column.cell(row, active)}
        </div>
      ))}
    </div>
  )
})

function Head<Row extends TableRow>({ column, sort, onSort }: { column: GridColumn<Row>; sort: Sort | null; onSort: (sort: Sort | null) => void }) {
  const sorted = sort?.column === column.id ? (sort.descending ? 'descending' : 'ascending') : undefined
  const Icon = sorted === 'descending' ? ArrowDown : ArrowUp
  const first = column.descendingFirst ?? false
  const next = () => {
    if (sorted === undefined) onSort({ column: column.id, descending: first })
    else onSort((sorted === 'descending') === first ? { column: column.id, descending: !first } : null)
  }
  return (
    <div role="columnheader" className={column.number ? 'grid-head number' : 'grid-head'} aria-sort={column.by ? (sorted ?? 'none') : undefined} data-column={column.id}>
      {column.by ? (
        <button type="button" onClick={next}>
          {column.head} {sorted && <Icon aria-hidden />}
        </button>
      ) : (
        column.head
      )}
    </div>
  )
}

/** Which line a key goes to; null: it is no such key. */
function lineOfKey(key: string, at: number, last: number, page: number): number | null {
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: last }[key]
  return to === undefined ? null : Math.min(last, Math.max(0, to))
}

const controls = 'button, a, input, select, textarea, [role="menu"]'

export function DataGrid<Row extends TableRow>({ label, rows, columns: all, sort, onSort, onOpen, current = null, scroll = 0, onLeave }: DataGridProps<Row>) {
  const box = useRef<HTMLDivElement>(null)
  const room = useRoom(box)
  const lineHeight = lineRems * (room?.rem ?? 14)
  const names = all.filter(({ from = 0 }) => room === null || room.width >= from * room.rem).map(({ id }) => id).join(' ')
  const columns = useMemo(() => all.filter(({ id }) => names.split(' ').includes(id)), [all, names])
  const template = columns.map(({ track }) => track).join(' ')
  const [active, setActive] = useState(0)
  const wanted = useRef(false)

  const definitions = useMemo(
    () => all.map((column): ColumnDef<typeof features, Row> => ({
      id: column.id,
      accessorFn: (row) => column.by?.(row) ?? null,
      enableSorting: column.by !== undefined,
      // Lines without a value stay behind, so the direction is the comparison's affair and not turned round after it.
      sortFn: (a, b) => {
        const descending = sort?.descending ?? false
        const order = compared(column.by?.(a.original) ?? null, column.by?.(b.original) ?? null, descending)
        return descending ? -order : order
      },
    })),
    [all, sort],
  )
  // A link may name a column that this table has not.
  const sorting = useMemo(() => (sort && all.some(({ id, by }) => id === sort.column && by) ? [{ id: sort.column, desc: sort.descending }] : []), [all, sort])
  const data = useMemo(() => [...rows], [rows])
  const table = useTable({ features, columns: definitions, data, getRowId: ({ key }) => key, state: { sorting }, onSortingChange: () => undefined })
  const lines = table.getRowModel().rows
  const last = lines.length - 1
  const at = Math.min(active, Math.max(0, last))

  // eslint-disable-next-line react-hooks/incompatible-library -- It is used here alone, in a component that is not compiled.
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => lineHeight,
    overscan: 4,
    scrollPaddingStart: lineHeight,
    initialOffset: scroll,
    // The line that has the focus stays in the page, or the focus would be lost.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range)
      return last < 0 || shown.includes(at) ? shown : [...shown, at].sort((a, b) => a - b)
    },
  })

  const leave = useRef(onLeave)
  useEffect(() => { leave.current = onLeave }, [onLeave])
  useEffect(() => () => { leave.current?.(virtualizer.scrollOffset ?? 0) }, [virtualizer])
  useEffect(() => { virtualizer.measure() }, [virtualizer, lineHeight])

  useEffect(() => {
    if (!wanted.current) return
    const line = box.current?.querySelector<HTMLElement>(`[data-index="${at}"]`)
    if (!line) return
    wanted.current = false
    line.focus({ preventScroll: true })
  })

  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return
    if (event.key === 'Enter' && !event.target.closest(controls)) {
      const line = lines[at]
      if (!line) return
      event.preventDefault()
      event.stopPropagation()
      onOpen(line.original)
      return
    }
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / lineHeight) - 2)
    const to = lineOfKey(event.key, at, last, page)
    if (to === null || last < 0) return
    event.preventDefault()
    // Keys of the view are for when the table has not the focus.
    event.stopPropagation()
    wanted.current = true
    setActive(to)
    virtualizer.scrollToIndex(to)
  }
  const lineOf = (target: EventTarget): number | null => {
    const line = target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null
    return line ? Number(line.dataset['index']) : null
  }
  const click = (event: MouseEvent<HTMLDivElement>) => {
    const index = lineOf(event.target)
    const line = index === null ? null : lines[index]
    if (index === null || !line) return
    setActive(index)
    // What is in a line acts by itself.
    if (event.target instanceof Element && event.target.closest(controls)) return
    onOpen(line.original)
  }

  return (
    <div className="grid" ref={box} role="grid" aria-label={label} aria-rowcount={lines.length + 1} aria-colcount={columns.length} tabIndex={-1}>
      <div role="rowgroup" className="grid-heads">
        <div role="row" className="grid-row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          {columns.map((column) => (
            <Head key={column.id} column={column} sort={sort} onSort={onSort} />
          ))}
        </div>
      </div>
      <div
        role="rowgroup"
        className="grid-lines"
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={press}
        onClick={click}
        onFocus={(event) => {
          const index = lineOf(event.target)
          if (index !== null) setActive(index)
        }}
      >
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const line = lines[index]
          return line && <Line key={line.id} row={line.original} index={index} start={start} active={index === at} current={line.id === current} columns={columns} template={template} />
        })}
      </div>
    </div>
  )
}
