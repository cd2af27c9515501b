// How WebLLM's loaded parameters hold a model's weights: which tensor, which of its rows. Checks names, shapes and types
// against what the model's configuration asks for, so that no weight is read or written that is not what it is taken for.
import { WebLlmError } from '../core/policy/webllm.ts'
import { modulePath, projectionShape, projections, type ModelConfig, type Projection } from '../nn/transformer/config.ts'
import { fusedName, weightInputs } from '../nn/transformer/weights.ts'
import type { MergeType } from './merge.ts'

/** A parameter on the graphics card, by the name that the compiled library has for it. */
export interface LiveParameter {
  name: string
  shape: readonly number[]
  dtype: string
  buffer(): GPUBuffer
}

/** Where one projection's weight lies. */
export interface PlacedProjection {
  layer: number
  projection: Projection
  /** Name of the stored matrix, as our programs ask for it. */
  stored: string
  columns: number
  row: number
  rows: number
}

export interface LiveLayout {
  /** All weights are of one type. */
  type: MergeType
  /** By the names of weightInputs(config, 'mlc'). */
  parameters: ReadonlyMap<string, LiveParameter>
  /** Of every layer, in the order in which they are stacked. */
  projections: readonly PlacedProjection[]
}

/** MLC calls the stacked q, k and v of Llama qkv_proj, and of Qwen c_attn. */
const ourName = (name: string) => name.replace('.self_attn.c_attn.', '.self_attn.qkv_proj.')

const unknown = (detail: string) => new WebLlmError({ kind: 'layout', detail })

const said = (shape: readonly number[]) => `[${shape.join(', ')}]`

/** @throws WebLlmError with problem `layout`, naming the parameter */
export function layoutOf(parameters: readonly LiveParameter[], config: ModelConfig): LiveLayout {
  const byName = new Map(parameters.map((parameter) => [ourName(parameter.name), parameter]))
  const type = byName.get('model.embed_tokens.weight')?.dtype
  if (type !== 'float32' && type !== 'float16') throw unknown(`model.embed_tokens.weight is ${type ?? 'missing'}; float32 and float16 can be learnt on.`)
  const wanted = weightInputs(config, 'mlc')
  for (const [name, shape] of wanted) {
    const found = byName.get(name)
    if (!found) throw unknown(`There is no ${name}.`)
    if (found.dtype !== type) throw unknown(`${name} is ${found.dtype}, and the rest ${type}.`)
    if (found.shape.length !== shape.length || found.shape.some((size, i) => size !== shape[i])) throw unknown(`${name} is ${said(found.shape)}; the configuration says ${said(shape)}.`)
  }
  for (const name of byName.keys()) if (!wanted.has(name)) throw unknown(`${name} is no weight of this model as it is computed here.`)
  return { type, parameters: byName, projections: Array.from({ length: config.layers }, (_, layer) => placedIn(config, layer)).flat() }
}

function placedIn(config: ModelConfig, layer: number): PlacedProjection[] {
  /** Rows of a stacked matrix that are taken already. */
  const taken = new Map<string, number>()
  return projections.map((projection) => {
    const name = `${modulePath(layer, projection)}.weight`
    const stored = fusedName(name) ?? name
    const [rows, columns] = projectionShape(config, projection)
    const row = taken.get(stored) ?? 0
    taken.set(stored, row + rows)
    return { layer, projection, stored, columns, row, rows }
  })
}
