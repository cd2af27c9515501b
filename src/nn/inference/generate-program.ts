// Prompts and decoding steps in one program, as an ONNX Loop: the cache of what came before enters once, and only the new
// tokens' keys and values go round. On a CPU this is what keeps decoding inside onnxruntime, and one program is one copy of
// the weights, which onnxruntime packs for every product that they stand in. On a GPU use resident-program.
import { Graph, type Tensor } from '../graph.ts'
import { add, cast, equal, lessOrEqual, minimum, mul, not, or, sub } from '../ops/elementwise.ts'
import { gatherRows } from '../ops/indexing.ts'
import { concat, reshape } from '../ops/shape.ts'
import { toProgram, type Program } from '../program.ts'
import { maskFrom } from '../transformer/causal.ts'
import type { ModelConfig } from '../transformer/config.ts'
import { hiddenStates, rotaryPositions } from '../transformer/model.ts'
import { declareWeights, type LoraConfig, type WeightOptions } from '../transformer/weights.ts'
import { declarePast, indices, newNames } from './cache.ts'
import { isOneOf, sample } from './sampling.ts'

interface GenerateOptions {
  /** Steps of one run at most. */
  steps: number
  /** Positions that the rotary tables reach. */
  capacity: number
  weights: WeightOptions
  lora: LoraConfig | null
}

/** int32 [], the size of an axis. */
function sizeOfAxis(x: Tensor, axis: number): Tensor {
  const size = x.graph.apply('Shape', [x], { dtype: 'int64', shape: [1] }, { start: axis, end: axis + 1 })
  return cast(reshape(size, []), 'int32')
}

/**
 * Inputs: `ids` int32 [B, N], the next tokens of each row, not yet in the past, right-padded; `counts` int32 [B], how many
 * of them are a row's, at least one; the past of declarePast() with named sizes; `uniform` [steps, B]; `steps` int64 [], how
 * many to make: one, or where N is 1 up to options.steps; `temperature` [1], `min_logp` [1], the log of min_p; `stops` int32
 * [S]; `finished` bool [B], rows that need no more tokens.
 * Outputs: `made` int32 [T, B], the tokens drawn; `sampled_logps`, `logps` [T, B], T ≤ steps (it stops when every row has);
 * `logits` [B, V], those that the last were drawn from; `new_keys.i`, `new_values.i` [B, KV, N + T − 1, hd]: those of `ids`
 * and of all made tokens but the last.
 */
