// What is counted on one episode beside its reward, and the line that the command line prints for it. Plain data with
// snake_case names; knows no files and no console.
import { familyOf } from '../environments/families.ts'
import type { Currency } from '../environments/question/currency.ts'
import { questionPhases } from '../environments/question/environment.ts'
import { memoryAt } from '../record/replay.ts'
import type { Step, Trajectory } from '../record/trajectory.ts'
import type { Reward } from '../reward/reward.ts'
import type { Scored } from '../reward/score.ts'
import { measureTerm, terms } from '../reward/terms.ts'
import { toolNames } from '../agents/agemem/tools/index.ts'

export interface EpisodeMetrics {
  /** False for an episode that was stopped or failed. */
  complete: boolean
  reward: Reward
  /** The judge gave (all but) full marks: the answer is exactly right. */
  success: boolean
  /** MQ of the LTM at the end. */
  memory_quality: number
  /** Supporting facts that hold and are stored at the end, of all that hold. */
  fact_recall: number
  /** Entries at the end that state such a fact, of all entries. */
  fact_precision: number
  /** Corrected facts: how many there are, and of how many the LTM has the new value alone. */
  updates: { total: number; right: number }
  /** Where something that is asked for has changed: which value the answer gives; null: nothing has. */
  currency: Currency | null
  /** Calls by name, failed ones included; the six tools always, any other name that was called too. */
  tool_calls: Record<string, number>
  tool_errors: number
  format_violations: number
  /** Tokens of the prompt: the largest of each stage (0 when it was not played), the largest of all, the mean over steps. */
  tokens: { stage1: number; stage2: number; stage3: number; peak: number; mean: number }
}

/** A judge's score from which an answer counts as right. */
export const successFrom = 0.999

function countCalls(trajectory: Trajectory): Record<string, number> {
  const counts = new Map<string, number>(toolNames.map((name) => [name, 0]))
  for (const step of trajectory.steps) for (const { name } of step.calls) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Object.fromEntries(counts)
}

function countTokens(trajectory: Trajectory): EpisodeMetrics['tokens'] {
  const [stage1 = 0, stage2 = 0, stage3 = 0] = questionPhases.map((phase) =>
    trajectory.steps.reduce((most, step) => (step.phase === phase ? Math.max(most, step.prompt_tokens) : most), 0),
  )
  const sum = trajectory.steps.reduce((total, step) => total + step.prompt_tokens, 0)
  return { stage1, stage2, stage3, peak: Math.max(stage1, stage2, stage3), mean: sum / Math.max(1, trajectory.steps.length) }
}

/** Tokens in the context when the answer is given: T_used of eq. 19. */
export const contextTokensOf = (trajectory: Trajectory): number => measureTerm('compression', trajectory).used

/** Entries in the LTM at the end. */
export const ltmSizeOf = (trajectory: Trajectory): number => memoryAt(trajectory, trajectory.steps.length - 1, 'after').length

export const hasViolation = ({ violations }: Step): boolean => violations.length > 0

/** Everything that is counted on an episode. */
export function metricsOf(trajectory: Trajectory, { reward, quality, memoryQuality }: Scored): EpisodeMetrics {
  const { steps } = trajectory
  return {
    complete: trajectory.status === 'complete',
    reward,
    success: reward.task >= successFrom,
    memory_quality: memoryQuality,
    fact_recall: quality.recall,
    fact_precision: quality.precision,
    updates: { total: quality.updates.length, right: quality.updates.filter((update) => update.right).length },
    currency: terms.currency.applies(trajectory.task) ? measureTerm('currency', trajectory).gives : null,
    tool_calls: countCalls(trajectory),
    tool_errors: steps.reduce((sum, step) => sum + step.calls.filter((call) => !call.ok).length, 0),
    format_violations: steps.reduce((sum, step) => sum + step.violations.length, 0),
    tokens: countTokens(trajectory),
  }
}

/** One line of the `episode` command: the trajectory, which can be imported as it is, with what was measured on it. */
type EpisodeLine = { task_id: string; source: string; query: string; expected: string } & EpisodeMetrics & Trajectory

/** The line for an episode. */
export function report(trajectory: Trajectory, scored: Scored): EpisodeLine {
  const { task } = trajectory
  const family = familyOf(task)
  return { task_id: task.id, source: task.source, query: family.title(task), expected: family.expected(task), ...metricsOf(trajectory, scored), ...trajectory }
}
