// One step of supervised training, and its evaluation. Depends on nothing but configuration, step number and adapter;
// time and model are passed in.
import type { DataSets } from '../../environments/family.ts'
import { evaluate } from '../../evaluation/evaluate.ts'
import { metricsOf } from '../../evaluation/metrics.ts'
import type { CountingPolicy, RolloutHooks } from '../../evaluation/rollouts.ts'
import { AbortError } from '../../policy/policy.ts'
import type { Trainable } from '../../policy/trainable.ts'
import { rewardPresets } from '../../reward/presets.ts'
import { scoreTrajectory } from '../../reward/score.ts'
import { learningRateAt } from '../config.ts'
import { adapterOfRun } from '../runs.ts'
import { evaluationTasks, tasksOfStep } from '../tasks-of-step.ts'
import type { SupervisedConfig } from './config.ts'
import { demonstrate } from './demonstrations.ts'
import { lessonOf } from './lesson.ts'
import type { SupervisedEvaluation, SupervisedMetrics } from './metrics.ts'

interface Hooks extends Omit<RolloutHooks, 'onProgress'> {
  /** Monotonic clock, ms. */
  now(): number
  data: DataSets
  onShare?: (share: number) => void
}

const limitOf = ({ batching }: SupervisedConfig, { window }: Pick<Trainable, 'window'>) => Math.min(window, Math.max(...batching.lengths))

/**
 * Makes the step `step`, from 1; training must have begun on the model. Until the update it can be aborted and nothing
 * has changed.
 * @throws AbortError when the signal fires, MissingDataError, RangeError when the teacher does not know the tasks or
 * nothing of what it did can be learnt
 */
export async function supervisedStep(run: string, config: SupervisedConfig, step: number, model: Trainable, { now, data, signal }: Hooks): Promise<SupervisedMetrics> {
  const started = now()
  const tasks = await tasksOfStep(config, step, data)
  const trajectories = await demonstrate({ id: { run, batch: step }, tasks, seed: config.seed }, config, model, { signal })
  const { sequences, tooLong } = lessonOf(trajectories, model.encoder, limitOf(config, model), config.phase_weights)
  if (sequences.length === 0) {
    throw new RangeError(`Step ${step} has nothing to learn from: ${tooLong > 0 ? 'every reply stands in a conversation longer than batching.lengths or the window' : 'no reply of the teacher is one to be learnt'}.`)
  }
  const shown = now()
  if (signal?.aborted) throw new AbortError()
  const learningRate = learningRateAt(config, step)
  const report = await model.update(sequences, { learningRate, maxNorm: config.max_norm ?? Infinity, beta: 0 })
  const finite = (value: number) => (Number.isFinite(value) ? value : null)
  const right = trajectories.filter((trajectory) => metricsOf(trajectory, scoreTrajectory(trajectory, rewardPresets.paper)).success)
  return {
    step,
    loss: finite(report.loss),
    grad_norm: finite(report.grad_norm),
    learning_rate: learningRate,
    applied: report.applied,
    tokens: {
      packed: sequences.reduce((sum, { ids }) => sum + ids.length, 0),
      loss: sequences.reduce((sum, { targets }) => sum + targets.length, 0),
      padded: report.padded_tokens,
    },
    sequences: { packed: sequences.length, too_long: tooLong },
    teacher_success: right.length / trajectories.length,
    seconds: { demonstrations: (shown - started) / 1000, update: (now() - shown) / 1000, total: (now() - started) / 1000 },
  }
}

/** Is an evaluation due after so many finished steps? Every n-th, and behind the last planned one. */
export function supervisedEvaluationDue({ evaluation: { every }, steps }: Pick<SupervisedConfig, 'evaluation' | 'steps'>, step: number): boolean {
  return every > 0 && (step % every === 0 || step === steps)
}

/** On held-out tasks, after `step` steps. @throws AbortError when the signal fires, MissingDataError, RangeError */
export async function evaluateSupervised(run: string, config: SupervisedConfig, step: number, model: Trainable & CountingPolicy, hooks: Hooks): Promise<SupervisedEvaluation> {
  const { now, data, signal, watch, onShare } = hooks
  const started = now()
  const { evaluation, episode } = config
  const id = { run, batch: step }
  const tasks = (count: number) => evaluationTasks({ tasks: config.tasks, evaluation: { every: 1, seed: evaluation.seed, tasks: count } }, data)
  onShare?.(0)
  let demonstrations: SupervisedEvaluation['demonstrations'] = null
  if (evaluation.demonstrations > 0) {
    const shown = await demonstrate({ id, tasks: await tasks(evaluation.demonstrations), seed: evaluation.seed }, config, model, { signal })
    const { sequences } = lessonOf(shown, model.encoder, limitOf(config, model), {})
    const logps = (await model.score(sequences, 'policy')).flatMap((row) => [...row])
    demonstrations = { loss: -logps.reduce((sum, logp) => sum + logp, 0) / Math.max(1, logps.length), tokens: logps.length, episodes: shown.length }
  }
  if (signal?.aborted) throw new AbortError()
  if (evaluation.tasks === 0) return { step, demonstrations, episodes: null, seconds: (now() - started) / 1000 }
  const condition = {
    id,
    tasks: await tasks(evaluation.tasks),
    policy: { kind: 'onnx' as const, model: model.name, source: null, adapter: adapterOfRun(run, step) },
    reward: rewardPresets.paper,
    seed: evaluation.seed,
    settings: { ...episode, temperature: evaluation.temperature },
  }
  const played = await evaluate(condition, () => model, { now, signal, watch, onProgress: ({ share }) => onShare?.(share) })
  return { step, demonstrations, episodes: played.evaluation, seconds: (now() - started) / 1000 }
}
