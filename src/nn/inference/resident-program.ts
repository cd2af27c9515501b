// Prefill and decoding with a cache that stays on the device: it comes in, is written where each row ends, and goes
// out again, so that nothing but token ids and logits crosses to JavaScript.
import { Graph } from '../graph.ts'
import { add, and, cast, equal, less, lessOrEqual, not, sub, where } from '../ops/elementwise.ts'
import { gatherRows } from '../ops/indexing.ts'
import { matmul } from '../ops/linear.ts'
import { reshape } from '../ops/shape.ts'
import { toProgram, type Program } from '../program.ts'
import { maskFrom } from '../transformer/causal.ts'
import type { ModelConfig } from '../transformer/config.ts'
import { hiddenStates, rotaryPositions } from '../transformer/model.ts'
import { declareWeights, type LoraConfig, type WeightOptions } from '../transformer/weights.ts'
import { cacheNames, indices, nextCacheNames } from './cache.ts'

interface ResidentOptions {
  batch: number
  /** New tokens of a row, N; 1 for decoding. */
  length: number
  /** Positions of the cache, C. */
  capacity: number
  weights: WeightOptions
  lora: LoraConfig | null
}

/**
 * Inputs: `ids` int32 [B, N], right-padded; `counts` int32 [B], how many of them are real; `past_lengths` int32 [B];
 * `last` int32 [B], each row's last new token as a place in the flattened [B·N]; `past_keys.i`, `past_values.i`
 * [B, KV, C, hd]; weights and adapter. A row must fit: past_lengths + counts ≤ C.
 * Outputs: `logits` [B, V]; `next_keys.i`, `next_values.i` [B, KV, C, hd].
 */
export function residentProgram(name: string, config: ModelConfig, options: ResidentOptions): Program {
  const graph = new Graph(name)
  const { batch, length, capacity } = options
  const ids = graph.input('ids', 'int32', [batch, length])
  const counts = graph.input('counts', 'int32', [batch])
  const pastLengths = graph.input('past_lengths', 'int32', [batch])
  const weights = declareWeights(graph, config, options.weights, options.lora)

  const offsets = indices(ids, 1, length)
  const places = indices(ids, 1, capacity)
  const start = reshape(pastLengths, [batch, 1, 1])
  // Which new token, if any, belongs at each place of the cache: a one-hot matrix that carries them there.
  const relative = sub(reshape(places, [1, capacity, 1]), start)
  const isFor = equal(relative, reshape(offsets, [1, 1, length]))
  const taken = and(lessOrEqual(start, reshape(places, [1, capacity, 1])), less(relative, reshape(counts, [batch, 1, 1])))
  const carry = reshape(cast(isFor, 'float32'), [batch, 1, capacity, length])
  const fresh = reshape(taken, [batch, 1, capacity, 1])

  const absolute = add(reshape(pastLengths, [batch, 1]), reshape(offsets, [1, length]))
  const positions = rotaryPositions(graph, config, capacity + length, cast(absolute, 'int64'))
  const mask = maskFrom(lessOrEqual(reshape(places, [1, 1, 1, capacity]), reshape(absolute, [batch, 1, length, 1])))
  const shape = [batch, config.kvHeads, capacity, config.headDim]
  const hidden = hiddenStates(ids, config, weights, positions, (layer, keys, values) => {
    const old = cacheNames(layer)
    const next = nextCacheNames(layer)
    const update = (input: string, output: string, added: typeof keys) => {
      const updated = where(not(fresh), graph.input(input, 'float32', shape), matmul(carry, added))
      graph.output(output, updated)
      return updated
    }
    return [{ keys: update(old.keys, next.keys, keys), values: update(old.values, next.values, values), mask }]
  })
  const last = graph.input('last', 'int32', [batch])
  graph.output('logits', weights.head(gatherRows(hidden, last)))
  return toProgram(graph, 'prefill and decoding with a cache on the device')
}
