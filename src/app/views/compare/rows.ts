// What is compared, line by line: each quantity with its mean and interval for everybody who took part. Pure.
import type { Currency } from '../../../core/environments/question/currency.ts'
import type { EvaluationMetrics } from '../../../core/training/metrics.ts'
import type { HabitCounts } from '../../../core/evaluation/habits.ts'
import { partOf } from '../../../core/reward/reward.ts'
import { termNames, type TermName as RewardTermName } from '../../../core/reward/terms.ts'
import { decimal, integer, signed, wholePercent } from '../../format.ts'
import type { TermName } from '../../glossary.ts'
import { t, type Words } from '../../locales/index.ts'
import { wordsOf } from '../../reward/catalogue.ts'

export interface Estimated {
  mean: number
  low: number
  high: number
  /** There is no interval, for it is one episode alone, or none was recorded: low and high are the mean. */
  alone?: boolean
}

/** How a quantity is called and written. */
export interface RowLook {
  id: string
  title: () => string
  term: TermName | null
  show: (value: number) => string
  /** How a difference is written, without its sign. */
  showChange: (value: number) => string
  /** Ends of its scale; the data decide where null. */
  ends: readonly [low: number | null, high: number | null]
  /** Is more better? null: neither. */
  better: 'more' | 'less' | null
}

export interface CompareRow extends RowLook {
  /** Who has it; null where there was no occasion. */
  of: (evaluation: EvaluationMetrics) => Estimated | null
  /** Earlier releases did not measure it: it is left out where nobody has it. */
  younger?: boolean
}

interface CompareGroup {
  id: keyof Words['compare']['groups']
  rows: readonly CompareRow[]
}

const two = (value: number) => decimal(value)
/** Of one episode, a rate has an interval (Wilson's), a mean has none. */
const estimated = (mean: number, [low, high]: readonly [number, number] = [mean, mean], episodes = 1): Estimated => ({ mean, low, high, alone: episodes < 2 && low === high })

/** Shares differ by points of a hundred, not by per cent. */
export const points = (share: number) => t().compare.result.points(Math.round(100 * share))

type Row = Partial<Omit<CompareRow, 'showChange' | 'id'>> & Pick<CompareRow, 'of'> & { id: keyof Words['compare']['rows'] }
const titleOf = (id: keyof Words['compare']['rows']) => () => t().compare.rows[id]
const row = (rest: Row): CompareRow => ({ title: titleOf(rest.id), term: null, show: two, showChange: rest.show === wholePercent ? points : rest.show === integer ? integer : two, ends: [0, 1], better: 'more', ...rest })

/** Of those who were asked for something that has changed. */
function currencyRow(id: Row['id'], value: Currency, better: CompareRow['better']): CompareRow {
  const of = ({ summary: { currency, intervals, episodes } }: EvaluationMetrics) => (currency && intervals.currency ? estimated(currency[value], intervals.currency[value], episodes) : null)
  return row({ id, term: 'currency', show: wholePercent, better, of, younger: true })
}

const earned: readonly CompareRow[] = [
  row({ id: 'reward', term: 'reward', show: signed, ends: [null, 1], of: ({ summary: { reward, intervals, episodes } }) => estimated(reward.total, intervals.reward.total, episodes) }),
  row({ id: 'success', term: 'success', show: wholePercent, of: ({ summary: { success_rate, intervals, episodes } }) => estimated(success_rate, intervals.success_rate, episodes) }),
  row({ id: 'memory_quality', term: 'quality', of: ({ summary: { memory_quality, intervals, episodes } }) => estimated(memory_quality, intervals.memory_quality, episodes) }),
  currencyRow('currency_present', 'present', 'more'),
  currencyRow('currency_superseded', 'superseded', 'less'),
  row({ id: 'format', term: 'violation', show: wholePercent, better: 'less', of: ({ format_violations }) => format_violations }),
]

