// Writes a graph as an ONNX model. The only file that knows the file format.
import { create, toBinary } from '@bufbuild/protobuf'
import { Graph, type GraphConstant, type Attribute, type Tensor } from './graph.ts'
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type GraphProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx/onnx_pb.ts'
import { onnxType } from './ops/elementwise.ts'
import { anySize, sizeOf } from './shape.ts'

/** Chosen once: what onnxruntime 1.30 runs everywhere we need it. */
const irVersion = 10n
const opset = 21n

const utf8 = new TextEncoder()

function valueInfo(tensor: Tensor, name = tensor.name): ValueInfoProto {
  const dim = tensor.shape.map((size) =>
    create(TensorShapeProto_DimensionSchema, {
      value: typeof size === 'number' ? { case: 'dimValue', value: BigInt(size) } : { case: 'dimParam', value: size },
    }),
  )
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: onnxType[tensor.dtype], shape: { dim } } } },
  })
}

function attribute(name: string, value: Attribute, used: ReadonlySet<Tensor>): AttributeProto {
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) })
  if (typeof value === 'string') return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.STRING, s: utf8.encode(value) })
  if (value instanceof Graph) return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.GRAPH, g: graphProto(value, used) })
  if ('float' in value) return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOAT, f: value.float })
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INTS, ints: value.map(BigInt) })
}

function constant({ tensor, data, apart }: GraphConstant): TensorProto {
  if (data.length !== sizeOf(tensor.shape)) throw new Error(`Constant ${tensor.name} has ${data.length} values for its shape.`)
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const places = { location: tensor.name, offset: '0', length: String(bytes.length) }
  return create(TensorProtoSchema, {
    name: tensor.name,
    dims: tensor.shape.map((dim) => BigInt(dim)),
    dataType: onnxType[tensor.dtype],
    ...(apart
      ? { dataLocation: TensorProto_DataLocation.EXTERNAL, externalData: Object.entries(places).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })) }
      : { rawData: bytes }),
  })
}

/**
 * Adds to `used` every tensor that an output of the graph depends on. What is not among them is left out of the file:
 * a derivative may build a node that nothing asks for in the end.
 */
function markUsed(graph: Graph, used: Set<Tensor>): void {
  for (const { tensor } of graph.outputs) used.add(tensor)
  for (const { inputs, outputs, attributes } of graph.nodes.toReversed()) {
    if (!outputs.some((output) => used.has(output))) continue
    for (const input of inputs) if (input) used.add(input)
    for (const value of Object.values(attributes)) if (value instanceof Graph) markUsed(value, used)
  }
}

function graphProto(graph: Graph, used: ReadonlySet<Tensor>): GraphProto {
  const live = graph.nodes.filter(({ outputs }) => outputs.some((output) => used.has(output)))
  const node = live.map(({ op, domain, inputs, outputs, attributes }) =>
    create(NodeProtoSchema, {
      name: outputs[0]?.name ?? op,
      opType: op,
      domain,
      input: inputs.map((input) => input?.name ?? ''),
      output: outputs.map((output) => output.name),
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value, used)),
    }),
  )
  // An output carries its own name, whatever made it: Identity costs nothing and lets one tensor go out twice.
  for (const { name, tensor } of graph.outputs) {
    node.push(create(NodeProtoSchema, { name: `output/${name}`, opType: 'Identity', input: [tensor.name], output: [name] }))
  }
  return create(GraphProtoSchema, {
    name: graph.name,
    node,
    initializer: graph.constants.filter(({ tensor }) => used.has(tensor)).map(constant),
    input: graph.inputs.map((tensor) => valueInfo(tensor)),
    output: graph.outputs.map(({ name, tensor }) => valueInfo(tensor, name)),
    // A size that onnxruntime cannot infer is like no other to it; then its planner looks through all that was let go of, for
    // each tensor that is made: 20 s for the gradient of thirty layers, and 2 s with the names of all sizes (measured, 1.30).
    valueInfo: live.flatMap(({ outputs }) => outputs).filter(({ shape }) => !shape.includes(anySize)).map((tensor) => valueInfo(tensor)),
  })
}

/** The graph as the bytes of an .onnx file. @param doc what it is, for people who open it in Netron */
export function encodeModel(graph: Graph, doc = ''): Uint8Array<ArrayBuffer> {
  const used = new Set<Tensor>()
  markUsed(graph, used)
  const model = create(ModelProtoSchema, {
    irVersion,
    producerName: 'agemem-playground',
    docString: doc,
    graph: graphProto(graph, used),
    opsetImport: [
      create(OperatorSetIdProtoSchema, { domain: '', version: opset }),
      create(OperatorSetIdProtoSchema, { domain: 'com.microsoft', version: 1n }),
    ],
  })
  return new Uint8Array(toBinary(ModelProtoSchema, model))
}
