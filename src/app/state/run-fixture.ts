// Metrics for tests: a step and an evaluation in which nothing happened, but for what a test sets. Only tests import it.
import type { EvaluationMetrics, StepMetrics } from '../../core/training/metrics.ts'
import { summarise } from '../../core/evaluation/summary.ts'
import { toolNames, type ToolName } from '../../core/agents/agemem/tools/index.ts'
import { recordOf } from '../../core/table.ts'

export const noCalls: Record<ToolName, number> = recordOf(toolNames, () => 0)

export function stepFixture(step: number, given: Partial<StepMetrics> = {}): StepMetrics {
  return {
    step,
    phase: 'all',
    episodes: 4,
    reward: 0,
    reward_std: 0,
    group_reward_std: 0,
    frac_reward_zero_std: 0,
    groups: [],
    components: { task: 0, context: 0, memory: 0, compression: 0, preventive: 0, preservation: 0, storage: 0, maintenance: 0, relevance: 0, tool_use: 0, penalty: 0 },
    success: 0,
    answered: 1,
    loss: null,
    surrogate_loss: null,
    kl: null,
    entropy: null,
    clip_ratio: null,
    mean_ratio: null,
    grad_norm: null,
    learning_rate: 0.001,
    updates: { applied: 1, skipped: 0 },
    tool_calls: { total: noCalls, stage1: noCalls, stage2: noCalls, stage3: noCalls },
    tool_errors: 0,
    context_tokens: 0,
    ltm_size: 0,
    memory_quality: 0,
    fact_recall: 0,
    fact_precision: 0,
    format_violations: 0,
    clipped_replies: 0,
    replies: 10,
    reply_tokens: 20,
    tokens: { sampled: 0, packed: 0, loss: 0, padded: 0 },
    sequences: { packed: 0, without_variance: 0, too_long: 0 },
    seconds: { rollout: 0, scoring: 0, update: 0, other: 0, total: 0 },
    warnings: [],
    pause: null,
    ...given,
  }
}

export interface EvaluationGiven {
  calls?: Partial<Record<ToolName, number>>
  seconds?: number
}

/** An evaluation of two episodes that both got this reward. */
export function evaluationFixture(step: number, reward: number, { calls = {}, seconds = 0 }: EvaluationGiven = {}): EvaluationMetrics {
  const episode = {
    complete: true,
    reward: { task: reward, context: { compression: 0, preventive: 0, preservation: 0, total: 0 }, memory: { storage: 0, maintenance: 0, relevance: 0, total: 0 }, tool_use: 0, penalty: 0, total: reward },
    success: false,
    memory_quality: 0,
    fact_recall: 0,
    fact_precision: 0,
    updates: { total: 0, right: 0 },
    currency: null,
    tool_calls: { ...noCalls, ...calls },
    tool_errors: 0,
    format_violations: 0,
    tokens: { stage1: 0, stage2: 0, stage3: 0, peak: 0, mean: 0 },
  }
  const summary = summarise([episode, episode])
  if (!summary) throw new Error('There is no summary of two complete episodes.')
  const habits = { add_fact: null, add_small_talk: null, add_distractor: null, update_correction: null, delete_correction: null, filter_episode: null, summarise_episode: null, retrieve_first: null, unknown_without_memory: null }
  return { step, tasks: 2, seed: 1, summary, format_violations: { mean: 0, low: 0, high: 0, n: 2 }, habits, context_tokens: 0, ltm_size: 0, seconds }
}
