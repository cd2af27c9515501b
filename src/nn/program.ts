// A named ONNX model with typed inputs and outputs: what runs on wasm, WebGPU and Node alike.
import { encodeModel } from './encode.ts'
import type { Graph } from './graph.ts'
import { sizeOfDim, type DType, type Shape } from './shape.ts'

export interface TensorSpec {
  name: string
  dtype: DType
  shape: Shape
}

export interface Program {
  name: string
  /** Bytes of the .onnx file. */
  model: Uint8Array<ArrayBuffer>
  /** Of those bytes, the values of constants. */
  constantBytes: number
  /** Constants whose values lie beside those bytes, by name; read while it is loaded, and not held by what is loaded. */
  apart: { name: string; data: Uint8Array }[]
  inputs: TensorSpec[]
  outputs: TensorSpec[]
  /** Inputs that hold sizes which the graph has by name only: sizeFeeds() makes them. */
  sizes: readonly { name: string; sizes: Shape }[]
}

/** What a program's inputs of sizes hold when its named dimensions have these. */
export function sizeFeeds(program: Program, sizes: Readonly<Record<string, number>>): Record<string, { dtype: 'int64'; shape: number[]; data: BigInt64Array }> {
  return Object.fromEntries(
    program.sizes.map(({ name, sizes: dims }) => [name, { dtype: 'int64', shape: [dims.length], data: BigInt64Array.from(dims, (dim) => BigInt(sizeOfDim(dim, sizes))) }]),
  )
}

/** Closes a graph: its inputs and outputs become the program's interface. */
export function toProgram(graph: Graph, doc: string): Program {
  return {
    name: graph.name,
    model: encodeModel(graph, doc),
    constantBytes: graph.constants.reduce((sum, { data, apart }) => sum + (apart ? 0 : data.byteLength), 0),
    apart: graph.constants.flatMap(({ tensor: { name }, data, apart }) => (apart ? [{ name, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) }] : [])),
    inputs: graph.inputs.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    outputs: graph.outputs.map(({ name, tensor }) => ({ name, dtype: tensor.dtype, shape: tensor.shape })),
    sizes: graph.fedSizes,
  }
}
