// R = w_task R_task + w_context R_context + w_memory R_memory + P (eq. 16), from components and weights alone: cheap
// enough to run under a slider.
import { penalty } from './penalty.ts'
import type { ComponentName, Reward, RewardComponents, RewardWeights } from './reward.ts'

const clamp = (x: number, [low, high]: readonly [number, number]) => Math.min(high, Math.max(low, x))

const maintenanceOf = (components: RewardComponents, weights: RewardWeights) =>
  weights.failed_maintenance ? components.maintenance_attempted : components.maintenance

/** Eq. 16, 18 and 22 under these weights. */
export function composite(components: RewardComponents, weights: RewardWeights): Reward {
  const { alpha, beta } = weights
  const { task, compression, preventive, preservation, storage, relevance, tool_use } = components
  const maintenance = maintenanceOf(components, weights)
  const context = alpha.compression * compression + alpha.preventive * preventive + alpha.preservation * preservation
  const memory = beta.storage * storage + beta.maintenance * maintenance + beta.relevance * relevance
  const lost = penalty({ rounds: components.rounds_exceeded, context: components.context_exceeded }, weights.penalty)
  const total = weights.task * task + weights.context * context + weights.memory * memory + weights.tool_use * tool_use + lost
  return {
    task,
    context: { compression, preventive, preservation, total: context },
    memory: { storage, maintenance, relevance, total: memory },
    tool_use,
    penalty: lost,
    total: weights.clip ? clamp(total, weights.clip) : total,
  }
}

/** The terms of eq. 16 with their weights, for those who weigh them one by one. Terms without weight are left out. */
export function rewardTerms({ task, context, memory, tool_use, penalty }: Reward, weights: RewardWeights): { name: 'task' | 'context' | 'memory' | 'tool_use' | 'penalty'; weight: number; value: number }[] {
  return [
    { name: 'task' as const, weight: weights.task, value: task },
    { name: 'context' as const, weight: weights.context, value: context.total },
    { name: 'memory' as const, weight: weights.memory, value: memory.total },
    { name: 'tool_use' as const, weight: weights.tool_use, value: tool_use },
    // Its weights are in it already.
    { name: 'penalty' as const, weight: 1, value: penalty },
  ].filter(({ weight }) => weight > 0)
}

/** What each component brings to the total, in points; they add up to the total before any clip. */
export function contributions(components: RewardComponents, weights: RewardWeights): Record<ComponentName | 'penalty', number> {
  const { alpha, beta } = weights
  return {
    task: weights.task * components.task,
    compression: weights.context * alpha.compression * components.compression,
    preventive: weights.context * alpha.preventive * components.preventive,
    preservation: weights.context * alpha.preservation * components.preservation,
    storage: weights.memory * beta.storage * components.storage,
    maintenance: weights.memory * beta.maintenance * maintenanceOf(components, weights),
    relevance: weights.memory * beta.relevance * components.relevance,
    tool_use: weights.tool_use * components.tool_use,
    penalty: penalty({ rounds: components.rounds_exceeded, context: components.context_exceeded }, weights.penalty),
  }
}
