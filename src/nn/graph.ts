// A graph under construction: inputs, constants, nodes, outputs. Its tensors are symbolic: they have a type and a shape,
// never values. Knows no operator's meaning and no runtime.
import { ShapeError, type DType, type Shape } from './shape.ts'

/** The operation that makes a tensor; null for inputs and constants. */
export interface Node {
  op: string
  domain: string
  inputs: readonly (Tensor | null)[]
  outputs: readonly Tensor[]
  attributes: Readonly<Record<string, Attribute>>
}

/** Numbers with a decimal meaning are wrapped, since ONNX tells floats from integers. */
export type Attribute = number | { float: number } | readonly number[] | string | Graph

export interface Tensor {
  readonly graph: Graph
  /** Unique in its graph and the graphs around it; what Netron shows. */
  readonly name: string
  readonly dtype: DType
  readonly shape: Shape
  /** Its maker, set when the node is added. */
  readonly node: Node | null
}

export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint16Array | Uint8Array

export interface GraphConstant {
  tensor: Tensor
  data: TensorData
  /** The values lie beside the model's bytes, in the array itself. */
  apart: boolean
}

interface OutputSpec {
  dtype: DType
  shape: Shape
}

interface MutableTensor extends Tensor {
  node: Node | null
}

export class Graph {
  readonly name: string
  /** The graph around this one, when it is the body of a loop; its tensors may be used here. */
  readonly parent: Graph | null
  readonly inputs: Tensor[] = []
  readonly outputs: { name: string; tensor: Tensor }[] = []
  readonly constants: GraphConstant[] = []
  readonly nodes: Node[] = []
  readonly #names: Set<string>
  readonly #scope: string[] = []
  readonly #scalars = new Map<string, Tensor>()
  readonly #lists = new Map<string, Tensor>()
  readonly #fedSizes: Map<string, { tensor: Tensor; sizes: Shape }> | null

  /**
   * @param fedSizes lists of sizes that are known only when the program runs may be asked for as inputs: sizesOf(). Of
   *   the outermost graph alone.
   */
  constructor(name: string, parent: Graph | null = null, { fedSizes = false }: { fedSizes?: boolean } = {}) {
    this.name = name
    this.parent = parent
    this.#fedSizes = fedSizes ? new Map() : null
    this.#names = parent ? parent.#names : new Set()
  }

