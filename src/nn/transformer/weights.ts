// How parameters enter a graph: as inputs that the caller feeds (training, GPU buffers of others), or as values of
// the graph (decoding on a CPU, where onnxruntime packs constant matrices once).
import type { Graph, Tensor } from '../graph.ts'
import { add, cast, mul } from '../ops/elementwise.ts'
import { gemm, matmul } from '../ops/linear.ts'
import { concat, reshape, split } from '../ops/shape.ts'
import { anySize, dimAt, sizeAt } from '../shape.ts'
import { modulePath, parameterShapes, projectionShape, type ModelConfig, type Projection } from './config.ts'

/** `mlc` stacks q, k, v by rows in one matrix, and gate over up in another. */
type WeightLayout = 'huggingface' | 'mlc'

export interface WeightOptions {
  layout: WeightLayout
  /** Type of fed weights; float16 is widened in the graph. */
  dtype: 'float32' | 'float16'
  /** Values to build into the graph, by Hugging Face name; without it weights are inputs. Read, never kept. */
  values?: (name: string) => Float32Array
  /**
   * Matrices among these values stay in their own arrays and as they lie: of a large model there is no second copy in
   * JavaScript, transposed and in the program's bytes.
   */
  apart?: boolean
}

export interface LoraConfig {
  rank: number
  alpha: number
  targets: readonly Projection[]
}

/** A group of projections that share their input, and may share a matrix. */
const groups = {
  attention: { projections: ['q_proj', 'k_proj', 'v_proj'], fused: 'self_attn.qkv_proj' },
  output: { projections: ['o_proj'], fused: null },
  gate: { projections: ['gate_proj', 'up_proj'], fused: 'mlp.gate_up_proj' },
  down: { projections: ['down_proj'], fused: null },
} as const satisfies Record<string, { projections: readonly Projection[]; fused: string | null }>
type ProjectionGroup = keyof typeof groups

export interface Weights {
  /** A vector or the embedding, as float32. */
  parameter(name: string): Tensor
  /** y = x·Wᵀ (+ bias) (+ LoRA) of each projection of a group, for x[…, in]. */
  project(x: Tensor, layer: number, group: ProjectionGroup): Tensor[]
  /** Logits x·Eᵀ with the tied or separate head, for x[M, D]. */
  head(x: Tensor): Tensor
  /** E [V, D], as an input of the graph. */
  headMatrix(): Tensor
  /** d·E for d[M, V]: the head's gradient with respect to its input. */
  headBack(d: Tensor): Tensor
}

/** Names and shapes of the weights as the layout stores them: what a program with fed weights asks for. */
export function weightInputs(config: ModelConfig, layout: WeightLayout): Map<string, number[]> {
  const plain = parameterShapes(config)
  if (layout === 'huggingface') return plain
  const stored = new Map<string, number[]>()
  for (const [name, shape] of plain) {
    const fused = fusedName(name)
    if (fused === null) stored.set(name, shape)
    else {
      const [rows = 0, ...rest] = stored.get(fused) ?? [0]
      stored.set(fused, [rows + (shape[0] ?? 0), ...(rest.length > 0 ? rest : shape.slice(1))])
    }
  }
  return stored
}

/** The MLC tensor that holds a Hugging Face one, or null when it stands alone. */
export function fusedName(name: string): string | null {
  for (const { projections, fused } of Object.values(groups)) {
    if (fused === null) continue
    for (const projection of projections) {
      const block = fused.startsWith('mlp') ? 'mlp' : 'self_attn'
      const found = new RegExp(`^(.*\\.)${block}\\.${projection}\\.(weight|bias)$`).exec(name)
      if (found) return `${found[1] ?? ''}${fused}.${found[2] ?? ''}`
    }
  }
  return null
}

/** Names of an adapter's tensors in a graph: A [r, in], B [out, r]. */
export function loraNames(layer: number, projection: Projection): { a: string; b: string } {
  const path = modulePath(layer, projection)
  return { a: `${path}.lora_A.weight`, b: `${path}.lora_B.weight` }
}

/** What a tensor of layer 0 is called in another layer. */
export const inLayer = (name: string, layer: number): string => name.replace('model.layers.0.', `model.layers.${layer}.`)

/** Names and shapes of an adapter's tensors, layer by layer: of all, or of those from one on up to another. */
export function loraShapes(config: ModelConfig, lora: LoraConfig, from = 0, to = config.layers): Map<string, [number, number]> {
  const shapes = new Map<string, [number, number]>()
  for (let layer = from; layer < to; layer++) {
    for (const projection of lora.targets) {
      const [out, input] = projectionShape(config, projection)
      const { a, b } = loraNames(layer, projection)
      shapes.set(a, [lora.rank, input])
      shapes.set(b, [out, lora.rank])
    }
  }
  return shapes
}

/** x[…, in] · w[out, in]ᵀ. */
function linear(x: Tensor, weight: Tensor): Tensor {
  if (x.shape.length === 2) return gemm(x, weight, { b: true })
  const lead = x.shape.slice(0, -1)
  if (lead.some((dim) => typeof dim !== 'number')) return flatProduct(x, weight)
  const rows = lead.reduce<number>((n, dim) => n * Number(dim), 1)
  return reshape(gemm(reshape(x, [rows, dimAt(x.shape, -1)]), weight, { b: true }), [...lead, dimAt(weight.shape, 0)])
}

