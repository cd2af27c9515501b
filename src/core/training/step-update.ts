// The second half of a step: from its rollouts and what their groups made of the rewards to the optimizer steps. What is
// recorded of a step is enough for it, so an update can be made again.
import type { TrainSequence } from '../policy/sequence.ts'
import type { Trainable, UpdateReport } from '../policy/trainable.ts'
import type { Trajectory } from '../record/trajectory.ts'
import { batchOf, withReference, type RolloutWithAdvantage, type StepBatch } from './batch.ts'
import type { TrainConfig } from './config.ts'
import { credits } from './credit/credit.ts'
import type { Group, SamplingMetrics } from './metrics.ts'
import { recompute } from './recompute.ts'
import { packTrajectory, type PackedEpisode } from './packing.ts'

export interface PackedStep {
  /** Of each rollout. */
  packed: PackedEpisode[]
  batch: StepBatch
}

/** What a step learns from. A rollout that is in no group is left out, as those of groups without variance are. */
export function packStep(trajectories: readonly Trajectory[], groups: readonly Pick<Group, 'rollouts' | 'advantages' | 'zero_variance'>[], config: TrainConfig, model: Pick<Trainable, 'encoder' | 'window'>): PackedStep {
  const limit = Math.min(model.window, Math.max(...config.batching.lengths))
  const packed = trajectories.map((trajectory) => packTrajectory(trajectory, model.encoder, limit))
  const assigned = new Map<number, Pick<RolloutWithAdvantage, 'advantages' | 'idle'>>()
  for (const { rollouts, advantages, zero_variance: idle } of groups) {
    const group = rollouts.map((place, i) => ({ trajectory: trajectories[place] ?? { steps: [] }, advantage: advantages[i] ?? 0 }))
    const byStep = credits[config.credit](group)
    rollouts.forEach((place, i) => assigned.set(place, { advantages: byStep[i] ?? [], idle }))
  }
  const rollouts = packed.map((of, i): RolloutWithAdvantage => ({ packed: of, ...(assigned.get(i) ?? { advantages: [], idle: true }) }))
  return { packed, batch: batchOf(rollouts, config) }
}

/** What the sampler reported stands for log π_old, unless another program trains: then that one says it. */
export async function withOldOf(model: Trainable, sequences: readonly TrainSequence[], { importance_sampling_cap: cap = null }: Pick<TrainConfig, 'importance_sampling_cap'>): Promise<{ sequences: readonly TrainSequence[]; sampling?: SamplingMetrics }> {
  return model.recomputes === true && sequences.length > 0 ? recompute(model, sequences, cap) : { sequences }
}

/** With log π_ref of every target; without a KL term log π_old stands in, so that nothing overflows. */
export async function withReferenceOf(model: Trainable, sequences: readonly TrainSequence[], beta: number): Promise<TrainSequence[]> {
  if (beta > 0) return withReference(sequences, await model.score(sequences, 'reference'))
  return withReference(sequences, sequences.map(({ targets }) => Float32Array.from(targets, ({ oldLogp }) => oldLogp ?? 0)))
}

/**
 * The epochs of a step. After an update that was not finite the rest is left out: it would be no better.
 * @param sequences with log π_ref. @param onShare hears the share that is done, from 0
 */
export async function learn(sequences: readonly TrainSequence[], learningRate: number, { epochs, beta, max_norm }: TrainConfig, model: Trainable, onShare?: (share: number) => void): Promise<UpdateReport[]> {
  const reports: UpdateReport[] = []
  for (let epoch = 0; epoch < epochs && sequences.length > 0; epoch++) {
    onShare?.(epoch / epochs)
    const report = await model.update(sequences, { learningRate, maxNorm: max_norm ?? Infinity, beta })
    reports.push(report)
    if (!report.applied) break
  }
  return reports
}
