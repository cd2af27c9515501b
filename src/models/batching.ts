// Packs sequences into micro-batches of few shapes: every shape is a program of its own, so lengths are rounded up.
import type { TrainSequence } from '../core/grpo/sequence.ts'

export interface MicroBatch {
  batch: number
  length: number
  positions: number
  /** Places of the sequences in the caller's list; fewer than `batch` when the last rows are padding. */
  members: number[]
}

export interface BatchingOptions {
  /** Tokens of a micro-batch at most, padding included. */
  tokens: number
  /** Lengths are rounded up to one of these. */
  lengths: readonly number[]
}

/** Rounds up to 1, 1.5, 2, 3, 4, 6, 8 … times 32: few sizes, little padding. */
export function roundPositions(count: number): number {
  let size = 32
  while (size < count) size = size % 3 === 0 ? (size / 3) * 4 : (size / 2) * 3
  return size
}

/**
 * Groups sequences of like length. Rows that the long ones leave are filled with the next shorter ones, so that only
 * one micro-batch, of the shortest, may have rows without a sequence.
 * @throws RangeError when a sequence is longer than the largest length, or has a target that cannot be predicted
 */
export function packSequences(sequences: readonly TrainSequence[], { tokens, lengths }: BatchingOptions): MicroBatch[] {
  const ascending = [...lengths].sort((a, b) => a - b)
  const waiting: { member: number; length: number }[] = []
  for (const [i, { ids, targets }] of sequences.entries()) {
    const length = ascending.find((each) => each >= ids.length)
    if (length === undefined) throw new RangeError(`Sequence ${i} has ${ids.length} tokens; ${ascending.at(-1) ?? 0} are allowed.`)
    if (targets.some(({ index }) => index < 1 || index >= ids.length)) throw new RangeError(`Sequence ${i} has a target outside its tokens.`)
    if (targets.length > 0) waiting.push({ member: i, length })
  }
  const packed: MicroBatch[] = []
  waiting.sort((a, b) => b.length - a.length)
  for (let at = 0; at < waiting.length; ) {
    const { length } = waiting[at] ?? { length: 0 }
    const batch = Math.max(1, Math.floor(tokens / length))
    const members = waiting.slice(at, at + batch).map(({ member }) => member)
    const count = members.reduce((sum, i) => sum + (sequences[i]?.targets.length ?? 0), 0)
    packed.push({ batch, length, positions: roundPositions(count), members })
    at += batch
  }
  return packed.reverse()
}

export interface BatchArrays {
  ids: Int32Array
  at: Int32Array
  labels: Int32Array
  weights: Float32Array
  oldLogps: Float32Array
  refLogps: Float32Array
  advantages: Float32Array
}

/** The arrays of a micro-batch; target k of its sequences, in order, is entry k. Padding has weight 0. */
export function batchArrays(sequences: readonly TrainSequence[], { batch, length, positions, members }: MicroBatch): BatchArrays {
  const arrays: BatchArrays = {
    ids: new Int32Array(batch * length),
    at: new Int32Array(positions),
    labels: new Int32Array(positions),
    weights: new Float32Array(positions),
    oldLogps: new Float32Array(positions),
    refLogps: new Float32Array(positions),
    advantages: new Float32Array(positions),
  }
  let k = 0
  for (const [row, member] of members.entries()) {
    const sequence = sequences[member]
    if (!sequence) continue
    arrays.ids.set(sequence.ids, row * length)
    for (const { index, weight, oldLogp, refLogp, advantage } of sequence.targets) {
      arrays.at[k] = row * length + index - 1
      arrays.labels[k] = sequence.ids[index] ?? 0
      arrays.weights[k] = weight
      arrays.oldLogps[k] = oldLogp ?? 0
      arrays.refLogps[k] = refLogp ?? 0
      arrays.advantages[k] = advantage ?? 0
      k++
    }
  }
  return arrays
}
