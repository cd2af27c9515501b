// Records of training runs for tests: whole and valid, with numbers that mean nothing. Only tests import it.
import { toolNames } from '../agents/agemem/tools/index.ts'
import { recordOf } from '../table.ts'
import { miraTask, add, trajectoryOf } from '../episode/fixture.ts'
import type { Trajectory } from '../record/trajectory.ts'
import { trainPresets } from './config.ts'
import type { EvaluationMetrics } from '../evaluation/evaluation-metrics.ts'
import type { StepMetrics } from './metrics.ts'
import type { AdapterState } from '../policy/trainable.ts'
import type { Checkpoint, CheckpointRecord, RunRecord } from './runs.ts'

const noCalls = recordOf(toolNames, () => 0)

export function runRecord(key: string, changes: Partial<RunRecord> = {}): RunRecord {
  return { key, name: `Run ${key}`, created: 0, model: 'nano', model_url: 'models/nano', config: trainPresets.quick, steps: 0, status: 'running', note: null, ...changes }
}

export function stepMetrics(step: number, reward = step / 100): StepMetrics {
  return {
    step,
    phase: 'all',
    episodes: 2,
    reward,
    reward_std: 0.14,
    group_reward_std: 0.1,
    frac_reward_zero_std: 0,
    groups: [{ task: 'mira', rollouts: [0, 1], rewards: [reward - 0.1, reward + 0.1], advantages: [-0.7, 0.7], mean: reward, std: 0.14, zero_variance: false }],
    components: { task: 0, context: 0, memory: 0, compression: 0, preventive: 0, preservation: 0, storage: 0, maintenance: 0, relevance: 0, tool_use: 0, penalty: 0 },
    success: 0,
    answered: 1,
    loss: 0.01,
    surrogate_loss: 0.01,
    kl: null,
    entropy: 1,
    clip_ratio: 0,
    mean_ratio: 1,
    grad_norm: 0.5,
    learning_rate: 1e-3,
    updates: { applied: 1, skipped: 0 },
    tool_calls: { total: noCalls, stage1: noCalls, stage2: noCalls, stage3: noCalls },
    tool_errors: 0,
    context_tokens: 100,
    ltm_size: 1,
    memory_quality: 0.5,
    fact_recall: 0.5,
    fact_precision: 0.5,
    format_violations: 0,
    clipped_replies: 0,
    replies: 2,
    reply_tokens: 12,
    tokens: { sampled: 48, packed: 200, loss: 48, padded: 256 },
    sequences: { packed: 2, without_variance: 0, too_long: 0 },
    seconds: { rollout: 1, scoring: 0.1, update: 1, other: 0.1, total: 2.2 },
    warnings: [],
    pause: null,
  }
}

const part = <T>(of: T) => ({
  reward: {
    task: of,
    context: { compression: of, preventive: of, preservation: of, total: of },
    memory: { storage: of, maintenance: of, relevance: of, total: of },
    tool_use: of,
    penalty: of,
    total: of,
  },
  success_rate: of,
  memory_quality: of,
  fact_recall: of,
  fact_precision: of,
  update_correctness: null,
  currency: null,
  tool_calls: recordOf(toolNames, () => of),
  tool_calls_total: of,
  tool_errors: of,
  format_violations: of,
  tokens: { stage1: of, stage2: of, stage3: of, peak: of, mean: of },
})

export function evaluationMetrics(step: number, reward = 0.5): EvaluationMetrics {
  const interval: [number, number] = [reward - 0.1, reward + 0.1]
  return {
    step,
    tasks: 4,
    seed: 1,
    summary: { ...part(reward), episodes: 4, incomplete: 0, intervals: part(interval) },
    format_violations: { mean: 0, low: 0, high: 0.1, n: 8 },
    habits: {
      add_fact: { mean: 0.5, low: 0.2, high: 0.8, n: 8 },
      add_small_talk: null,
      add_distractor: null,
      update_correction: null,
      delete_correction: null,
      filter_episode: null,
      summarise_episode: null,
      retrieve_first: null,
      unknown_without_memory: null,
    },
    context_tokens: 100,
    ltm_size: 2,
    seconds: 3,
  }
}

export function checkpointRecord(key: string, run: string | null, changes: Partial<CheckpointRecord> = {}): CheckpointRecord {
  return { key, run, name: key, step: 1, created: 0, model: 'nano', lora: { rank: 2, alpha: 4, targets: ['q_proj', 'v_proj'] }, evaluation: null, resumable: true, ...changes }
}

/** One tensor with its moments; the value tells states apart. */
export function adapterState(value: number): AdapterState {
  return {
    step: value,
    parameters: new Map([['layers.0.q_proj.lora_A', Float32Array.of(value, -value, 1 / 3)]]),
    first: new Map([['layers.0.q_proj.lora_A', Float32Array.of(0, value, 0)]]),
    second: new Map([['layers.0.q_proj.lora_A', Float32Array.of(value, 0, 1e-12)]]),
  }
}

export const checkpoint = (key: string, run: string | null, changes: Partial<CheckpointRecord> = {}): Checkpoint => ({ record: checkpointRecord(key, run, changes), state: adapterState(changes.step ?? 1) })

/** Two rollouts of one task. */
export function rolloutsOf(run: string, step: number): Trajectory[] {
  return ['Oslem', 'Tarn'].map((answer, rollout) => {
    const trajectory = trajectoryOf({
      task: miraTask(),
      steps: [
        { phase: 'build', says: 'Mira Voss lives in Oslem.', calls: [add('m1', `Mira Voss lives in ${answer}.`)] },
        { phase: 'answer', says: 'Where does Mira Voss live?', answer },
      ],
    })
    return { ...trajectory, id: { ...trajectory.id, run, batch: step, rollout } }
  })
}
