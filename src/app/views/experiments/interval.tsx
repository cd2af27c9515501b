// A number of ours with its interval on the scale of its column, and the paper's beside it.
import type { TableCell } from '../../../core/experiments/table.ts'

export function IntervalMark({ cell: { ours, paper }, scale: [from, to] }: { cell: TableCell; scale: readonly [number, number] }) {
  const share = (value: number) => `${Math.min(100, Math.max(0, (100 * (value - from)) / (to - from)))}%`
  return (
    <span className="experiment-mark" aria-hidden>
      {ours && <span className="experiment-line" style={{ left: share(ours.low), right: `calc(100% - ${share(ours.high)})` }} />}
      {ours && <span className="experiment-dot" style={{ left: share(ours.mean) }} />}
      {paper.map(({ model, value }) => (
        <span key={model} className="experiment-paper" data-model={model} style={{ left: share(value) }} />
      ))}
    </span>
  )
}
