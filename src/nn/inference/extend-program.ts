// Prefill and single decoding steps: new tokens for every row behind its own past.
import { Graph, type Tensor } from '../graph.ts'
import { add, cast, lessOrEqual, minimum } from '../ops/elementwise.ts'
import { gatherRows } from '../ops/indexing.ts'
import { reshape } from '../ops/shape.ts'
import { toProgram, type Program } from '../program.ts'
import type { Dim } from '../shape.ts'
import { maskFrom } from '../transformer/causal.ts'
import type { ModelConfig } from '../transformer/config.ts'
import { hiddenStates, rotaryTables } from '../transformer/model.ts'
import { declareWeights, type LoraConfig, type WeightOptions } from '../transformer/weights.ts'
import { declarePast, indices, newNames } from './cache.ts'

interface ExtendOptions {
  /** Names for sizes known at run time, numbers for a program of one shape. */
  batch: Dim
  length: Dim
  past: Dim
  /** Positions that the rotary tables reach. */
  capacity: number
  weights: WeightOptions
  lora: LoraConfig | null
  /** Build the graph without these layers' output, when only the cache is wanted. */
  logits: boolean
}

/**
 * Inputs: `ids` int32 [B, N], right-padded; `last` int32 [B], each row's last new token, as a place in the flattened
 * [B·N]; the past of declarePast(); weights and adapter as declared.
 * Outputs: `logits` [B, V] behind each row's last new token; `new_keys.i`, `new_values.i` [B, KV, N, hd].
 * With N = 1 it is a decoding step.
 */
export function extendProgram(name: string, config: ModelConfig, options: ExtendOptions): Program {
  const graph = new Graph(name)
  const { batch, length } = options
  const ids = graph.input('ids', 'int32', [batch, length])
  const weights = declareWeights(graph, config, options.weights, options.lora)
  const past = declarePast(graph, config, batch, options.past)
  const places = indices(ids, 1, length)
  const positions = {
    // A row's padding may reach beyond the tables; what it holds there is never seen.
    ids: cast(minimum(add(reshape(past.lengths, [batch, 1]), reshape(places, [1, length])), options.capacity - 1), 'int64'),
    ...rotaryTables(graph, config, options.capacity),
  }
  const causal = maskFrom(lessOrEqual(reshape(places, [1, 1, 1, length]), reshape(places, [1, 1, length, 1])))
  const hidden = hiddenStates(ids, config, weights, positions, (layer, keys, values) => {
    const names = newNames(layer)
    graph.output(names.keys, keys)
    graph.output(names.values, values)
    return [past.stretch(layer), { keys, values, mask: causal }]
  })
  if (options.logits) {
    const last = graph.input('last', 'int32', [batch])
    graph.output('logits', weights.head(gatherRows(flatRows(hidden, config), last)))
  }
  return toProgram(graph, 'prefill and decoding steps with a key-value cache')
}

/** [B, N, D] → [B·N, D]. */
function flatRows(hidden: Tensor, config: ModelConfig): Tensor {
  const [batch, length] = hidden.shape
  const rows = typeof batch === 'number' && typeof length === 'number' ? batch * length : 'rows'
  return reshape(hidden, [rows, config.hiddenSize])
}
