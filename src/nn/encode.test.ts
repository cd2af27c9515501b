import { fromBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { encodeModel } from './encode.ts'
import { Graph } from './graph.ts'
import { AttributeProto_AttributeType, ModelProtoSchema, type GraphProto, type ValueInfoProto } from './onnx/onnx_pb.ts'
import { add, exp, mul, neg } from './ops/elementwise.ts'
import { matmul } from './ops/linear.ts'
import { rmsNorm, rotate } from './ops/normalisation.ts'
import { reshape, transpose } from './ops/shape.ts'
import { gradients } from './gradients.ts'
import { reduceSum } from './ops/reduce.ts'
import { gradientProgram } from './training/gradient-program.ts'
import { anySize } from './shape.ts'
import { readModelConfig } from './transformer/config.ts'

function decode(graph: Graph): GraphProto {
  const model = fromBinary(ModelProtoSchema, encodeModel(graph, 'a test'))
  if (!model.graph) throw new Error('The model has no graph.')
  return model.graph
}

function described({ name, type }: ValueInfoProto): string {
  if (type?.value.case !== 'tensorType') return name
  const dims = type.value.value.shape?.dim.map(({ value }) => String(value.value)) ?? []
  return `${name}: ${type.value.value.elemType} [${dims.join(', ')}]`
}

const nodesOf = ({ node }: GraphProto) => node.map(({ opType, input, output }) => `${opType}(${input.join(', ')}) → ${output.join(', ')}`)

describe('the file', () => {
  it('says who wrote it, for which opset, and what it is', () => {
    const graph = new Graph('tiny')
    graph.output('y', neg(graph.input('x', 'float32', [2])))
    const model = fromBinary(ModelProtoSchema, encodeModel(graph, 'a test'))
    expect(model).toMatchObject({ irVersion: 10n, producerName: 'agemem-playground', docString: 'a test' })
    expect(model.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 21n], ['com.microsoft', 1n]])
  })

  it('says what size every tensor between has, but of one that is unlike all others', () => {
    const graph = new Graph('tiny')
    const x = graph.input('x', 'float32', ['batch', 3])
    const doubled = mul(x, 2)
    graph.output('y', exp(reshape(neg(doubled), [anySize])))
    expect(decode(graph).valueInfo.map(described)).toEqual(['Mul: 1 [batch, 3]', 'Neg: 1 [batch, 3]'])
  })

  it('holds inputs and outputs with types and sizes, known and named', () => {
    const graph = new Graph('tiny')
    const x = graph.input('x', 'float32', ['batch', 3])
    graph.input('ids', 'int32', [2])
    graph.output('y', exp(x))
    graph.output('x_again', x)
    const proto = decode(graph)
    expect(proto.name).toBe('tiny')
    expect(proto.input.map(described)).toEqual(['x: 1 [batch, 3]', 'ids: 6 [2]'])
    expect(proto.output.map(described)).toEqual(['y: 1 [batch, 3]', 'x_again: 1 [batch, 3]'])
    expect(nodesOf(proto)).toEqual(['Exp(x) → Exp', 'Identity(Exp) → y', 'Identity(x) → x_again'])
  })

  it('holds constants as their little-endian bytes', () => {
    const graph = new Graph('tiny')
    graph.output('y', mul(graph.input('x', 'float32', [2]), graph.constant('w', 'float32', [2], Float32Array.of(1, -2))))
    const [w] = decode(graph).initializer
    expect(w).toMatchObject({ name: 'w', dims: [2n], dataType: 1 })
    expect([...(w?.rawData ?? [])]).toEqual([0, 0, 128, 63, 0, 0, 0, 192])
  })

  it('refuses a constant that does not fill its shape', () => {
    const graph = new Graph('tiny')
    graph.output('y', graph.constant('w', 'float32', [3], Float32Array.of(1, 2)))
    expect(() => encodeModel(graph)).toThrow('Constant w has 2 values for its shape.')
  })

  it('holds attributes by their kind', () => {
    const graph = new Graph('tiny')
    const x = graph.input('x', 'float32', [1, 1, 2, 4])
    const normed = rmsNorm(x, graph.input('w', 'float32', [4]), 1e-6)
    const turned = rotate(normed, graph.input('at', 'int64', [1]), graph.input('cos', 'float32', [2, 2]), graph.input('sin', 'float32', [2, 2]))
    graph.output('y', transpose(turned, [0, 1, 3, 2]))
    const [norm, turn, order] = decode(graph).node
    const { INT, INTS, FLOAT } = AttributeProto_AttributeType
    expect(norm?.attribute).toMatchObject([{ name: 'axis', type: INT, i: -1n }, { name: 'epsilon', type: FLOAT, f: Math.fround(1e-6) }, { name: 'stash_type', type: INT, i: 1n }])
    expect([turn?.domain, turn?.opType]).toEqual(['com.microsoft', 'RotaryEmbedding'])
    expect(order?.attribute).toMatchObject([{ name: 'perm', type: INTS, ints: [0n, 1n, 3n, 2n] }])
  })
})

