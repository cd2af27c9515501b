// The long-term memory as it stands: one card an entry; added, updated, deleted and retrieved in this step.
import { useLayoutEffect, useRef } from 'react'
import { CirclePlus, PenLine, Search, Trash2, type LucideIcon } from 'lucide-react'
import { writingAt } from '../../core/evaluation/provenance.ts'
import { memoryAt } from '../../core/record/replay.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { integer } from '../format.ts'
import { useStores, useUi } from '../state/context.tsx'
import { Term } from '../ui/term.tsx'
import { memoryRows, type MemoryRow } from './changes.ts'
import { useDerived } from './derived.tsx'
import { SimilarityBar } from './hits.tsx'

/** Room that stays under a card that was scrolled into view, px. */
const panelPadding = 12

const badges: Record<'added' | 'updated' | 'deleted', { icon: LucideIcon; hue: string; word: string }> = {
  added: { icon: CirclePlus, hue: 'add', word: 'added' },
  updated: { icon: PenLine, hue: 'update', word: 'updated' },
  deleted: { icon: Trash2, hue: 'delete', word: 'deleted' },
}

function Retrieved({ retrieved }: { retrieved: NonNullable<MemoryRow['retrieved']> }) {
  return (
    <div className="memory-retrieved" data-hue={retrieved.by === 'agent' ? 'retrieve' : 'none'}>
      <Search aria-hidden />
      <Term name="similarity" plain>
        {retrieved.by === 'agent' ? 'retrieved' : 'shown beside the message'}
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
            {badge.word}
          </span>
        )}
        {entry.metadata.type !== null && <span className="quiet">{entry.metadata.type}</span>}
        {entry.metadata.tags.map((tag) => (
          <span key={tag} className="quiet">
            #{tag}
          </span>
        ))}
        {written && (
          <button type="button" className="memory-origin link" onClick={() => { episode.getState().seek(written.step) }} aria-label={`Memory ${entry.id}: go to step ${written.step + 1}, which wrote it`}>
            step {written.step + 1}
          </button>
        )}
      </div>
      {change === 'deleted' ? <del className="wrote">{entry.content}</del> : <p className="wrote">{entry.content}</p>}
      {row.was !== null && (
        <p className="memory-was">
          <span className="quiet">was: </span>
          <del className="wrote">{row.was}</del>
        </p>
      )}
      {row.retrieved && <Retrieved retrieved={row.retrieved} />}
    </li>
  )
}

/** How many entries there are after the step. */
export function LongTermFigure({ trajectory, at }: { trajectory: Trajectory; at: number }) {
  const size = memoryAt(trajectory, at, 'after').length
  return (
    <span className="number panel-figure">
      <strong>{integer(size)}</strong> {size === 1 ? 'entry' : 'entries'}
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
  if (rows.length === 0) return <p className="empty-line">Nothing is stored yet.</p>
  return (
    <ol className="memory-cards" ref={list} aria-label="Entries of the long-term memory">
      {rows.map((row) => (
        <Card key={row.entry.id} row={row} at={at} />
      ))}
    </ol>
  )
}
