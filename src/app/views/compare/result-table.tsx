// The base model and one or two checkpoints, quantity by quantity, with intervals and what can be said of the difference.
import { ArrowDown, ArrowUp } from 'lucide-react'
import type { EvaluationMetrics } from '../../../core/training/metrics.ts'
import { Hint, Term } from '../../ui/term.tsx'
import { Interval } from './interval.tsx'
import { changeChance, compareGroups, difference, scaleOfRow, type CompareRow, type Estimated } from './rows.ts'

export interface Participant {
  name: string
  evaluation: EvaluationMetrics
}

function Change({ row, base, other }: { row: CompareRow; base: Estimated | null; other: Estimated | null }) {
  const found = difference(base, other)
  if (!found) return <td className="number quiet">–</td>
  const { by, apart } = found
  const shown = row.showChange(Math.abs(by))
  const unmoved = shown === row.showChange(0)
  const good = row.better === null || unmoved ? null : row.better === 'more' ? by > 0 : by < 0
  const Icon = by > 0 ? ArrowUp : ArrowDown
  const words = unmoved ? 'No change.' : changeChance(apart)
  return (
    <td className="number">
      <Hint text={words}>
        <span className="change" tabIndex={0} data-apart={apart === true && !unmoved} data-good={good ?? undefined}>
          {!unmoved && <Icon aria-label={by > 0 ? 'up' : 'down'} />}
          {unmoved ? '0' : shown}
        </span>
      </Hint>
    </td>
  )
}

function Row({ row, participants }: { row: CompareRow; participants: readonly Participant[] }) {
  const estimates = participants.map(({ evaluation }) => row.of(evaluation))
  const scale = scaleOfRow(row, estimates)
  const [base = null, ...others] = estimates
  return (
    <tr>
      <th scope="row">
        {row.term ? (
          <Term name={row.term} plain>
            {row.title}
          </Term>
        ) : (
          row.title
        )}
      </th>
      {estimates.map((estimate, who) => (
        <td key={who} className="compare-cell">
          {estimate ? (
            <Hint text={estimate.low === estimate.high ? row.show(estimate.mean) : `${row.show(estimate.mean)}, 95 % interval ${row.show(estimate.low)} to ${row.show(estimate.high)}`}>
              <span className="compare-value" tabIndex={0}>
                <span className="number">{row.show(estimate.mean)}</span>
                <Interval estimate={estimate} scale={scale} who={who} />
              </span>
            </Hint>
          ) : (
            <span className="quiet">no occasion</span>
          )}
        </td>
      ))}
      {others.map((other, i) => (
        <Change key={i} row={row} base={base} other={other} />
      ))}
    </tr>
  )
}

export function ResultTable({ participants }: { participants: readonly Participant[] }) {
  const others = participants.slice(1)
  return (
    <table className="compare-table">
      <thead>
        <tr>
          <th scope="col">
            <span className="unseen">Quantity</span>
          </th>
          {participants.map(({ name }, who) => (
            <th key={who} scope="col">
              <span className="who" data-who={who} /> {name}
            </th>
          ))}
          {others.map((_, i) => (
            <th key={i} scope="col" className="number">
              <Term name="interval" plain>
                {others.length === 1 ? 'change' : `change ${i + 1}`}
              </Term>
            </th>
          ))}
        </tr>
      </thead>
      {compareGroups.map(({ title, rows }) => (
        <tbody key={title}>
          <tr className="compare-title">
            <th scope="rowgroup" colSpan={1 + 2 * participants.length - 1}>
              {title}
            </th>
          </tr>
          {rows.map((row) => (
            <Row key={row.id} row={row} participants={participants} />
          ))}
        </tbody>
      ))}
    </table>
  )
}
