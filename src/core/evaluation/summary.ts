// Means over many episodes with their 95 % intervals. Knows only what was counted on each (metrics.ts).
import type { Currency } from '../environments/question/currency.ts'
import { partOf, type RewardOf } from '../reward/reward.ts'
import { terms, termsIn, type TermName } from '../reward/terms.ts'
import { recordOf } from '../table.ts'
import { toolNames, type ToolName } from '../agents/agemem/tools/index.ts'
import { meanOf, rateOf, type Estimate } from './estimate.ts'
import type { EpisodeMetrics } from './metrics.ts'

/** The shape of a summary, over what stands at each name: a mean, or an interval. */
export interface SummaryOf<T> {
  reward: RewardOf<T>
  /** Share of episodes whose answer is exactly right. */
  success_rate: T
  memory_quality: T
  fact_recall: T
  fact_precision: T
  /** Share of the corrected facts of which the LTM has the new value alone; null when no task has one. */
  update_correctness: T | null
  /** Shares of the answers to questions about what has changed, by the value that they give; null when there is none. */
  currency: Record<Currency, T> | null
  /** Calls per episode. */
  tool_calls: Record<ToolName, T>
  tool_calls_total: T
  tool_errors: T
  format_violations: T
  tokens: Record<keyof EpisodeMetrics['tokens'], T>
}

export interface Summary extends SummaryOf<number> {
  /** Complete episodes: what the means are over. */
  episodes: number
  /** Episodes that were stopped or failed; they count nowhere else. */
  incomplete: number
  /** 95 %: Wilson's for rates (success, preventive, preservation, maintenance, update correctness), else ±1.96 s/√n. */
  intervals: SummaryOf<[low: number, high: number]>
}

/** Of each term over the episodes that have it, as a rate or as a mean; a term that none has is left out. */
function partsOf<N extends TermName, T>(
  of: readonly EpisodeMetrics[],
  names: readonly N[],
  pick: (estimate: Estimate) => T,
): Partial<Record<N, T>> {
  const values = (name: N): number[] => of.flatMap(({ reward }) => partOf(reward, name) ?? [])
  const estimate = (name: N) => (terms[name].kind === 'indicator' ? rateOf(values(name).map((value) => value === 1)) : meanOf(values(name)))
  return recordOf(names.filter((name) => values(name).length > 0), (name) => pick(estimate(name)))
}

/** Estimates over `of`, which is not empty, each as `pick` gives it. */
function estimates<T>(of: readonly EpisodeMetrics[], pick: (estimate: Estimate) => T): SummaryOf<T> {
  const mean = (value: (episode: EpisodeMetrics) => number) => pick(meanOf(of.map(value)))
  const rate = (holds: (episode: EpisodeMetrics) => boolean) => pick(rateOf(of.map(holds)))
  const updates = of.flatMap(({ updates: { total, right } }) => Array.from({ length: total }, (_, i) => i < right))
  const currencies = of.flatMap(({ currency }) => currency ?? [])
  const calls = (name: ToolName) => mean((e) => e.tool_calls[name] ?? 0)
  return {
    reward: {
      ...partsOf(of, termsIn(null), pick),
      task: mean((e) => e.reward.task),
      context: { ...partsOf(of, termsIn('context'), pick), total: mean((e) => e.reward.context.total) },
      memory: { ...partsOf(of, termsIn('memory'), pick), total: mean((e) => e.reward.memory.total) },
      penalty: mean((e) => e.reward.penalty),
      total: mean((e) => e.reward.total),
    },
    success_rate: rate((e) => e.success),
    memory_quality: mean((e) => e.memory_quality),
    fact_recall: mean((e) => e.fact_recall),
    fact_precision: mean((e) => e.fact_precision),
    update_correctness: updates.length === 0 ? null : pick(rateOf(updates)),
    currency: currencies.length === 0 ? null : recordOf(['present', 'superseded', 'neither'], (value) => pick(rateOf(currencies.map((each) => each === value)))),
    tool_calls: recordOf(toolNames, calls),
    tool_calls_total: mean((e) => Object.values(e.tool_calls).reduce((sum, n) => sum + n, 0)),
    tool_errors: mean((e) => e.tool_errors),
    format_violations: mean((e) => e.format_violations),
    tokens: {
      stage1: mean((e) => e.tokens.stage1),
      stage2: mean((e) => e.tokens.stage2),
      stage3: mean((e) => e.tokens.stage3),
      peak: mean((e) => e.tokens.peak),
      mean: mean((e) => e.tokens.mean),
    },
  }
}

/** Means and intervals over the complete episodes; null when there is none. */
export function summarise(episodes: readonly EpisodeMetrics[]): Summary | null {
  const complete = episodes.filter((episode) => episode.complete)
  if (complete.length === 0) return null
  return {
    episodes: complete.length,
    incomplete: episodes.length - complete.length,
    ...estimates(complete, ({ mean }) => mean),
    intervals: estimates(complete, ({ low, high }): [number, number] => [low, high]),
  }
}
