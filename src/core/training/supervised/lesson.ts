// From demonstrations to what an optimizer step learns: the sequences that GRPO would make of them, each token of a
// reply with its weight. Knows no model.
import type { TrainSequence } from '../../policy/sequence.ts'
import type { ChatEncoder } from '../../policy/trainable.ts'
import type { Step, Trajectory } from '../../record/trajectory.ts'
import { packTrajectory, type PackedSequence } from '../packing.ts'

export interface Lesson {
  /** Weights over all targets of all sequences sum to 1. */
  sequences: TrainSequence[]
  /** Replies that were left out because prompt and reply are longer than the limit. */
  tooLong: number
}

/** It broke the protocol or a tool refused it: there to be recovered from, not to be learnt. */
const failed = ({ violations, calls }: Step) => violations.length > 0 || calls.some(({ ok }) => !ok)

interface Weighed {
  packed: PackedSequence
  weights: number[]
}

function weigh(packed: PackedSequence, { steps }: Trajectory, phaseWeights: Readonly<Record<string, number>>): Weighed {
  const weights = packed.sampled.map(({ step, call }) => {
    const of = steps[step]
    // A summary was asked for by a call that was well-formed, whatever became of the rest.
    if (!of || (call === null && failed(of))) return 0
    return phaseWeights[of.phase] ?? 1
  })
  return { packed, weights }
}

/**
 * @param limit tokens of a sequence at most
 * @param phaseWeights what a token weighs by its phase, 1 when left out
 */
export function lessonOf(trajectories: readonly Trajectory[], encoder: ChatEncoder, limit: number, phaseWeights: Readonly<Record<string, number>>): Lesson {
  const packed = trajectories.map((trajectory) => ({ trajectory, episode: packTrajectory(trajectory, encoder, limit) }))
  const weighed = packed.flatMap(({ trajectory, episode }) => episode.sequences.map((each) => weigh(each, trajectory, phaseWeights)))
  const total = weighed.reduce((sum, { weights }) => sum + weights.reduce((of, weight) => of + weight, 0), 0)
  const sequences = weighed.flatMap(({ packed: { ids, sampled }, weights }): TrainSequence[] => {
    const targets = sampled.flatMap(({ index }, i) => {
      const weight = weights[i] ?? 0
      return weight > 0 ? [{ index, weight: weight / total }] : []
    })
    // What stands behind the last token that is learnt is not read.
    const last = targets.at(-1)?.index
    return last === undefined ? [] : [{ ids: ids.slice(0, last + 1), targets }]
  })
  return { sequences, tooLong: packed.reduce((sum, { episode }) => sum + episode.tooLong, 0) }
}