export function generateProgram(name: string, config: ModelConfig, options: GenerateOptions): Program {
  const graph = new Graph(name)
  const batch = 'batch'
  const ids = graph.input('ids', 'int32', [batch, 'new'])
  const counts = graph.input('counts', 'int32', [batch])
  const past = declarePast(graph, config, batch, 'past')
  const uniform = graph.input('uniform', 'float32', [options.steps, batch])
  const count = graph.input('steps', 'int64', [])
  const temperature = graph.input('temperature', 'float32', [1])
  const minLogP = graph.input('min_logp', 'float32', [1])
  const stops = graph.input('stops', 'int32', ['stops_count'])
  const finished = graph.input('finished', 'bool', [batch])
  const weights = declareWeights(graph, config, options.weights, options.lora)

  const body = new Graph('step', graph)
  // How many tokens stand before this step's, and how many are this step's, changes from step to step.
  const [before, now, seen] = ['before', 'now', 'before+now']
  const shapeOf = (positions: string) => [batch, config.kvHeads, positions, config.headDim]
  const at = body.input('at', 'int64', [])
  body.input('go_on', 'bool', [])
  const tokens = body.input('tokens', 'int32', [batch, now])
  const done = body.input('done', 'bool', [batch])
  body.input('last_logits', 'float32', ['any', 'vocabulary'])
  const recent = Array.from({ length: config.layers }, (_, layer) => ({
    keys: body.input(`recent_keys.${layer}`, 'float32', shapeOf(before)),
    values: body.input(`recent_values.${layer}`, 'float32', shapeOf(before)),
  }))
  const [first] = recent
  if (!first) throw new Error('The model has no layers.')
  const at32 = cast(at, 'int32')
  const own = indices(tokens, 1, now)
  const place = add(own, sizeOfAxis(first.values, 2))
  // A row's padding may reach beyond the tables; what it holds there is never seen.
  const position = minimum(add(reshape(past.lengths, [batch, 1]), reshape(place, [1, now])), options.capacity - 1)
  const positions = rotaryPositions(graph, config, options.capacity, cast(position, 'int64'))
  const next: { keys: Tensor; values: Tensor }[] = []
  let visible: Tensor | null = null
  const hidden = hiddenStates(tokens, config, weights, positions, (layer, keys, values) => {
    const old = recent[layer]
    if (!old) throw new Error(`The model has no layer ${layer}.`)
    const both = { keys: concat([old.keys, keys], 2), values: concat([old.values, values], 2) }
    next.push(both)
    visible ??= maskFrom(lessOrEqual(reshape(indices(both.values, 2, seen), [1, 1, 1, seen]), reshape(place, [1, 1, now, 1])))
    return [past.stretch(layer), { ...both, mask: visible }]
  })
  const length = sizeOfAxis(tokens, 1)
  const last = add(mul(indices(tokens, 0, batch), length), sub(minimum(counts, length), 1))
  const logits = weights.head(gatherRows(hidden, last))
  const u = body.apply('Gather', [uniform, at32], { dtype: 'float32', shape: [batch] }, { axis: 0 })
  const drawn = sample(logits, reshape(u, [batch, 1]), batch, { temperature, minLogP })
  const stopped = or(done, isOneOf(drawn.ids, stops, batch))
  const every = body.apply('ReduceMin', [cast(stopped, 'int32'), body.ints([0])], { dtype: 'int32', shape: [] }, { keepdims: 0 })
  body.output('go_on_next', not(equal(every, 1)))
  body.output('tokens_next', reshape(drawn.ids, [batch, 1]))
  body.output('done_next', stopped)
  body.output('logits_next', logits)
  for (const [layer, { keys, values }] of next.entries()) {
    body.output(`recent_keys_next.${layer}`, keys)
    body.output(`recent_values_next.${layer}`, values)
  }
  body.output('made_at', drawn.ids)
  body.output('sampled_logps_at', drawn.sampledLogps)
  body.output('logps_at', drawn.logps)

  const rows = graph.apply('Shape', [ids], { dtype: 'int64', shape: [1] }, { start: 0, end: 1 })
  const sizes = graph.apply('Concat', [rows, graph.ints([config.kvHeads, 0, config.headDim])], { dtype: 'int64', shape: [4] }, { axis: 0 })
  const blank = graph.apply('Expand', [graph.scalar(0), sizes], { dtype: 'float32', shape: [batch, config.kvHeads, 0, config.headDim] })
  const nothing = graph.constant('nothing', 'float32', [1, 1], Float32Array.of(0))
  const carried = [ids, finished, nothing, ...next.flatMap(() => [blank, blank])]
  const scanned = ['steps_made', batch]
  const filled = shapeOf('filled')
  const outputs = graph.node(
    'Loop',
    [count, graph.constant('true', 'bool', [], Uint8Array.of(1)), ...carried],
    [
      { dtype: 'int32', shape: [batch, 1] },
      { dtype: 'bool', shape: [batch] },
      { dtype: 'float32', shape: [batch, config.vocabSize] },
      ...next.flatMap(() => [{ dtype: 'float32' as const, shape: filled }, { dtype: 'float32' as const, shape: filled }]),
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
  give('logits', 0)
  for (let layer = 0; layer < config.layers; layer++) {
    const names = newNames(layer)
    give(names.keys, 2 * layer + 1)
    give(names.values, 2 * layer + 2)
  }
  const scans = 2 * config.layers + 1
  give('made', scans)
  give('sampled_logps', scans + 1)
  give('logps', scans + 2)
  return toProgram(graph, 'prompts and decoding steps with sampling, in a loop')
}
