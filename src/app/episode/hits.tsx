// Retrieved memories with similarity bars, and the chip that stands for a memory everywhere.
import { writingAt } from '../../core/evaluation/provenance.ts'
import type { Hit } from '../../core/record/trajectory.ts'
import { decimal } from '../format.ts'
import { t } from '../locales/index.ts'
import { useStores, useUi } from '../state/context.tsx'
import { useDerived } from './derived.tsx'

interface ChipProps {
  id: string
  /** Step at whose end it is looked at. */
  at: number
}

/** A memory's id: pointing at it lights it up everywhere, a click goes to the step that wrote it. */
export function MemoryChip({ id, at }: ChipProps) {
  const lit = useUi((state) => state.memory === id)
  const { ui, episode } = useStores()
  const { written: all } = useDerived()
  const written = writingAt(all, id, at)?.step ?? null
  const words = t().episode.hits
  const point = () => { ui.getState().pointAt(id) }
  const leave = () => { ui.getState().pointAt(null) }
  return (
    <button
      type="button"
      className="memory-chip"
      data-lit={lit}
      onPointerEnter={point}
      onPointerLeave={leave}
      onFocus={point}
      onBlur={leave}
      onClick={() => { if (written !== null) episode.getState().seek(written) }}
      aria-label={written === null ? words.memory(id) : words.memoryWritten(id, written)}
      title={written === null ? undefined : words.written(written)}
    >
      {id}
    </button>
  )
}

/** A bar from 0 to 1, with a mark at the threshold when there is one. */
export function SimilarityBar({ value, threshold }: { value: number; threshold?: number }) {
  const label = t().episode.hits.similarity(decimal(value), threshold === undefined ? null : decimal(threshold))
  return (
    <span className="similarity" role="img" aria-label={label}>
      <span className="similarity-track">
        <span className="similarity-fill" style={{ width: `${Math.max(0, Math.min(1, value)) * 100}%` }} />
        {threshold !== undefined && <span className="similarity-mark" style={{ left: `${threshold * 100}%` }} />}
      </span>
      <span className="number" aria-hidden>
        {decimal(value)}
      </span>
    </span>
  )
}

export function Hits({ hits, at }: { hits: readonly Hit[]; at: number }) {
  if (hits.length === 0) return <p className="quiet">{t().episode.hits.none}</p>
  return (
    <ol className="hits">
      {hits.map((hit) => (
        <li key={hit.id}>
          <MemoryChip id={hit.id} at={at} />
          <span className="wrote">{hit.content}</span>
          <SimilarityBar value={hit.similarity} />
        </li>
      ))}
    </ol>
  )
}