  /** What the caller must feed. The name is kept as it is. @throws Error when it is taken. */
  input(name: string, dtype: DType, shape: Shape): Tensor {
    if (this.#names.has(name)) throw new Error(`Graph ${this.name} already has a tensor named ${name}.`)
    this.#names.add(name)
    const tensor: Tensor = { graph: this, name, dtype, shape, node: null }
    this.inputs.push(tensor)
    return tensor
  }

  /**
   * Values that are part of the graph. The array is kept, not copied.
   * @param apart large values: onnxruntime is given the array itself, so that they are never in a message of bytes, which
   *   may not be longer than 2 GiB
   */
  constant(name: string, dtype: DType, shape: Shape, data: TensorData, apart = false): Tensor {
    const tensor: Tensor = { graph: this, name: this.#unique(name), dtype, shape, node: null }
    this.constants.push({ tensor, data, apart })
    return tensor
  }

  /** A shared scalar constant, shape []. */
  scalar(value: number, dtype: 'float32' | 'int32' | 'int64' | 'float16' = 'float32'): Tensor {
    const key = `${dtype}:${Object.is(value, -0) ? '-0' : value}`
    const known = this.findScalar(key)
    if (known) return known
    const tensor = this.constant(`${value}`, dtype, [], scalarData(value, dtype))
    this.#scalars.set(key, tensor)
    return tensor
  }

  findScalar(key: string): Tensor | undefined {
    return this.#scalars.get(key) ?? this.parent?.findScalar(key)
  }

  /** A list of int64, as shapes and axes are given to ONNX. */
  ints(values: readonly number[]): Tensor {
    const key = values.join(',')
    const known = this.findList(key)
    if (known) return known
    const tensor = this.constant('ints', 'int64', [values.length], BigInt64Array.from(values, BigInt))
    this.#lists.set(key, tensor)
    return tensor
  }

  findList(key: string): Tensor | undefined {
    return this.#lists.get(key) ?? this.parent?.findList(key)
  }

  /** Whether sizes that are known only when the program runs can be had as a list. */
  get feedsSizes(): boolean {
    return this.#fedSizes !== null
  }

  /**
   * A list of int64 with these sizes: a constant when they are known, else an input of the program that its caller feeds
   * (`Program.sizes`). @throws ShapeError when a size has a name and this graph feeds none
   */
  sizesOf(sizes: Shape): Tensor {
    const known = sizes.filter((size) => typeof size === 'number')
    if (known.length === sizes.length) return this.ints(known)
    if (!this.#fedSizes) throw new ShapeError(`[${sizes.join(', ')}] must be known when the graph is built.`)
    const key = sizes.join(',')
    const fed = this.#fedSizes.get(key)
    if (fed) return fed.tensor
    const tensor = this.input(`sizes/${key}`, 'int64', [sizes.length])
    this.#fedSizes.set(key, { tensor, sizes })
    return tensor
  }

  /** The inputs that sizesOf() made, with what they are to hold. */
  get fedSizes(): { name: string; sizes: Shape }[] {
    return [...(this.#fedSizes?.values() ?? [])].map(({ tensor, sizes }) => ({ name: tensor.name, sizes }))
  }

  /** Adds an operation and returns its outputs. @param domain '' for ONNX itself */
  node(
    op: string,
    inputs: readonly (Tensor | null)[],
    outputs: readonly OutputSpec[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): Tensor[] {
    for (const input of inputs) {
      if (input && !this.sees(input.graph)) throw new Error(`${op}: tensor ${input.name} belongs to another graph.`)
    }
    const made: MutableTensor[] = outputs.map(({ dtype, shape }) => ({ graph: this, name: this.#unique(op), dtype, shape, node: null }))
    const node: Node = { op, domain, inputs, outputs: made, attributes }
    for (const tensor of made) tensor.node = node
    this.nodes.push(node)
    return made
  }

  /** Adds an operation with one output. */
  apply(op: string, inputs: readonly (Tensor | null)[], output: OutputSpec, attributes: Readonly<Record<string, Attribute>> = {}, domain = ''): Tensor {
    const [tensor] = this.node(op, inputs, [output], attributes, domain)
    if (!tensor) throw new ShapeError(`${op} has no output.`)
    return tensor
  }

  /** Names a result. The same tensor may be given out under several names. */
  output(name: string, tensor: Tensor): void {
    if (this.outputs.some((each) => each.name === name)) throw new Error(`Graph ${this.name} already has an output ${name}.`)
    this.outputs.push({ name, tensor })
  }

  /** Everything that `build` adds is named `scope/…`. */
  scoped<T>(scope: string, build: () => T): T {
    this.#scope.push(scope)
    try {
      return build()
    } finally {
      this.#scope.pop()
    }
  }

  /** True for this graph and the ones around it. */
  sees(other: Graph): boolean {
    return other === this || (this.parent !== null && this.parent.sees(other))
  }

  #unique(base: string): string {
    const path = [...this.#scope, base].join('/')
    let name = path
    for (let i = 1; this.#names.has(name); i++) name = `${path}_${i}`
    this.#names.add(name)
    return name
  }
}

function scalarData(value: number, dtype: 'float32' | 'int32' | 'int64' | 'float16'): TensorData {
  switch (dtype) {
    case 'float32':
      return Float32Array.of(value)
    case 'int32':
      return Int32Array.of(value)
    case 'int64':
      return BigInt64Array.of(BigInt(value))
    case 'float16':
      throw new Error('Cast a float32 scalar instead.')
  }
}
