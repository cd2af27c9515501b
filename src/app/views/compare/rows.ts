// What is compared, line by line: each quantity with its mean and interval for everybody who took part. Pure.
import type { EvaluationMetrics } from '../../../core/training/metrics.ts'
import type { HabitCounts } from '../../../core/evaluation/habits.ts'
import { partOf } from '../../../core/reward/reward.ts'
import { termNames, type TermName as RewardTermName } from '../../../core/reward/terms.ts'
import { decimal, integer, signed, wholePercent } from '../../format.ts'
import type { TermName } from '../../glossary.ts'
import { wordsOf } from '../../reward/catalogue.ts'

export interface Estimated {
  mean: number
  low: number
  high: number
  /** There is no interval, for it is one episode alone, or none was recorded: low and high are the mean. */
  alone?: boolean
}

export interface CompareRow {
  id: string
  title: string
  term: TermName | null
  /** Who has it; null where there was no occasion. */
  of: (evaluation: EvaluationMetrics) => Estimated | null
  show: (value: number) => string
  /** How a difference is written, without its sign. */
  showChange: (value: number) => string
  /** Ends of its scale; the data decide where null. */
  ends: [low: number | null, high: number | null]
  /** Is more better? null: neither. */
  better: 'more' | 'less' | null
}

interface CompareGroup {
  title: string
  rows: readonly CompareRow[]
}

const two = (value: number) => decimal(value)
/** Of one episode, a rate has an interval (Wilson's), a mean has none. */
const estimated = (mean: number, [low, high]: readonly [number, number] = [mean, mean], episodes = 1): Estimated => ({ mean, low, high, alone: episodes < 2 && low === high })

/** Shares differ by points of a hundred, not by per cent. */
const points = (share: number) => `${Math.round(100 * share)} points`

type Row = Partial<Omit<CompareRow, 'showChange'>> & Pick<CompareRow, 'id' | 'title' | 'of'>
const row = (rest: Row): CompareRow => ({ term: null, show: two, showChange: rest.show === wholePercent ? points : rest.show === integer ? integer : two, ends: [0, 1], better: 'more', ...rest })

const earned: readonly CompareRow[] = [
  row({ id: 'reward', title: 'Reward', term: 'reward', show: signed, ends: [null, 1], of: ({ summary: { reward, intervals, episodes } }) => estimated(reward.total, intervals.reward.total, episodes) }),
  row({ id: 'success', title: 'Right answers', term: 'success', show: wholePercent, of: ({ summary: { success_rate, intervals, episodes } }) => estimated(success_rate, intervals.success_rate, episodes) }),
  row({ id: 'memory_quality', title: 'Memory quality', term: 'quality', of: ({ summary: { memory_quality, intervals, episodes } }) => estimated(memory_quality, intervals.memory_quality, episodes) }),
  row({ id: 'format', title: 'Broken format', term: 'violation', show: wholePercent, better: 'less', of: ({ format_violations }) => format_violations }),
]

/** Of who was measured with that term. */
function termRow(name: RewardTermName): CompareRow {
  const of = ({ summary: { reward, intervals, episodes } }: EvaluationMetrics) => {
    const [mean, interval] = [partOf(reward, name), partOf(intervals.reward, name)]
    return mean === undefined || interval === undefined ? null : estimated(mean, interval, episodes)
  }
  return row({ id: name, title: wordsOf(name).title, term: name, of })
}

const components: readonly CompareRow[] = [
  row({ id: 'task', title: 'Task', term: 'task', show: signed, ends: [null, 1], of: ({ summary: { reward, intervals, episodes } }) => estimated(reward.task, intervals.reward.task, episodes) }),
  ...termNames.filter((name) => name !== 'task' && name !== 'tool_use').map(termRow),
  row({ id: 'penalty', title: 'Penalty', term: 'penalty', show: signed, ends: [null, 0], of: ({ summary: { reward, intervals, episodes } }) => estimated(reward.penalty, intervals.reward.penalty, episodes) }),
]

const habitTitles = {
  add_fact: 'Stores a fact',
  add_small_talk: 'Stores small talk',
  add_distractor: 'Stores a distractor',
  update_correction: 'Updates what was corrected',
  delete_correction: 'Deletes what was corrected',
  filter_episode: 'Filters its context',
  summarise_episode: 'Summarises its context',
  retrieve_first: 'Looks up before it answers',
  unknown_without_memory: 'Admits not to know',
} as const satisfies Record<keyof HabitCounts, string>

const habit = (id: keyof HabitCounts, better: CompareRow['better'] = 'more') => row({ id, title: habitTitles[id], show: wholePercent, better, of: ({ habits }) => habits[id] })

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
  row({ id: 'fact_recall', title: 'Facts kept', of: ({ summary: { fact_recall, intervals, episodes } }) => estimated(fact_recall, intervals.fact_recall, episodes) }),
  row({ id: 'fact_precision', title: 'Entries of use', of: ({ summary: { fact_precision, intervals, episodes } }) => estimated(fact_precision, intervals.fact_precision, episodes) }),
  row({ id: 'ltm_size', title: 'Entries in long-term memory', term: 'ltm', ends: [0, null], better: null, of: ({ ltm_size, intervals, summary: { episodes } }) => estimated(ltm_size, intervals?.ltm_size, intervals ? episodes : 0) }),
  row({ id: 'context_tokens', title: 'Context at the answer, tokens', term: 'contextTokens', show: integer, ends: [0, null], better: 'less', of: ({ context_tokens, intervals, summary: { episodes } }) => estimated(context_tokens, intervals?.context_tokens, intervals ? episodes : 0) }),
  row({ id: 'peak', title: 'Largest prompt, tokens', show: integer, ends: [0, null], better: 'less', of: ({ summary: { tokens, intervals, episodes } }) => estimated(tokens.peak, intervals.tokens.peak, episodes) }),
]

export const compareGroups: readonly CompareGroup[] = [
  { title: 'What it earns', rows: earned },
  { title: 'Components of the reward', rows: components },
  { title: 'Habits', rows: habits },
  { title: 'Memory and context', rows: sizes },
]

/** What the intervals say of a change. @param apart as difference() has it */
export function changeChance(apart: boolean | null): string {
  if (apart === null) return 'There is no interval: it may be chance.'
  return apart ? 'The 95 % intervals are apart: hardly by chance.' : 'The 95 % intervals touch: it may be chance.'
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