/** The same where sizes are known only when the program runs: what they were is read of x when they have become one. */
function flatProduct(x: Tensor, weight: Tensor): Tensor {
  const { graph } = x
  const [lead, out] = [x.shape.slice(0, -1), sizeAt(weight.shape, 0)]
  const sizes = graph.apply('Shape', [x], { dtype: 'int64', shape: [lead.length] }, { start: 0, end: lead.length })
  const target = graph.apply('Concat', [sizes, graph.ints([out])], { dtype: 'int64', shape: [lead.length + 1] }, { axis: 0 })
  const flat = gemm(reshape(x, [anySize, dimAt(x.shape, -1)]), weight, { b: true })
  return graph.apply('Reshape', [flat, target], { dtype: x.dtype, shape: [...lead, out] })
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length)
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = values[i * columns + j] ?? 0
  return out
}

/**
 * Declares a model's parameters in a graph, and its adapter as inputs when there is one.
 * Inputs are declared when they are first used, so that a graph asks only for what it needs.
 */
export function declareWeights(graph: Graph, config: ModelConfig, options: WeightOptions, lora: LoraConfig | null): Weights {
  const shapes = weightInputs(config, options.values ? 'huggingface' : options.layout)
  const plain = parameterShapes(config)
  const declared = new Map<string, Tensor>()
  const once = (name: string, make: () => Tensor): Tensor => {
    const known = declared.get(name)
    if (known) return known
    const tensor = make()
    declared.set(name, tensor)
    return tensor
  }
  const shapeOf = (name: string): number[] => {
    const shape = shapes.get(name)
    if (!shape) throw new Error(`The model has no parameter ${name}.`)
    return shape
  }
  const { values } = options
  const parameter = (name: string): Tensor =>
    once(name, () => {
      const shape = shapeOf(name)
      return values ? graph.constant(name, 'float32', shape, values(name), options.apart === true && shape.length > 1) : cast(graph.input(name, options.dtype, shape), 'float32')
    })
  const product = (x: Tensor, name: string): Tensor => {
    if (!values || options.apart === true) return linear(x, parameter(name))
    const [out = 0, input = 0] = shapeOf(name)
    // Packed once by onnxruntime, since it is a constant right operand.
    return matmul(x, once(`${name}.T`, () => graph.constant(`${name}.T`, 'float32', [input, out], transposed(values(name), out, input))))
  }
  const withBias = (y: Tensor, name: string) => (plain.has(name) || shapes.has(name) ? add(y, parameter(name)) : y)

  /** y of every projection of a group without the adapter. */
  const plainProjections = (x: Tensor, layer: number, { projections, fused }: (typeof groups)[ProjectionGroup]): Tensor[] => {
    const path = `model.layers.${layer}`
    if (fused !== null && shapes.has(`${path}.${fused}.weight`)) {
      const y = withBias(linear(x, parameter(`${path}.${fused}.weight`)), `${path}.${fused}.bias`)
      return split(y, -1, projections.map((projection) => projectionShape(config, projection)[0]))
    }
    return projections.map((projection) => {
      const name = modulePath(layer, projection)
      return graph.scoped(projection, () => withBias(product(x, `${name}.weight`), `${name}.bias`))
    })
  }

  /** In a loop, where rows are decoded, few at a time: nodes count there. */
  const inBody = (x: Tensor) => x.graph !== graph

  /** A [r, in] or B [out, r] of a projection. */
  const loraInput = (layer: number, projection: Projection, which: 'a' | 'b', rank: number): Tensor => {
    const name = loraNames(layer, projection)[which]
    const [out, input] = projectionShape(config, projection)
    return once(name, () => graph.input(name, 'float32', which === 'a' ? [rank, input] : [out, rank]))
  }

  /**
   * x·Aᵀ·alpha/rank of the projections that the adapter changes. One product for the whole group, since onnxruntime is
   * slow on matrices as thin as the rank; scaled where it is narrow.
   */
  const reduced = (x: Tensor, layer: number, projections: readonly Projection[], { rank, alpha }: LoraConfig): Tensor[] => {
    const downs = projections.map((projection) => loraInput(layer, projection, 'a', rank))
    const [only] = downs
    const down = downs.length === 1 && only ? only : concat(downs, 0)
    // Matrices of an adapter are scaled around the loop, once for all steps.
    const low = inBody(x) ? linear(x, mul(down, alpha / rank)) : mul(linear(x, down), alpha / rank)
    return downs.length === 1 ? [low] : split(low, -1, downs.map(() => rank))
  }

  const headName = config.tiedEmbeddings ? 'model.embed_tokens.weight' : 'lm_head.weight'
  return {
    parameter,
    project(x, layer, group) {
      const { projections } = groups[group]
      const base = plainProjections(x, layer, groups[group])
      const adapted = projections.filter((projection) => lora?.targets.includes(projection))
      const low = lora && adapted.length > 0 ? graph.scoped('lora', () => reduced(x, layer, adapted, lora)) : []
      return base.map((y, i) => {
        const projection = projections[i]
        const part = low[adapted.findIndex((each) => each === projection)]
        if (!projection || !part || !lora) return y
        const up = loraInput(layer, projection, 'b', lora.rank)
        return graph.scoped(projection, () => (inBody(x) ? gemm(part, up, { b: true }, y) : add(y, linear(part, up))))
      })
    },
    head: (x) => product(x, headName),
    headMatrix: () => parameter(headName),
    headBack: (d) => gemm(d, parameter(headName)),
  }
}
