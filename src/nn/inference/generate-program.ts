// Many decoding steps in one run, as an ONNX Loop: the prompt's cache enters once, and only the new tokens' keys and
// values go round. On a CPU this is what keeps decoding inside onnxruntime; on a GPU use extend-program.
import { Graph, type Tensor } from '../graph.ts'
import { add, cast, equal, lessOrEqual, not, or, where } from '../ops/elementwise.ts'
import { reshape } from '../ops/shape.ts'
import { toProgram, type Program } from '../program.ts'
import { maskFrom } from '../transformer/causal.ts'
import type { ModelConfig } from '../transformer/config.ts'
import { hiddenStates, rotaryTables } from '../transformer/model.ts'
import { declareWeights, type LoraConfig, type WeightOptions } from '../transformer/weights.ts'
import { declarePast, newNames } from './cache.ts'
import { isOneOf, sample } from './sampling.ts'

interface GenerateOptions {
  /** Steps of one run at most: the size of the new cache. */
  steps: number
  capacity: number
  weights: WeightOptions
  lora: LoraConfig | null
}

/**
 * Inputs: `first` int32 [B], the token to start from (the last of the prompt, not yet in the past); the past of
 * declarePast() with named sizes; `uniform` [steps, B]; `steps` int64 [], how many to make; `temperature` [1],
 * `min_logp` [1], the log of min_p; `stops` int32 [S]; `finished` bool [B], rows that need no more tokens.
 * Outputs: `ids` int32 [T, B], `sampled_logps`, `logps` [T, B], T ≤ steps (it stops when every row has);
 * `new_keys.i`, `new_values.i` [B, KV, steps, hd], of which the first T positions are filled: those of `first` and of
 * all made tokens but the last.
 */
export function generateProgram(name: string, config: ModelConfig, options: GenerateOptions): Program {
  const graph = new Graph(name)
  const batch = 'batch'
  const first = graph.input('first', 'int32', [batch])
  const past = declarePast(graph, config, batch, 'past')
  const uniform = graph.input('uniform', 'float32', [options.steps, batch])
  const count = graph.input('steps', 'int64', [])
  const temperature = graph.input('temperature', 'float32', [1])
  const minLogP = graph.input('min_logp', 'float32', [1])
  const stops = graph.input('stops', 'int32', ['stops_count'])
  const finished = graph.input('finished', 'bool', [batch])
  const weights = declareWeights(graph, config, options.weights, options.lora)
  const tables = rotaryTables(graph, config, options.capacity)
  const places = graph.constant('places', 'int32', [options.steps], Int32Array.from({ length: options.steps }, (_, i) => i))

  const body = new Graph('step', graph)
  const shape = [batch, config.kvHeads, options.steps, config.headDim]
  const at = body.input('at', 'int64', [])
  body.input('go_on', 'bool', [])
  const token = body.input('token', 'int32', [batch])
  const done = body.input('done', 'bool', [batch])
  const recent = Array.from({ length: config.layers }, (_, layer) => ({
    keys: body.input(`recent_keys.${layer}`, 'float32', shape),
    values: body.input(`recent_values.${layer}`, 'float32', shape),
  }))
  const at32 = cast(at, 'int32')
  const here = reshape(equal(places, at32), [1, 1, options.steps, 1])
  const seen = maskFrom(reshape(lessOrEqual(places, at32), [1, 1, 1, options.steps]))
  const positions = { ids: cast(add(reshape(past.lengths, [batch, 1]), at32), 'int64'), ...tables }
  const next: { keys: Tensor; values: Tensor }[] = []
  const hidden = hiddenStates(reshape(token, [batch, 1]), config, weights, positions, (layer, keys, values) => {
    const old = recent[layer]
    if (!old) throw new Error(`The model has no layer ${layer}.`)
    const now = { keys: where(here, keys, old.keys), values: where(here, values, old.values) }
    next.push(now)
    return [past.stretch(layer), { ...now, mask: seen }]
  })
  const logits = weights.head(reshape(hidden, [batch, config.hiddenSize]))
  const u = body.apply('Gather', [uniform, at32], { dtype: 'float32', shape: [batch] }, { axis: 0 })
  const drawn = sample(logits, reshape(u, [batch, 1]), batch, { temperature, minLogP })
  const stopped = or(done, isOneOf(drawn.ids, stops, batch))
  const every = body.apply('ReduceMin', [cast(stopped, 'int32'), body.ints([0])], { dtype: 'int32', shape: [] }, { keepdims: 0 })
  body.output('go_on_next', not(equal(every, 1)))
  body.output('token_next', drawn.ids)
  body.output('done_next', stopped)
  for (const [layer, { keys, values }] of next.entries()) {
    body.output(`recent_keys_next.${layer}`, keys)
    body.output(`recent_values_next.${layer}`, values)
  }
  body.output('ids_at', drawn.ids)
  body.output('sampled_logps_at', drawn.sampledLogps)
  body.output('logps_at', drawn.logps)

  const rows = graph.apply('Shape', [first], { dtype: 'int64', shape: [1] })
  const sizes = graph.apply('Concat', [rows, graph.ints([config.kvHeads, options.steps, config.headDim])], { dtype: 'int64', shape: [4] }, { axis: 0 })
  const blank = graph.apply('Expand', [graph.scalar(0), sizes], { dtype: 'float32', shape })
  const carried = [first, finished, ...next.flatMap(() => [blank, blank])]
  const scanned = ['steps_made', batch]
  const outputs = graph.node(
    'Loop',
    [count, graph.constant('true', 'bool', [], Uint8Array.of(1)), ...carried],
    [
      { dtype: 'int32', shape: [batch] },
      { dtype: 'bool', shape: [batch] },
      ...next.flatMap(() => [{ dtype: 'float32' as const, shape }, { dtype: 'float32' as const, shape }]),
      { dtype: 'int32', shape: scanned },
      { dtype: 'float32', shape: scanned },
      { dtype: 'float32', shape: scanned },
    ],
    { body },
  )
  const results = outputs.slice(2)
  const give = (output: string, index: number) => {
    const tensor = results[index]
    if (!tensor) throw new Error(`The loop does not give ${output}.`)
    graph.output(output, tensor)
  }
  for (let layer = 0; layer < config.layers; layer++) {
    const names = newNames(layer)
    give(names.keys, 2 * layer)
    give(names.values, 2 * layer + 1)
  }
  const scans = 2 * config.layers
  give('ids', scans)
  give('sampled_logps', scans + 1)
  give('logps', scans + 2)
  return toProgram(graph, 'decoding steps with sampling, in a loop')
}