/** Of who was measured with that term. */
function termRow(name: RewardTermName): CompareRow {
  const of = ({ summary: { reward, intervals, episodes } }: EvaluationMetrics) => {
    const [mean, interval] = [partOf(reward, name), partOf(intervals.reward, name)]
    return mean === undefined || interval === undefined ? null : estimated(mean, interval, episodes)
  }
  return { ...row({ id: 'task', title: () => wordsOf(name).title, term: name, of }), id: name }
}

const components: readonly CompareRow[] = [
  row({ id: 'task', term: 'task', show: signed, ends: [null, 1], of: ({ summary: { reward, intervals, episodes } }) => estimated(reward.task, intervals.reward.task, episodes) }),
  ...termNames.filter((name) => name !== 'task' && name !== 'tool_use' && name !== 'currency').map(termRow),
  row({ id: 'penalty', term: 'penalty', show: signed, ends: [null, 0], of: ({ summary: { reward, intervals, episodes } }) => estimated(reward.penalty, intervals.reward.penalty, episodes) }),
]

const habit = (id: keyof HabitCounts, better: CompareRow['better'] = 'more') => row({ id, show: wholePercent, better, of: ({ habits }) => habits[id] })

const habits: readonly CompareRow[] = [
  habit('add_fact'),
  habit('add_small_talk', 'less'),
  habit('add_distractor', 'less'),
  habit('update_correction'),
  habit('delete_correction', null),
  habit('filter_episode', null),
  habit('summarise_episode', null),
  habit('retrieve_first'),
  habit('unknown_without_memory'),
]

const sizes: readonly CompareRow[] = [
  row({ id: 'fact_recall', of: ({ summary: { fact_recall, intervals, episodes } }) => estimated(fact_recall, intervals.fact_recall, episodes) }),
  row({ id: 'fact_precision', of: ({ summary: { fact_precision, intervals, episodes } }) => estimated(fact_precision, intervals.fact_precision, episodes) }),
  row({ id: 'ltm_size', term: 'ltm', ends: [0, null], better: null, of: ({ ltm_size, intervals, summary: { episodes } }) => estimated(ltm_size, intervals?.ltm_size, intervals ? episodes : 0) }),
  row({ id: 'context_tokens', term: 'contextTokens', show: integer, ends: [0, null], better: 'less', of: ({ context_tokens, intervals, summary: { episodes } }) => estimated(context_tokens, intervals?.context_tokens, intervals ? episodes : 0) }),
  row({ id: 'peak', show: integer, ends: [0, null], better: 'less', of: ({ summary: { tokens, intervals, episodes } }) => estimated(tokens.peak, intervals.tokens.peak, episodes) }),
]

export const compareGroups: readonly CompareGroup[] = [
  { id: 'earned', rows: earned },
  { id: 'components', rows: components },
  { id: 'habits', rows: habits },
  { id: 'sizes', rows: sizes },
]

/** What the intervals say of a change. @param apart as difference() has it */
export function changeChance(apart: boolean | null): string {
  const words = t().compare.result
  if (apart === null) return words.noInterval
  return apart ? words.apart : words.touching
}

/** The common scale of a line. */
export function scaleOfRow({ ends: [low, high] }: Pick<CompareRow, 'ends'>, all: readonly (Estimated | null)[]): [low: number, high: number] {
  const known = all.filter((each) => each !== null)
  const from = low ?? Math.min(0, ...known.map((each) => each.low))
  const to = high ?? Math.max(0, ...known.map((each) => each.high)) * 1.05
  return [from, to > from ? to : from + 1]
}

/** apart: the 95 % intervals do not touch; null where one has none. null alone: there is nothing to compare. */
export function difference(base: Estimated | null, other: Estimated | null): { by: number; apart: boolean | null } | null {
  if (!base || !other) return null
  const known = base.alone !== true && other.alone !== true
  return { by: other.mean - base.mean, apart: known ? other.low > base.high || other.high < base.low : null }
}

/** Those that there is something to say in. */
export const rowsFor = (rows: readonly CompareRow[], evaluations: readonly EvaluationMetrics[]): CompareRow[] => rows.filter((each) => !each.younger || evaluations.some((evaluation) => each.of(evaluation) !== null))
