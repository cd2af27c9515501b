// An update, or a scoring, in four fixed shards, so that several workers can do it side by side. Which worker does which
// shard changes no bit: each shard's gradient begins at zero, and the shards are added in their order. Knows no device.
import type { GradientShard, GradientSource, UpdateReport, UpdateSettings, UpdateSums } from '../policy/trainable.ts'
import { packSequences, type BatchingOptions, type MicroBatch } from './micro-batches.ts'
import type { TrainSequence } from '../policy/sequence.ts'

/** As many as workers are of use; more would only be more gradients to carry. */
const shardCount = 4
/** Attention makes a token of a long row dearer: one at this length costs twice what one at the beginning does. */
const doubledAt = 1024

interface Shard {
  /** Packing these again gives the same micro-batches. */
  sequences: TrainSequence[]
  /** Their places in the caller's list. */
  places: number[]
}

const costOf = ({ batch, length }: MicroBatch) => batch * length * (1 + length / doubledAt)

/**
 * Packs all sequences together and cuts the micro-batches, in their order of length, into at most four shards that cost
 * about the same. Those of a shard are thereby of few shapes, and shapes are programs.
 * @throws RangeError what packSequences() throws
 */
export function shardsOf(sequences: readonly TrainSequence[], batching: BatchingOptions): Shard[] {
  const packed = packSequences(sequences, batching)
  const total = packed.reduce((sum, micro) => sum + costOf(micro), 0)
  const shards = Array.from({ length: shardCount }, (): MicroBatch[] => [])
  let before = 0
  for (const micro of packed) {
    const middle = before + costOf(micro) / 2
    shards[Math.min(shardCount - 1, Math.floor((shardCount * middle) / total))]?.push(micro)
    before += costOf(micro)
  }
  return shards.flatMap((micros) => {
    // The longest first, as packing has them: it finds each micro-batch again where it finds the first one's length.
    const places = micros.toReversed().flatMap((micro) => micro.members)
    return places.length === 0 ? [] : [{ places, sequences: places.flatMap((place) => sequences[place] ?? []) }]
  })
}

/**
 * Every shard at one of the workers, each of which does one after the other. A worker keeps to its own shards, whose
 * programs it has, and takes one of another's when it has none left.
 * @returns the results in the order of the shards. @throws what the first failure is, with no further shard begun
 */
export async function overShards<Worker, T>(workers: readonly Worker[], shards: readonly Shard[], work: (worker: Worker, shard: Shard) => Promise<T>): Promise<T[]> {
  const results: { at: number; result: T }[] = []
  const waiting = workers.map((_, i) => [...shards.keys()].filter((at) => at % workers.length === i))
  let failed = false
  const next = (own: number): number | undefined => {
    if (failed) return undefined
    return waiting[own]?.shift() ?? waiting.reduce((most, each) => (each.length > most.length ? each : most), []).pop()
  }
  await Promise.all(
    workers.map(async (worker, i) => {
      for (let at = next(i); at !== undefined; at = next(i)) {
        const shard = shards[at]
        if (!shard) continue
        try {
          results.push({ at, result: await work(worker, shard) })
        } catch (error) {
          failed = true
          throw error
        }
      }
    }),
  )
  return results.sort((a, b) => a.at - b.at).map(({ result }) => result)
}

/** log π of every target, sequence by sequence. */
export async function scoreInShards<Worker>(workers: readonly Worker[], sequences: readonly TrainSequence[], batching: BatchingOptions, score: (worker: Worker, sequences: TrainSequence[]) => Promise<Float32Array[]>): Promise<Float32Array[]> {
  const shards = shardsOf(sequences, batching)
  const scored = await overShards(workers, shards, (worker, shard) => score(worker, shard.sequences))
  const results = sequences.map((): Float32Array => new Float32Array(0))
  for (const [s, { places }] of shards.entries()) for (const [i, place] of places.entries()) results[place] = scored[s]?.[i] ?? new Float32Array(0)
  return results
}

/**
 * One optimizer step on all sequences together. Every worker applies it, so that all go on with the same weights.
 * @throws RangeError when no token carries loss
 */
export async function updateInShards(workers: readonly GradientSource[], sequences: readonly TrainSequence[], batching: BatchingOptions, settings: UpdateSettings): Promise<UpdateReport> {
  const whole = added(await overShards(workers, shardsOf(sequences, batching), (worker, shard) => worker.gradient(shard.sequences, settings)))
  const [applied] = await Promise.all(workers.map((worker) => worker.apply(whole, settings)))
  if (!applied) throw new Error('There is nobody to apply the update.')
  return { ...reportOf(whole.sums), ...applied }
}

function added([first, ...rest]: readonly GradientShard[]): GradientShard {
  if (!first) throw new RangeError('No token carries loss: there is nothing to learn from.')
  const gradient = new Map([...first.gradient].map(([name, values]) => [name, values.slice()]))
  const sums = { ...first.sums }
  for (const shard of rest) {
    for (const [name, sum] of gradient) {
      const values = shard.gradient.get(name)
      if (values?.length !== sum.length) throw new Error(`A shard of the gradient lacks ${name}.`)
      for (const [i, value] of values.entries()) sum[i] = (sum[i] ?? 0) + value
    }
    addSums(sums, shard.sums)
  }
  return { sums, gradient }
}

function addSums(into: UpdateSums, more: UpdateSums): void {
  into.loss += more.loss
  into.policy += more.policy
  into.kl += more.kl
  into.clipped += more.clipped
  into.entropy += more.entropy
  into.ratio += more.ratio
  into.tokens += more.tokens
  into.padded += more.padded
}

/** What the sums say as means over the tokens that carry loss. */
export function reportOf(sums: UpdateSums): Omit<UpdateReport, 'grad_norm' | 'applied'> {
  const mean = (sum: number) => sum / sums.tokens
  return {
    loss: sums.loss,
    surrogate_loss: mean(sums.policy),
    kl: mean(sums.kl),
    clip_ratio: mean(sums.clipped),
    entropy: mean(sums.entropy),
    mean_ratio: mean(sums.ratio),
    tokens: sums.tokens,
    padded_tokens: sums.padded,
  }
}
