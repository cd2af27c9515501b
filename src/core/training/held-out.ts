// When a run is evaluated, and under which condition: always the same held-out tasks with the same seeds.
import type { DataSets } from '../environments/family.ts'
import type { Condition } from '../evaluation/rollouts.ts'
import type { AdapterRef } from '../record/setup.ts'
import { evaluationTemperature, type TrainConfig } from './config.ts'
import { evaluationTasks } from './tasks-of-step.ts'

interface HeldOut {
  config: Pick<TrainConfig, 'tasks' | 'evaluation' | 'episode' | 'reward' | 'agent'>
  /** Run and finished steps; 0: the model before training. */
  id: { run: string; batch: number }
  model: string
  /** What the model plays with; null: as it is. */
  adapter: AdapterRef | null
}

/** @throws MissingDataError */
export async function heldOutCondition({ config, id, model, adapter }: HeldOut, data: DataSets): Promise<Condition> {
  return {
    id,
    tasks: await evaluationTasks(config, data),
    policy: { kind: 'onnx', model, source: null, adapter },
    agent: config.agent,
    reward: config.reward.weights,
    seed: config.evaluation.seed,
    settings: { ...config.episode, temperature: evaluationTemperature(config) },
  }
}

/** Is an evaluation due after so many finished steps? Before the first, every n-th, and behind the last planned one. */
export function evaluationDue({ evaluation, steps }: Pick<TrainConfig, 'evaluation' | 'steps'>, step: number): boolean {
  return evaluation.every > 0 && (step % evaluation.every === 0 || step === steps)
}
