// A micro-batch as the arrays that a program is fed with. How sequences are packed is core/training/micro-batches.ts.
import type { SharedMicroBatch } from '../../core/training/micro-batches.ts'
import type { TrainSequence } from '../../core/policy/sequence.ts'

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
export function batchArrays(sequences: readonly TrainSequence[], { batch, prefix, length, positions, members }: SharedMicroBatch): BatchArrays {
  const arrays: BatchArrays = {
    ids: new Int32Array(prefix + batch * length),
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
    if (row === 0) arrays.ids.set(sequence.ids.slice(0, prefix))
    arrays.ids.set(sequence.ids.slice(prefix), prefix + row * length)
    for (const { index, weight, oldLogp, refLogp, advantage } of sequence.targets) {
      // What a token of the shared ones predicts is a row's own.
      arrays.at[k] = index <= prefix ? index - 1 : row * length + index - 1
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
