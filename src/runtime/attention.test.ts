// Causal attention in blocks of queries against the same attention in one piece, which the goldens check.
import { afterAll, describe, expect, it } from 'vitest'
import { gradientsFrom } from '../nn/gradients.ts'
import { Graph } from '../nn/graph.ts'
import { toProgram } from '../nn/program.ts'
import { attend } from '../nn/transformer/attention.ts'
import { causalMask } from '../nn/transformer/causal.ts'
import { chance, randomTensor, smallConfig } from './fixture.ts'
import { createNodeRuntime } from './node.ts'
import { readFloats } from './runtime.ts'

const runtime = createNodeRuntime(1)
afterAll(() => runtime.dispose())

const config = smallConfig('llama', { num_attention_heads: 4, num_key_value_heads: 2 })
const outputs = ['y', 'dq', 'dk', 'dv'] as const

/** Result and gradients for random inputs and a random gradient of the result. */
async function run(length: number, causal: boolean): Promise<Record<string, Float32Array>> {
  const graph = new Graph('attention')
  const [queryShape, keyShape] = [[2, config.heads, length, config.headDim], [2, config.kvHeads, length, config.headDim]]
  const shapes = { q: queryShape, k: keyShape, v: keyShape, dy: [2, length, config.heads * config.headDim] }
  const input = (name: keyof typeof shapes) => graph.input(name, 'float32', shapes[name])
  const [queries, keys, values, dy] = [input('q'), input('k'), input('v'), input('dy')]
  const y = attend(queries, [{ keys, values, mask: causalMask(graph, length), causal }], config)
  const results = [y, ...gradientsFrom([[y, dy]], [queries, keys, values])]
  for (const [i, name] of outputs.entries()) graph.output(name, results[i] ?? y)
  const program = await runtime.load(toProgram(graph, ''))
  const random = chance(length)
  const feeds = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, randomTensor(random, shape, 1)]))
  const found = await program.run(feeds)
  await program.dispose()
  return Object.fromEntries(await Promise.all(outputs.map(async (name) => [name, await readFloats(found, name)] as const)))
}

describe('causal attention in blocks', () => {
  it.each([
    ['within one block', 100],
    ['two whole blocks', 256],
    ['a last block that is shorter', 300],
  ])('is the same: %s', async (_, length) => {
    const [blocks, whole] = [await run(length, true), await run(length, false)]
    for (const name of outputs) {
      const worst = Math.max(...(blocks[name] ?? []).map((value, i) => Math.abs(value - (whole[name]?.[i] ?? NaN))))
      expect(worst, name).toBeLessThan(1e-5)
      expect(blocks[name]?.some((value) => Math.abs(value) > 0.1), name).toBe(true)
    }
  })
})
