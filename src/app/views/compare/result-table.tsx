// Everybody who took part, quantity by quantity: one dumbbell a line, the values with what can be said of the difference.
import { ArrowDown, ArrowUp } from 'lucide-react'
import type { Participant as Kept } from '../../../core/evaluation/comparisons.ts'
import { t } from '../../locales/index.ts'
import { Hint, Term } from '../../ui/term.tsx'
import { Dumbbell } from './dumbbell.tsx'
import { changeChance, compareGroups, difference, rowsFor, scaleOfRow, type Estimated, type RowLook } from './rows.ts'

type Participant = Pick<Kept, 'name' | 'evaluation'>

/** How much more or less than the first. */
function Change({ row, base, other }: { row: RowLook; base: Estimated | null; other: Estimated | null }) {
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

function Value({ row, estimate }: { row: RowLook; estimate: Estimated | null }) {
  const words = t().compare.result
  if (!estimate) return <span className="quiet">{words.noOccasion}</span>
  const { mean, low, high } = estimate
  return (
    <span className="number" title={low === high ? undefined : words.value(row.show(mean), row.show(low), row.show(high))}>
      {row.show(mean)} {low !== high && <span className="quiet compare-interval">{`${row.show(low)}…${row.show(high)}`}</span>}
    </span>
  )
}

/** @param estimates of each participant */
function Row({ row, estimates }: { row: RowLook; estimates: readonly (Estimated | null)[] }) {
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

interface TableGroup {
  id: string
  title: string
  /** The estimates are those of each participant. */
  lines: readonly { row: RowLook; estimates: readonly (Estimated | null)[] }[]
}

export function CompareTable({ names, groups }: { names: readonly string[]; groups: readonly TableGroup[] }) {
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
          {names.map((name, who) => (
            <th key={who} scope="col">
              <span className="who" data-who={who} /> {name}
            </th>
          ))}
        </tr>
      </thead>
      {groups.map(({ id, title, lines }) => (
        <tbody key={id}>
          <tr className="compare-title">
            <th scope="rowgroup" colSpan={2 + names.length}>
              {title}
            </th>
          </tr>
          {lines.map(({ row, estimates }) => (
            <Row key={row.id} row={row} estimates={estimates} />
          ))}
        </tbody>
      ))}
    </table>
  )
}

export function ResultTable({ participants }: { participants: readonly Participant[] }) {
  const evaluations = participants.map(({ evaluation }) => evaluation)
  const groups = compareGroups.map(({ id, rows }) => ({
    id,
    title: t().compare.groups[id],
    lines: rowsFor(rows, evaluations).map((row) => ({ row, estimates: evaluations.map(row.of) })),
  }))
  return <CompareTable names={participants.map(({ name }) => name)} groups={groups} />
}
