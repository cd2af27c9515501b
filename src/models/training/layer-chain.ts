// The first layers of a model, one run after the other, and back again for the gradient: for a micro-batch that would not fit
// into memory with all that happens in them. What a layer gave is kept, and the layer is computed once more for its gradient
// (Chen et al. 2016). On a CPU, where a run may take any sizes and what it is fed with need not stay on a device.
import { layerGradientProgram, layerProgram } from '../../nn/training/layer-program.ts'
import { sumName, type GradientOptions, type MicroBatchShape } from '../../nn/training/gradient-program.ts'
import type { Program } from '../../nn/program.ts'
import type { ModelConfig } from '../../nn/transformer/config.ts'
import { inLayer, loraShapes, type LoraConfig } from '../../nn/transformer/weights.ts'
import { isOnDevice, readFloats, type HostTensor, type LoadedProgram, type Value, type Values } from '../../runtime/runtime.ts'

interface Setting {
  config: ModelConfig
  weights: GradientOptions['weights']
  /** Where programs that were loaded before are found by their names. */
  loaded(name: string, build: () => Program): Promise<LoadedProgram>
}

interface Run {
  /** What programs of this micro-batch's sizes are called, behind what they do. */
  name: string
  shape: Omit<MicroBatchShape, 'positions' | 'from'>
  /** Sizes and masks that a program asks for. */
  sizes(program: Program): Values
  /** The base weights and what is trained, by name. */
  model: Readonly<Values>
}

const embeddingName = 'model.embed_tokens.weight'

/** The rows of these ids, [T, D]: read in place, since a run would be fed with the whole matrix. */
function embeddingOf(ids: Int32Array, embedding: Value | undefined): HostTensor {
  if (!embedding || isOnDevice(embedding) || !(embedding.data instanceof Float32Array)) throw new Error(`${embeddingName} is not in memory as float32.`)
  const [, width = 0] = embedding.shape
  const { data } = embedding
  const rows = new Float32Array(ids.length * width)
  for (const [i, id] of ids.entries()) rows.set(data.subarray(id * width, (id + 1) * width), i * width)
  return { dtype: 'float32', shape: [ids.length, width], data: rows }
}

/** What a program of one layer asks for, by the names of layer 0: of another layer. */
function feedsOf(program: Program, layer: number, values: Readonly<Values>): Values {
  return Object.fromEntries(program.inputs.flatMap(({ name }) => {
    const value = values[inLayer(name, layer)]
    return value ? [[name, value]] : []
  }))
}

async function take(results: Readonly<Values>, name: string, { shape }: HostTensor): Promise<HostTensor> {
  return { dtype: 'float32', shape, data: await readFloats(results, name) }
}

/** What goes into each of the first `count` layers, and what comes out of the last of them: [T, D] each. */
export async function throughLayers({ config, weights, loaded }: Setting, { name, shape, sizes, model }: Run, lora: LoraConfig | null, count: number, ids: Int32Array): Promise<HostTensor[]> {
  const kind = `layer${lora ? '' : ' without adapter'}${name}`
  const { program, run } = await loaded(kind, () => layerProgram(kind, config, shape, weights, lora))
  const given = sizes(program)
  const hidden = [embeddingOf(ids, model[embeddingName])]
  for (let layer = 0; layer < count; layer++) {
    const input = hidden[layer]
    if (input) hidden.push(await take(await run({ ...feedsOf(program, layer, model), ...given, hidden: input }), 'next', input))
  }
  return hidden
}

/**
 * The gradients of these layers' adapters, added to the sums, by name.
 * @param hidden what throughLayers() gave; emptied from behind, so that no layer's is kept longer than it is needed
 * @param gradient of the last of them, [T, D]
 * @param sums of all layers, by the parameters' names
 */
export async function backThroughLayers({ config, weights, loaded }: Setting, { name, shape, sizes, model }: Run, lora: LoraConfig, hidden: HostTensor[], gradient: HostTensor, sums: Readonly<Values>): Promise<Values> {
  const kind = `gradient of a layer${name}`
  const { program, run } = await loaded(kind, () => layerGradientProgram(kind, config, shape, weights, lora))
  const given = sizes(program)
  const next: Values = {}
  let flowing = gradient
  hidden.pop()
  for (let layer = hidden.length - 1, input = hidden.pop(); input; layer--, input = hidden.pop()) {
    const names = [...loraShapes(config, lora, layer, layer + 1).keys()]
    const before = Object.fromEntries(names.flatMap((each) => (sums[each] ? [[sumName(each), sums[each]]] : [])))
    const results = await run({ ...feedsOf(program, layer, { ...model, ...before }), ...given, hidden: input, gradient: flowing })
    for (const [i, each] of [...loraShapes(config, lora, 0, 1).keys()].entries()) {
      const sum = results[`next/${sumName(each)}`]
      const parameter = names[i]
      if (sum && parameter !== undefined) next[parameter] = sum
    }
    flowing = await take(results, 'gradient/hidden', input)
  }
  return next
}
