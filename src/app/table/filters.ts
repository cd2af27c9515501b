// Which lines of a table are wanted, and in what order. Pure.
import type { Outcome, TableRow } from './rows.ts'

/** Where the text that is looked for may stand. */
export const places = ['anywhere', 'task', 'replies', 'answer'] as const
export type Place = (typeof places)[number]

/** Both ends belong to it; null: it has no end there. */
export interface Range {
  from: number | null
  to: number | null
}

export interface Filters {
  text: string
  place: Place
  outcome: Outcome | 'any'
  /** Name of a tool that was called; null: any or none. */
  tool: string | null
  /** Name of the agent; null: any. */
  agent: string | null
  reward: Range
  /** Step of the run. */
  step: Range
  /** Title of the task; null: any. */
  task: string | null
}

const open: Range = { from: null, to: null }
export const noFilters: Filters = { text: '', place: 'anywhere', outcome: 'any', tool: null, agent: null, reward: open, step: open, task: null }

const isOpen = ({ from, to }: Range): boolean => from === null && to === null

/** Does anything but the text narrow the table? */
export function isNarrowed({ outcome, tool, agent, reward, step, task }: Filters): boolean {
  return outcome !== 'any' || tool !== null || agent !== null || !isOpen(reward) || !isOpen(step) || task !== null
}

function within(value: number | null | undefined, { from, to }: Range): boolean {
  if (from === null && to === null) return true
  if (value === null || value === undefined) return false
  return (from === null || value >= from) && (to === null || value <= to)
}

/** What is shown of a reward has two digits: ends that people type mean what they see. */
const shown = (reward: number | null) => (reward === null ? null : Math.round(100 * reward) / 100)

/** Whether a line passes all filters but the text. */
export function passes(row: TableRow & { step?: number }, { outcome, tool, agent, reward, step, task }: Filters): boolean {
  return (
    (outcome === 'any' || row.outcome === outcome) &&
    (tool === null || (row.tools?.[tool] ?? 0) > 0) &&
    (agent === null || row.agent === agent) &&
    (task === null || row.title === task) &&
    within(shown(row.reward), reward) &&
    within(row.step, step)
  )
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')

/** The pattern of a text, whatever its case; null for none. */
export function patternOf(text: string): RegExp | null {
  const wanted = text.trim()
  return wanted === '' ? null : new RegExp(escaped(wanted), 'iu')
}

/** Does the text stand there? null: what it may stand in is not read yet. */
export function matches(row: TableRow, pattern: RegExp, place: Place): boolean | null {
  const { title, expected, answer, heard, replies } = row
  const found = (...texts: (string | null)[]) => texts.some((text) => text !== null && pattern.test(text))
  switch (place) {
    case 'answer':
      return found(answer)
    case 'task':
      return found(title, expected, heard) || (heard === null ? null : false)
    case 'replies':
      return found(replies) || (replies === null ? null : false)
    case 'anywhere':
      return found(title, expected, answer, heard, replies) || (heard === null || replies === null ? null : false)
  }
}

export interface Sort {
  column: string
  descending: boolean
}

/** Smaller first; what is not there stands behind everything, in both directions. */
export function compared(a: number | string | null, b: number | string | null, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : a === b ? 0 : String(a) < String(b) ? -1 : 1
  return descending ? -order : order
}
