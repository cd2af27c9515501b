// What a step's rollouts did, as means over the episodes: the part of the metrics that needs no model. Reuses what
// core/evaluation counts on one episode.
import { questionPhases } from '../environments/question/environment.ts'
import type { Trajectory } from '../record/trajectory.ts'
import type { Rollout } from '../evaluation/evaluate.ts'
import { countHabits } from '../evaluation/habits.ts'
import { contextTokensOf, hasViolation, ltmSizeOf, metricsOf } from '../evaluation/metrics.ts'
import { partOf } from '../reward/reward.ts'
import { termGroups } from '../reward/term.ts'
import { termsButTask, type TermName } from '../reward/terms.ts'
import type { Scored } from '../reward/score.ts'
import { namesOf, recordOf } from '../table.ts'
import { toolNames, type ToolName } from '../agents/agemem/tools/index.ts'
import type { StepMetrics } from './metrics.ts'

type EpisodeMeans = Pick<
  StepMetrics,
  | 'episodes'
  | 'reward'
  | 'components'
  | 'success'
  | 'answered'
  | 'tool_calls'
  | 'tool_errors'
  | 'habits'
  | 'context_tokens'
  | 'ltm_size'
  | 'memory_quality'
  | 'fact_recall'
  | 'fact_precision'
  | 'format_violations'
  | 'clipped_replies'
  | 'replies'
  | 'reply_tokens'
>

/** 0 of nothing. */
export function meanBy<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0) / Math.max(1, items.length)
}

const share = <T>(items: readonly T[], holds: (item: T) => boolean) => meanBy(items, (item) => (holds(item) ? 1 : 0))

/** Calls of each tool per episode, in the phases given. */
function callsPerEpisode(trajectories: readonly Trajectory[], within: readonly string[]): Record<ToolName, number> {
  const calls = trajectories.flatMap(({ steps }) => steps.flatMap((step) => (within.includes(step.phase) ? step.calls : [])))
  const each = (tool: ToolName) => calls.filter(({ name }) => name === tool).length / Math.max(1, trajectories.length)
  return recordOf(toolNames, each)
}

/** Of each term over the episodes that have it; a term that none has is left out. */
function termMeans(rollouts: readonly Rollout[]): Partial<Record<TermName, number>> {
  const values = (name: TermName) => rollouts.flatMap(({ scored }) => partOf(scored.reward, name) ?? [])
  return recordOf(termsButTask.filter((name) => values(name).length > 0), (name) => meanBy(values(name), (value) => value))
}

/** Means over the episodes. */
export function episodeMeans(rollouts: readonly Rollout[]): EpisodeMeans {
  const trajectories = rollouts.map(({ trajectory }) => trajectory)
  const episodes = rollouts.map(({ trajectory, scored }) => metricsOf(trajectory, scored))
  const steps = trajectories.flatMap((trajectory) => trajectory.steps)
  const component = (value: (scored: Scored) => number) => meanBy(rollouts, ({ scored }) => value(scored))
  return {
    episodes: rollouts.length,
    reward: component(({ reward }) => reward.total),
    components: {
      ...recordOf(namesOf(termGroups), (group) => component(({ reward }) => reward[group].total)),
      ...termMeans(rollouts),
      task: component(({ reward }) => reward.task),
      penalty: component(({ reward }) => reward.penalty),
    },
    success: share(episodes, ({ success }) => success),
    answered: share(trajectories, ({ answer }) => answer !== null),
    tool_calls: {
      total: callsPerEpisode(trajectories, questionPhases),
      stage1: callsPerEpisode(trajectories, ['build']),
      stage2: callsPerEpisode(trajectories, ['resist']),
      stage3: callsPerEpisode(trajectories, ['answer']),
    },
    tool_errors: meanBy(episodes, ({ tool_errors }) => tool_errors),
    habits: countHabits(trajectories),
    context_tokens: meanBy(trajectories, contextTokensOf),
    ltm_size: meanBy(trajectories, ltmSizeOf),
    memory_quality: meanBy(episodes, ({ memory_quality }) => memory_quality),
    fact_recall: meanBy(episodes, ({ fact_recall }) => fact_recall),
    fact_precision: meanBy(episodes, ({ fact_precision }) => fact_precision),
    format_violations: share(steps, hasViolation),
    clipped_replies: share(steps, ({ reply }) => reply.finish !== 'stop'),
    replies: steps.length / Math.max(1, trajectories.length),
    reply_tokens: meanBy(steps, ({ reply }) => reply.tokens),
  }
}

/** Tokens that the policy sampled, summaries included. */
export function sampledTokens(trajectories: readonly Trajectory[]): number {
  return trajectories.reduce(
    (sum, { steps }) => sum + steps.reduce((of, { reply, asides }) => of + reply.tokens + asides.reduce((more, { generation }) => more + generation.tokens, 0), 0),
    0,
  )
}
