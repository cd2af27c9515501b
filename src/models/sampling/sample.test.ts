// Sampling inside a graph against the same rule in JavaScript: by blocks of the vocabulary, and where it is no whole blocks.
import { afterAll, describe, expect, it } from 'vitest'
import { createRandom } from '../../core/random.ts'
import { Graph } from '../../nn/graph.ts'
import { sample } from '../../nn/inference/sampling.ts'
import { toProgram } from '../../nn/program.ts'
import { createNodeRuntime } from '../../runtime/node.ts'
import { read, readFloats } from '../../runtime/runtime.ts'
import { drawToken, type SamplingSettings } from './sampler.ts'

const runtime = createNodeRuntime(1)
afterAll(() => runtime.dispose())

const rows = 16

async function sampled(vocabulary: number) {
  const graph = new Graph('sample')
  const logits = graph.input('logits', 'float32', ['batch', vocabulary])
  const drawn = sample(logits, graph.input('u', 'float32', ['batch', 1]), 'batch', { temperature: graph.input('temperature', 'float32', [1]), minLogP: graph.input('min_logp', 'float32', [1]) })
  graph.output('ids', drawn.ids)
  graph.output('logps', drawn.logps)
  graph.output('sampled_logps', drawn.sampledLogps)
  const program = await runtime.load(toProgram(graph, 'draws of a token'))
  return async (values: Float32Array, u: readonly number[], { temperature, minP }: SamplingSettings) => {
    const results = await program.run({
      logits: { dtype: 'float32', shape: [u.length, vocabulary], data: values },
      u: { dtype: 'float32', shape: [u.length, 1], data: Float32Array.from(u) },
      temperature: { dtype: 'float32', shape: [1], data: Float32Array.of(temperature) },
      min_logp: { dtype: 'float32', shape: [1], data: Float32Array.of(minP ? Math.log(minP) : -3e38) },
    })
    const [ids, logps, sampledLogps] = [await read(results['ids'], 'ids'), await readFloats(results, 'logps'), await readFloats(results, 'sampled_logps')]
    return u.map((_, i) => ({ id: Number(ids[i]), logp: logps[i] ?? NaN, sampledLogp: sampledLogps[i] ?? NaN }))
  }
}

const settings: SamplingSettings[] = [{ temperature: 0 }, { temperature: 1 }, { temperature: 1, minP: 0.05 }, { temperature: 0.6, minP: 0.002 }, { temperature: 2 }]

describe.each([64, 1024, 4096, 100, 1023])('a draw from %i tokens', (vocabulary) => {
  it('is the one of the same rule in JavaScript', async () => {
    const draw = await sampled(vocabulary)
    const random = createRandom(`sample ${vocabulary}`)
    let differ = 0
    let drawn = 0
    for (const given of settings) {
      for (let round = 0; round < 12; round++) {
        const values = Float32Array.from({ length: rows * vocabulary }, () => 8 * (random.next() - 0.5) + (random.chance(0.01) ? 6 : 0))
        const u = Array.from({ length: rows }, () => Math.fround(random.next()))
        const found = await draw(values, u, given)
        for (const [i, { id, logp, sampledLogp }] of found.entries()) {
          const own = drawToken(values.slice(i * vocabulary, (i + 1) * vocabulary), u[i] ?? 0, given)
          drawn++
          // Where sums of float32 come so near to u, its neighbour.
          if (own.id !== id) differ++
          else {
            expect(Math.abs(logp - own.logp)).toBeLessThan(2e-5)
            expect(Math.abs(sampledLogp - own.sampledLogp)).toBeLessThan(2e-5)
          }
        }
      }
    }
    expect(drawn).toBe(settings.length * 12 * rows)
    expect(differ / drawn).toBeLessThan(0.01)
  })
  it('has some probability at both ends, also where almost nothing has any', async () => {
    const draw = await sampled(vocabulary)
    // A draw below 1 may be 1 as float32.
    const ends = [0, 2 ** -24, 0.5, 1 - 2 ** -24, 1]
    for (const likely of [[0], [vocabulary - 1], [5, 40], [63, vocabulary - 1]]) {
      const row = new Float32Array(vocabulary).fill(-200)
      for (const [i, id] of likely.entries()) row[id] = 10 - 25 * i
      const values = Float32Array.from({ length: ends.length * vocabulary }, (_, i) => row[i % vocabulary] ?? 0)
      for (const { id, logp } of await draw(values, ends, { temperature: 1 })) {
        expect(likely).toContain(id)
        expect(logp).toBeGreaterThan(-40)
      }
    }
  })
})
