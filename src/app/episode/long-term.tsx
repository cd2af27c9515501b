// The long-term memory as it stands: one card an entry; added, updated, deleted and retrieved in this step.
import { useLayoutEffect, useRef } from 'react'
import { CirclePlus, PenLine, Search, Trash2, type LucideIcon } from 'lucide-react'
import { writingAt } from '../../core/evaluation/provenance.ts'
import { memoryAt } from '../../core/record/replay.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { integer } from '../format.ts'
import { t } from '../locales/index.ts'
import { useStores, useUi } from '../state/context.tsx'
import { Term } from '../ui/term.tsx'
import { memoryRows, type MemoryRow } from './changes.ts'
import { useDerived } from './derived.tsx'
import { SimilarityBar } from './hits.tsx'
import { MemoryFields } from './memory-fields.tsx'

/** Room that stays under a card that was scrolled into view, px. */
const panelPadding = 12

const badges: Record<'added' | 'updated' | 'deleted', { icon: LucideIcon; hue: string }> = {
  added: { icon: CirclePlus, hue: 'add' },
  updated: { icon: PenLine, hue: 'update' },
  deleted: { icon: Trash2, hue: 'delete' },
}

function Retrieved({ retrieved }: { retrieved: NonNullable<MemoryRow['retrieved']> }) {
  return (
    <div className="memory-retrieved" data-hue={retrieved.by === 'agent' ? 'retrieve' : 'none'}>
      <Search aria-hidden />
      <Term name="similarity" plain>
        {retrieved.by === 'agent' ? t().episode.longTerm.retrieved : t().episode.longTerm.recalled}
      </Term>
      <SimilarityBar value={retrieved.similarity} />
    </div>
  )
}

function Card({ row, at }: { row: MemoryRow; at: number }) {
  const { entry, change } = row
  const lit = useUi((state) => state.memory === entry.id)
  const { ui, episode } = useStores()
  const { written: all } = useDerived()
  const written = writingAt(all, entry.id, at)
  const badge = change && badges[change]
  const words = t().episode.longTerm
  return (
    <li
      className="memory-card"
      data-change={change ?? undefined}
      data-hue={badge?.hue ?? 'ltm'}
      data-lit={lit}
      data-retrieved={row.retrieved ? 'true' : undefined}
      data-memory={entry.id}
      onPointerEnter={() => { ui.getState().pointAt(entry.id) }}
      onPointerLeave={() => { ui.getState().pointAt(null) }}
    >
      <div className="memory-head">
        <span className="memory-id">{entry.id}</span>
        {badge && (
          <span className="memory-badge">
            <badge.icon aria-hidden />
            {words.badges[change]}
          </span>
        )}
        {entry.metadata.type !== null && <span className="quiet">{entry.metadata.type}</span>}
        {entry.metadata.tags.map((tag) => (
          <span key={tag} className="quiet">
            #{tag}
          </span>
        ))}
        {written && (
          <button type="button" className="memory-origin link" onClick={() => { episode.getState().seek(written.step) }} aria-label={words.goTo(entry.id, written.step)}>
            {words.origin(written.step)}
          </button>
        )}
      </div>
      {change === 'deleted' ? <del className="wrote">{entry.content}</del> : <p className="wrote">{entry.content}</p>}
      {row.was !== null && row.was !== entry.content && (
        <p className="memory-was">
          <span className="quiet">{words.was}</span>
          <del className="wrote">{row.was}</del>
        </p>
      )}
      {change !== 'deleted' && <MemoryFields entry={entry} at={at} />}
      {row.retrieved && <Retrieved retrieved={row.retrieved} />}
    </li>
  )
}

/** How many entries there are after the step. */
export function LongTermFigure({ trajectory, at }: { trajectory: Trajectory; at: number }) {
  const size = memoryAt(trajectory, at, 'after').length
  return (
    <span className="number panel-figure">
      <strong>{integer(size)}</strong> {t().episode.longTerm.entries(size)}
    </span>
  )
}

export function LongTerm({ trajectory, at }: { trajectory: Trajectory; at: number }) {
  const rows = memoryRows(trajectory, at)
  const list = useRef<HTMLOListElement>(null)
  useLayoutEffect(() => {
    const pane = list.current?.parentElement
    const card = list.current?.querySelector<HTMLElement>('[data-change]') ?? list.current?.querySelector<HTMLElement>('[data-retrieved]')
    if (!pane || !card) return
    // By hand: scrollIntoView would move the page as well.
    const above = card.offsetTop - pane.scrollTop
    const below = above + card.offsetHeight - pane.clientHeight
    if (above < 0) pane.scrollTop += above
    else if (below > 0) pane.scrollTop += Math.min(above, below + panelPadding)
  }, [at])
  if (rows.length === 0) return <p className="empty-line">{t().episode.longTerm.empty}</p>
  return (
    <ol className="memory-cards" ref={list} aria-label={t().episode.longTerm.list}>
      {rows.map((row) => (
        <Card key={row.entry.id} row={row} at={at} />
      ))}
    </ol>
  )
}
