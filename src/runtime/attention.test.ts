// Causal attention in blocks of queries against the same attention in one piece, in programs of one size and of any.
import { afterAll, describe, expect, it } from 'vitest'
import { gradientsFrom } from '../nn/gradients.ts'
import { Graph } from '../nn/graph.ts'
import { toProgram } from '../nn/program.ts'
import { tokenAttention } from '../nn/training/token-attention.ts'
import { named, sizesOfMicroBatch, tokenLayout } from '../nn/training/token-layout.ts'
import { declareWeights } from '../nn/transformer/weights.ts'
import { chance, randomTensor, smallConfig } from './fixture.ts'
import { createNodeRuntime } from './node.ts'
import { readFloats } from './runtime.ts'

const runtime = createNodeRuntime(1)
afterAll(() => runtime.dispose())

const config = smallConfig('llama', { num_attention_heads: 4, num_key_value_heads: 2 })
const outputs = ['y', 'dq', 'dk', 'dv'] as const
const batch = 2

/**
 * Result and gradients for random inputs and a random gradient of the result.
 * @param blocks of a program of any size; null: of one size, which chooses them itself
 */
async function run(length: number, blocks: number | null): Promise<Record<string, Float32Array>> {
  const graph = new Graph('attention', null, { fedSizes: blocks !== null })
  const cuts = { own: blocks ?? 1, shared: 1, pieces: 1 }
  const layout = tokenLayout(graph, blocks === null ? { batch, length, prefix: 0 } : { ...named, prefix: 0 }, cuts, 2)
  const widths = { q: config.heads * config.headDim, k: config.kvHeads * config.headDim, v: config.kvHeads * config.headDim, dy: config.heads * config.headDim }
  const input = (name: keyof typeof widths) => graph.input(name, 'float32', [layout.tokens, widths[name]])
  const [queries, keys, values, dy] = [input('q'), input('k'), input('v'), input('dy')]
  const weights = declareWeights(graph, config, { layout: 'huggingface', dtype: 'float32' }, null)
  const y = tokenAttention(graph, config, weights, layout, length)(0, queries, keys, values)
  const results = [y, ...gradientsFrom([[y, dy]], [queries, keys, values])]
  for (const [i, name] of outputs.entries()) graph.output(name, results[i] ?? y)
  const program = toProgram(graph, '')
  const loaded = await runtime.load(program)
  const random = chance(length)
  const feeds = Object.fromEntries(Object.entries(widths).map(([name, width]) => [name, randomTensor(random, [batch * length, width], 1)]))
  const found = await loaded.run({ ...feeds, ...sizesOfMicroBatch(program, { batch, length, prefix: 0, positions: 1 }, cuts) })
  await loaded.dispose()
  return Object.fromEntries(await Promise.all(outputs.map(async (name) => [name, await readFloats(found, name)] as const)))
}

describe('causal attention in blocks', () => {
  it.each([
    ['one that needs none', 100, null],
    ['a program of this size', 300, null],
    ['a program of any size', 300, 3],
    ['blocks of unlike size', 301, 3],
  ])('is the same: %s', async (_, length, count) => {
    const [blocks, whole] = [await run(length, count), await run(length, 1)]
    for (const name of outputs) {
      const worst = Math.max(...(blocks[name] ?? []).map((value, i) => Math.abs(value - (whole[name]?.[i] ?? NaN))))
      expect(worst, name).toBeLessThan(1e-5)
      expect(blocks[name]?.some((value) => Math.abs(value) > 0.1), name).toBe(true)
    }
  })
})
