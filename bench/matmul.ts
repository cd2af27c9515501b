// The machine's matrix product rate: what training is measured against. A chain of MatMuls with the shapes of the model.
import { Graph, type Tensor } from '../src/nn/graph.ts'
import { matmul } from '../src/nn/ops/linear.ts'
import { toProgram, type Program } from '../src/nn/program.ts'
import type { ModelConfig } from '../src/nn/transformer/config.ts'

/**
 * Every layer's projections for `rows` tokens, one after the other, each feeding the next. The weights are constants,
 * which onnxruntime packs once: the best case for it. Input `x` [rows, D], output `y`.
 */
export function matmulChain(config: ModelConfig, rows: number): { program: Program; flops: number } {
  const { hiddenSize, headDim, heads, kvHeads, intermediateSize } = config
  const graph = new Graph('matmul chain')
  let x: Tensor = graph.input('x', 'float32', [rows, hiddenSize])
  let flops = 0
  const times = (from: number, to: number) => {
    // Each sum of products is then the mean: nothing overflows or vanishes.
    x = matmul(x, graph.constant('w', 'float32', [from, to], new Float32Array(from * to).fill(1 / from)))
    flops += 2 * rows * from * to
  }
  for (let layer = 0; layer < config.layers; layer++) {
    for (const width of [heads * headDim, kvHeads * headDim, intermediateSize, intermediateSize]) {
      times(hiddenSize, width)
      times(width, hiddenSize)
    }
  }
  graph.output('y', x)
  return { program: toProgram(graph, 'a chain of matrix products'), flops }
}
