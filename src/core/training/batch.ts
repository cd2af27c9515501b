// The batch of a step: from packed episodes and the advantages of their groups to sequences whose targets carry weight,
// advantage and log π_old. Knows no model and no episode.
import type { TrainConfig } from './config.ts'
import type { PackedEpisode, PackedSequence, SampledToken } from './packing.ts'
import type { Target, TrainSequence } from '../policy/sequence.ts'
import { tokenWeights } from './weights.ts'

export interface RolloutWithAdvantage {
  packed: PackedEpisode
  /** A_t by step. */
  advantages: readonly number[]
  /** Its group has no variance: it is left out, KL term and all. */
  idle: boolean
}

export interface StepBatch {
  sequences: TrainSequence[]
  /** Where each sequence comes from: index of the rollout, and of the sequence in its packed episode. */
  origin: { rollout: number; sequence: number }[]
  /** Sequences of idle rollouts. */
  withoutVariance: number
  tooLong: number
}

interface Chosen {
  packed: PackedSequence
  /** A_t by step. */
  advantages: readonly number[]
  origin: { rollout: number; sequence: number }
}

/** The generation that a token belongs to: in a sequence there is one of each step, for what was asked aside has its own. */
const generationOf = ({ origin }: Chosen, { step }: SampledToken) => `${origin.rollout}/${origin.sequence}/${step}`

/** Targets in the order of the sampled tokens; each reply, and each aside, weighs as one. */
function targetsOf({ packed, advantages }: Chosen, weightOf: (token: SampledToken) => number): Target[] {
  return packed.sampled.map((token) => ({ index: token.index, weight: weightOf(token), oldLogp: token.oldLogp, advantage: advantages[token.step] ?? 0 }))
}

/** All that the step learns from. Steps without credit keep their KL term (eq. 6 with A_t = 0). */
export function batchOf(rollouts: readonly RolloutWithAdvantage[], { aggregation, episode }: Pick<TrainConfig, 'aggregation' | 'episode'>): StepBatch {
  const chosen = rollouts.flatMap(({ packed, advantages, idle }, rollout): Chosen[] => {
    if (idle) return []
    return packed.sequences.map((each, sequence) => ({ packed: each, advantages, origin: { rollout, sequence } }))
  })
  const lengths = new Map<string, number>()
  for (const each of chosen) {
    for (const token of each.packed.sampled) lengths.set(generationOf(each, token), (lengths.get(generationOf(each, token)) ?? 0) + 1)
  }
  const weights = tokenWeights(aggregation, [...lengths.values()], { rollouts: rollouts.length, responseLimit: episode.response_limit })
  const weightByKey = new Map([...lengths.keys()].map((key, i) => [key, weights[i] ?? 0]))
  return {
    sequences: chosen.map((each) => ({ ids: each.packed.ids, targets: targetsOf(each, (token) => weightByKey.get(generationOf(each, token)) ?? 0) })),
    origin: chosen.map(({ origin }) => origin),
    withoutVariance: rollouts.reduce((sum, { idle, packed }) => sum + (idle ? packed.sequences.length : 0), 0),
    tooLong: rollouts.reduce((sum, { packed }) => sum + packed.tooLong, 0),
  }
}

/** The same sequences with log π_ref of every target. */
export function withReference(sequences: readonly TrainSequence[], logps: readonly Float32Array[]): TrainSequence[] {
  return sequences.map(({ ids, targets }, i) => ({ ids, targets: targets.map((target, k) => ({ ...target, refLogp: logps[i]?.[k] ?? NaN })) }))
}
