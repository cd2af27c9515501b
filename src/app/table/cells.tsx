// What stands in the cells of both tables: the task, the answer with its verdict, the tools.
import { CircleCheck, CircleDashed, CircleX, ListFilter } from 'lucide-react'
import { integer, signed } from '../format.ts'
import { t } from '../locales/index.ts'
import { lookOfTool } from '../ui/tools.tsx'
import type { Outcome, TableRow } from './rows.ts'

const icons = { right: CircleCheck, wrong: CircleX, none: CircleDashed } as const satisfies Record<Outcome, unknown>

interface TaskCellProps {
  row: TableRow
  active: boolean
  /** Beside what is expected. */
  note?: string
  /** Narrows the table to this task; left out: it cannot be. */
  onOnly?: () => void
}

export function TaskCell({ row: { title, expected }, active, note, onOnly }: TaskCellProps) {
  const words = t().table
  return (
    <>
      <span className="cell-title">
        <span title={title}>{title}</span>
        {onOnly && (
          <button type="button" className="cell-only" tabIndex={active ? 0 : -1} aria-label={words.onlyTask} title={words.onlyTask} onClick={onOnly}>
            <ListFilter aria-hidden />
          </button>
        )}
      </span>
      <span className="cell-note quiet">
        {words.expected} <span className="wrote">{expected}</span>
        {note !== undefined && ` · ${note}`}
      </span>
    </>
  )
}

export function AnswerCell({ row: { answer, outcome }, stopped = false }: { row: TableRow; stopped?: boolean }) {
  const words = t().table
  const Icon = outcome && icons[outcome]
  return (
    <span className="cell-answer" data-outcome={outcome ?? undefined}>
      {Icon && <Icon aria-label={words.outcome[outcome]} />}
      {answer === null ? (
        <span className="quiet">{stopped ? words.stopped : words.outcome.none}</span>
      ) : (
        <span className="wrote" title={answer}>
          {answer}
        </span>
      )}
    </span>
  )
}

export function ToolsCell({ tools }: Pick<TableRow, 'tools'>) {
  if (tools === null) return null
  const used = Object.entries(tools).filter(([, calls]) => calls > 0)
  const looks = used.map(([name, calls]) => ({ name, calls, ...lookOfTool(name) }))
  const said = looks.map(({ word, calls }) => `${word} ${calls}`).join(', ')
  return (
    <span className="cell-tools" role="img" aria-label={said === '' ? t().table.noTools : said} title={said === '' ? undefined : said}>
      {looks.map(({ name, calls, hue, icon: Icon }) => (
        <span key={name} data-hue={hue}>
          <Icon aria-hidden /> {calls}
        </span>
      ))}
    </span>
  )
}

/** A reward or an advantage; a dash where there is none. */
export const Figure = ({ value }: { value: number | null }) => (value === null ? '–' : signed(value))

export const Whole = ({ value }: { value: number }) => integer(value)
