// Everybody who took part, quantity by quantity: one dumbbell a line, the values with what can be said of the difference.
import { ArrowDown, ArrowUp } from 'lucide-react'
import type { Participant as Kept } from '../../../core/evaluation/comparisons.ts'
import { t } from '../../locales/index.ts'
import { Hint, Term } from '../../ui/term.tsx'
import { Dumbbell } from './dumbbell.tsx'
import { changeChance, compareGroups, difference, rowsFor, scaleOfRow, type CompareRow, type Estimated } from './rows.ts'

type Participant = Pick<Kept, 'name' | 'evaluation'>

/** How much more or less than the first. */
function Change({ row, base, other }: { row: CompareRow; base: Estimated | null; other: Estimated | null }) {
  const found = difference(base, other)
  if (!found) return null
  const words = t().compare.result
  const { by, apart } = found
  const shown = row.showChange(Math.abs(by))
  const unmoved = shown === row.showChange(0)
  if (unmoved) return null
  const good = row.better === null ? null : row.better === 'more' ? by > 0 : by < 0
  const Icon = by > 0 ? ArrowUp : ArrowDown
  return (
    <Hint text={changeChance(apart)}>
      <span className="change" tabIndex={0} data-apart={apart === true} data-good={good ?? undefined}>
        <Icon aria-label={by > 0 ? words.up : words.down} />
        {shown}
      </span>
    </Hint>
  )
}

function Value({ row, estimate }: { row: CompareRow; estimate: Estimated | null }) {
  const words = t().compare.result
  if (!estimate) return <span className="quiet">{words.noOccasion}</span>
  const { mean, low, high } = estimate
  return (
    <span className="number" title={low === high ? undefined : words.value(row.show(mean), row.show(low), row.show(high))}>
      {row.show(mean)} {low !== high && <span className="quiet compare-interval">{`${row.show(low)}…${row.show(high)}`}</span>}
    </span>
  )
}

function Row({ row, participants }: { row: CompareRow; participants: readonly Participant[] }) {
  const estimates = participants.map(({ evaluation }) => row.of(evaluation))
  const [base = null] = estimates
  return (
    <tr>
      <th scope="row">
        {row.term ? (
          <Term name={row.term} plain>
            {row.title()}
          </Term>
        ) : (
          row.title()
        )}
      </th>
      <td className="compare-plot">
        <Dumbbell estimates={estimates} scale={scaleOfRow(row, estimates)} />
      </td>
      {estimates.map((estimate, who) => (
        <td key={who} className="compare-cell">
          <Value row={row} estimate={estimate} /> {who > 0 && <Change row={row} base={base} other={estimate} />}
        </td>
      ))}
    </tr>
  )
}

export function ResultTable({ participants }: { participants: readonly Participant[] }) {
  const words = t().compare
  return (
    <table className="compare-table">
      <thead>
        <tr>
          <th scope="col">
            <span className="unseen">{words.result.quantity}</span>
          </th>
          <th scope="col" className="compare-plot">
            <Term name="interval" plain>
              {words.result.scale}
            </Term>
          </th>
          {participants.map(({ name }, who) => (
            <th key={who} scope="col">
              <span className="who" data-who={who} /> {name}
            </th>
          ))}
        </tr>
      </thead>
      {compareGroups.map(({ id, rows }) => (
        <tbody key={id}>
          <tr className="compare-title">
            <th scope="rowgroup" colSpan={2 + participants.length}>
              {words.groups[id]}
            </th>
          </tr>
          {rowsFor(rows, participants.map(({ evaluation }) => evaluation)).map((row) => (
            <Row key={row.id} row={row} participants={participants} />
          ))}
        </tbody>
      ))}
    </table>
  )
}