describe('names', () => {
  it('say where a node belongs, and are told apart', () => {
    const graph = new Graph('tiny')
    const x = graph.input('x', 'float32', [2, 2])
    const w = graph.input('w', 'float32', [2, 2])
    const y = graph.scoped('layers.0', () => graph.scoped('mlp', () => matmul(exp(exp(x)), w)))
    const loss = reduceSum(y)
    for (const [i, gradient] of gradients(loss, [w]).entries()) graph.output(`d${i}`, gradient)
    expect(decode(graph).node.map(({ name }) => name)).toEqual([
      'layers.0/mlp/Exp',
      'layers.0/mlp/Exp_1',
      // The gradient of 1 that the loss starts from, and the sum's.
      'Reshape',
      'grad/ReduceSum/Expand',
      'grad/layers.0/mlp/MatMul/Transpose',
      'grad/layers.0/mlp/MatMul/MatMul',
      'output/d0',
    ])
  })

  it('are unique in a whole training program, and every input of a node is made before it', () => {
    const config = readModelConfig({ model_type: 'qwen3', vocab_size: 11, hidden_size: 8, num_hidden_layers: 2, num_attention_heads: 2, num_key_value_heads: 1, intermediate_size: 6, tie_word_embeddings: true })
    const { model, inputs } = gradientProgram('train', config, {
      batch: 2,
      length: 4,
      positions: 3,
      loss: { kind: 'grpo', grpo: { clip: { low: 0.2, high: 0.2 }, kl: 'k3' } },
      trainable: 'lora',
      lora: { rank: 2, alpha: 4, targets: ['q_proj', 'down_proj'] },
      weights: { layout: 'mlc', dtype: 'float32' },
      recompute: 2,
      entropy: true,
    })
    const { graph } = fromBinary(ModelProtoSchema, model)
    const made = new Set([...inputs.map(({ name }) => name), ...(graph?.initializer.map(({ name }) => name) ?? [])])
    for (const node of graph?.node ?? []) {
      for (const input of node.input) expect(input === '' || made.has(input), `${node.name} reads ${input}`).toBe(true)
      for (const output of node.output) {
        expect(made.has(output), output).toBe(false)
        made.add(output)
      }
    }
    expect(graph?.node.some(({ name }) => name.startsWith('again/layers.1/'))).toBe(true)
  })
})

describe('what no output needs', () => {
  it('is left out, and its constants with it; inputs stay', () => {
    const graph = new Graph('tiny')
    const [x, idle] = [graph.input('x', 'float32', [2]), graph.input('idle', 'float32', [2])]
    exp(mul(idle, graph.constant('large', 'float32', [2], Float32Array.of(1, 2))))
    graph.output('y', mul(x, 3))
    const proto = decode(graph)
    expect(nodesOf(proto)).toEqual(['Mul(x, 3) → Mul_1', 'Identity(Mul_1) → y'])
    expect(proto.initializer.map(({ name }) => name)).toEqual(['3'])
    expect(proto.input.map(({ name }) => name)).toEqual(['x', 'idle'])
  })

  it("but not what only a loop's body needs", () => {
    const graph = new Graph('outer')
    const x = graph.input('x', 'float32', [2])
    const outside = exp(x)
    const body = new Graph('body', graph)
    body.input('at', 'int64', [])
    const goOn = body.input('go_on', 'bool', [])
    const carried = body.input('carried', 'float32', [2])
    exp(carried)
    body.output('go_on_next', goOn)
    body.output('carried_next', add(carried, outside))
    const [last] = graph.node('Loop', [graph.scalar(3, 'int64'), null, x], [{ dtype: 'float32', shape: [2] }], { body })
    if (last) graph.output('y', last)
    const proto = decode(graph)
    expect(nodesOf(proto)).toEqual(['Exp(x) → Exp', 'Loop(3, , x) → Loop', 'Identity(Loop) → y'])
    const inner = proto.node[1]?.attribute[0]?.g
    expect(inner && nodesOf(inner)).toEqual(['Add(carried, Exp) → Add', 'Identity(go_on) → go_on_next', 'Identity(Add) → carried_next'])
  })
})
