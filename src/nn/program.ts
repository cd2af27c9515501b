// A named ONNX model with typed inputs and outputs: what runs on wasm, WebGPU and Node alike.
import { encodeModel } from './encode.ts'
import type { Graph } from './graph.ts'
import type { DType, Shape } from './shape.ts'

export interface TensorSpec {
  name: string
  dtype: DType
  shape: Shape
}

export interface Program {
  name: string
  /** Bytes of the .onnx file. */
  model: Uint8Array<ArrayBuffer>
  inputs: TensorSpec[]
  outputs: TensorSpec[]
}

/** Closes a graph: its inputs and outputs become the program's interface. */
export function toProgram(graph: Graph, doc: string): Program {
  return {
    name: graph.name,
    model: encodeModel(graph, doc),
    inputs: graph.inputs.map(({ name, dtype, shape }) => ({ name, dtype, shape })),
    outputs: graph.outputs.map(({ name, tensor }) => ({ name, dtype: tensor.dtype, shape: tensor.shape })),
  }
}
