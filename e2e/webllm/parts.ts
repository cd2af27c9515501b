// Parts of the opt-in test that need no training, in the page: what an adapter does to WebLLM's weights, and that it undoes it.
// An adapter of random numbers does as well as a trained one. Weights are compared bit for bit, all of them (worker.ts hashes
// each buffer); the model is asked as little as can be, since in software a prompt of four tokens takes minutes.
import type { AdapterTensors } from '../../src/core/policy/trainable.ts'
import type { WebLlmSource } from '../../src/core/policy/webllm.ts'
import { createRandom } from '../../src/core/random.ts'
import type { ModelConfig } from '../../src/nn/transformer/config.ts'
import { loraShapes, type LoraConfig } from '../../src/nn/transformer/weights.ts'
import type { Tell } from './learning.ts'
import type { TestWorkerApi } from './worker.ts'

export const shortParts = ['reset', 'cycles', 'adapters'] as const
export type ShortPart = (typeof shortParts)[number]

/** What the reply is that is looked at, behind the prompt: one token. */
export const looked = { conversation: [{ role: 'user' as const, content: 'a' }], ids: [98] }

/** Of other projections, so that what one leaves behind the other does not cover. */
export const shapes: readonly LoraConfig[] = [
  { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj', 'up_proj'] },
  { rank: 2, alpha: 6, targets: ['k_proj', 'o_proj', 'down_proj'] },
]

/** Random numbers as large as the weights that they are added to. */
export function randomAdapter(config: ModelConfig, lora: LoraConfig): AdapterTensors {
  const random = createRandom(`adapter of ${lora.targets.join(' ')}`)
  return { lora, parameters: new Map([...loraShapes(config, lora)].map(([name, [rows, columns]]) => [name, Float32Array.from({ length: rows * columns }, () => 0.2 * (random.next() - 0.5))])) }
}

interface PartOptions {
  config: ModelConfig
  /** Ask the model nothing: weights alone. */
  brief: boolean
  /** log π of the reply by our own programs, without an adapter and with each. */
  ours: readonly number[]
}

const tolerance = 1e-3

/** Weights that differ: by name. */
const differing = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>) => [...one].filter(([name, hash]) => other.get(name) !== hash).map(([name]) => name)

export async function checkPart(part: ShortPart, api: TestWorkerApi, source: Extract<WebLlmSource, { kind: 'custom' }>, { config, brief, ours }: PartOptions, { check, say }: Tell): Promise<void> {
  const { live, probe } = api
  async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now()
    const value = await work()
    await say(`     ${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`)
    return value
  }
  const weights = async (what: string) => new Map(await timed(`all weights read, ${what}`, () => probe.hashes()))
  const logp = async (what: string) => {
    if (brief) return null
    const [view] = await timed(`a prompt read, ${what}`, () => live.inspect([...looked.conversation], looked.ids, 1))
    return view?.logprob ?? NaN
  }
  const use = (what: string, adapter: AdapterTensors | null) => timed(what, () => live.useAdapter(adapter))
  const adapters = shapes.map((lora) => randomAdapter(config, lora))
  const [one, other] = adapters
  if (!one || !other) return
  /** Stored matrices that an adapter changes: q, k and v are one, and gate and up. */
  const changedBy = ({ lora }: AdapterTensors) => config.layers * new Set(lora.targets.map((each) => (/[qkv]_proj/.test(each) ? 'qkv' : /gate|up/.test(each) ? 'gate_up' : each))).size

  await timed('the model loaded', () => live.load({ kind: 'webllm', name: source.name, source }, () => undefined))
  const base = await weights('as they came')
  switch (part) {
    case 'reset': {
      const before = await logp('without an adapter')
      await use('an adapter put on', one)
      const adapted = await weights('under the adapter')
      const changed = differing(base, adapted)
      await check('an adapter changes the matrices of its projections, and no others', changed.length === changedBy(one) && changed.every((name) => /qkv|c_attn|gate_up/.test(name)), `${changed.length} of ${base.size}`)
      await use('taken off', null)
      const reset = await weights('after it was taken off')
      await check('when it is taken off all weights are as before, bit for bit', differing(base, reset).length === 0 && reset.size === base.size, `${reset.size} weights`)
      const after = await logp('after it was taken off')
      if (before !== null) await check('and WebLLM says what it said before, bit for bit', Object.is(before, after), { before, after })
      return
    }
    case 'cycles': {
      const alone = await live.cardBytes()
      const on: number[] = []
      const off: number[] = []
      await timed('ten adapters put on and taken off', async () => {
        for (let i = 0; i < 10; i++) {
          await live.useAdapter(i % 2 === 0 ? one : other)
          on.push((await live.cardBytes()) - alone)
          await live.useAdapter(null)
          off.push((await live.cardBytes()) - alone)
        }
      })
      await check('ten cycles leave the memory of the card where it was', off.every((each) => each === 0) && on.every((each) => each > 0), { alone, on, off })
      await check('and all weights as they were, bit for bit', differing(base, await weights('after ten cycles')).length === 0, `${base.size} weights`)
      return
    }
    case 'adapters': {
      const said = [await logp('without an adapter')]
      await use('the first adapter put on', one)
      const first = await weights('under the first')
      said.push(await logp('under the first'))
      await use('the second in its place', other)
      const second = await weights('under the second')
      said.push(await logp('under the second'))
      const changed = differing(base, second)
      await check('the second adapter is there alone: what the first changed is as it was', changed.length === changedBy(other), `${changed.length} of ${base.size} differ from the base`)
      await use('the first again', one)
      await check('the first again gives the weights that it gave before, bit for bit', differing(first, await weights('under the first again')).length === 0, `${first.size} weights`)
      if (!brief) {
        const gaps = said.map((logp, i) => Math.abs((logp ?? NaN) - (ours[i] ?? NaN)))
        await check(`two adapters in turn without a reload: WebLLM says of each what our own programs say, within ${tolerance}`, gaps.every((gap) => gap < tolerance), { webllm: said, ours, gaps })
        await check('and each is another model', Math.min(...[[0, 1], [0, 2], [1, 2]].map(([a = 0, b = 0]) => Math.abs((ours[a] ?? NaN) - (ours[b] ?? NaN)))) > 10 * tolerance, ours)
      }
      await use('taken off', null)
      return
    }
  }
}
