// A micro-batch as the arrays that a program is fed with. How sequences are packed is core/training/micro-batches.ts.
import type { MicroBatch } from '../../core/training/micro-batches.ts'
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

/** A micro-batch whose rows are what is left behind the tokens that all of them begin with. */
export interface SharedMicroBatch extends MicroBatch {
  /** Tokens that every sequence begins with; `length` counts those behind them. */
  prefix: number
}

/** What rows share is computed once where that saves this part of the tokens at least. */
const worthSharing = 0.1

function commonPrefix(sequences: readonly TrainSequence[]): number {
  const [first, ...rest] = sequences
  if (!first) return 0
  // Every row keeps a token of its own.
  let shared = Math.min(...sequences.map(({ ids }) => ids.length)) - 1
  for (const { ids } of rest) {
    let same = 0
    while (same < shared && ids[same] === first.ids[same]) same++
    shared = same
  }
  return Math.max(0, shared)
}

/** The micro-batch as large as its sequences are, without rows and places that only fill a shape, and what they share apart. */
export function trimmed(sequences: readonly TrainSequence[], { members }: MicroBatch): SharedMicroBatch {
  const rows = members.flatMap((member) => sequences[member] ?? [])
  const longest = Math.max(...rows.map(({ ids }) => ids.length))
  const positions = rows.reduce((sum, { targets }) => sum + targets.length, 0)
  const common = rows.length > 1 ? commonPrefix(rows) : 0
  const prefix = (rows.length - 1) * common >= worthSharing * rows.length * longest ? common : 0
  return { members, batch: rows.length, prefix, length: longest - prefix, positions }
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
