import { beforeAll, describe, expect, it } from 'vitest'
import { fullSystemPrompt } from '../core/agents/agemem/prompts.ts'
import type { ModelSource } from '../core/policy/model.ts'
import type { Asked } from '../core/policy/policy.ts'
import { createRandom } from '../core/random.ts'
import { createNodeRuntime } from '../runtime/node.ts'
import type { Runtime, Values } from '../runtime/runtime.ts'
import { parameterShapes, readModelConfig, writeModelConfig } from '../nn/transformer/config.ts'
import { initialWeights } from '../pretraining/initial-weights.ts'
import { freshAdapter, writeAdapter } from './files/adapter.ts'
import { writeSafetensors } from './files/safetensors.ts'
import { tinyChatConfig, tinyChatFiles } from './fixtures/tiny-chat-model.ts'
import type { KnownInstructions } from './kept/instructions.ts'
import { ModelServer } from './model-server.ts'

let files: File[]
beforeAll(async () => {
  const text = await tinyChatFiles()
  const tiny = tinyChatConfig(JSON.parse(new TextDecoder().decode(text.get('config.json'))).vocab_size)
  // As many parameters as a model has that was made by others, for who is instructed are such models. Most of them are of
  // words that nobody says.
  const config = readModelConfig({ ...writeModelConfig(tiny), vocab_size: 420_000, max_position_embeddings: 8192 })
  const weights = initialWeights(tiny, createRandom('instructed'))
  const tensors = [...parameterShapes(config)].map(([name, shape]) => {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1))
    values.set((weights.get(name) ?? new Float32Array(0)).map((x) => x * (name.includes('embed') ? 10 : 1)))
    return [name, { shape, values }] as const
  })
  const all = new Map<string, Uint8Array>([...text, ['config.json', new TextEncoder().encode(JSON.stringify(writeModelConfig(config)))], ['model.safetensors', writeSafetensors(new Map(tensors), 'F32')]])
  // Node's files lack it.
  files = [...all].map(([name, bytes]) => Object.defineProperty(new File([new Uint8Array(bytes)], name), 'webkitRelativePath', { value: '' }))
})

/** Counts the tokens that programs are given. */
function watched(runtime: Runtime, onTokens: (count: number) => void): Runtime {
  return {
    ...runtime,
    async load(program) {
      const loaded = await runtime.load(program)
      return {
        ...loaded,
        run: (feeds: Values) => {
          onTokens(feeds['ids']?.shape.reduce((product, size) => product * size, 1) ?? 0)
          return loaded.run(feeds)
        },
        dispose: () => loaded.dispose(),
      }
    },
  }
}

function serverOf(runtime: Runtime, instructions: { known: KnownInstructions; program: string } | null = null) {
  return new ModelServer({ place: () => Promise.resolve({ runtime, measured: [] }), limit: 2 ** 32, kept: () => Promise.resolve(files), ...(instructions ? { instructions } : {}), now: () => 0 })
}

/** Loads the model in a server of its own, and asks it with its instructions. */
async function visit(known: KnownInstructions, program = 'one') {
  let largest = 0
  const runtime = watched(createNodeRuntime(1), (count) => { largest = Math.max(largest, count) })
  const server = serverOf(runtime, { known, program })
  await server.load({ kind: 'kept', name: 'tiny', key: 'tiny' }, () => undefined)
  const conversation = [{ role: 'system', content: fullSystemPrompt() }, { role: 'user', content: 'My dog is called Bimo.' }] as const
  const [answer] = await server.serve('s', [{ place: 0, request: { conversation: [...conversation], thread: 't', purpose: 'act', stop: [], seed: 3 } }], { temperature: 0, maxTokens: 12 }, null)
  return { largest, answer }
}

describe('the instructions of a kept model', () => {
  it('are read once: the next visit knows them, and replies the same to the last bit', async () => {
    const written: [string, string, Float32Array][] = []
    const known: KnownInstructions = {
      read: (key, by) => Promise.resolve(written.find(([a, b]) => a === key && b === by)?.[2] ?? null),
      write: (...kept) => { written.push(kept); return Promise.resolve() },
    }
    const first = await visit(known)
    expect(first.largest).toBeGreaterThan(500)
    expect(written).toHaveLength(1)
    const second = await visit(known)
    expect(second.largest).toBeLessThan(100)
    expect(second.answer).toEqual(first.answer)
    expect(written).toHaveLength(1)
    // Another program computes its own.
    expect((await visit(known, 'two')).largest).toBe(first.largest)
    expect(written).toHaveLength(2)
  })
  it('are read where what was kept is of another model, or cannot be read', async () => {
    const broken: KnownInstructions = { read: () => Promise.reject(new Error('no disk')), write: () => Promise.reject(new Error('no disk')) }
    const strange: KnownInstructions = { read: () => Promise.resolve(new Float32Array(7)), write: () => Promise.resolve() }
    const [one, other] = [await visit(broken), await visit(strange)]
    expect(one.largest).toBeGreaterThan(500)
    expect(other).toEqual(one)
  })
})

it('keeps nothing of a model in whose place another one has come, and builds none of it again', async () => {
  let built = 0
  const node = createNodeRuntime(1)
  const counted: Runtime = { ...node, load: (...given) => (built++, node.load(...given)) }
  const known: KnownInstructions = { read: () => Promise.resolve(null), write: () => Promise.resolve() }
  const server = serverOf(counted, { known, program: 'one' })
  const first = server.load({ kind: 'kept', name: 'first', key: 'first' }, () => undefined)
  await server.load({ kind: 'files', name: 'second', files }, () => undefined)
  expect((await first).name).toBe('first')
  // Behind what the first one left to be done.
  await server.useAdapter(null)
  expect(built).toBe(2)
})

describe('a model that is prepared', () => {
  const small = () => files.filter(({ name }) => name !== 'config.json' && name !== 'model.safetensors')
  /** Two small models, as somebody picks their folders. */
  async function two(): Promise<[ModelSource, ModelSource]> {
    const bytes = await tinyChatFiles()
    const picked = [...bytes].filter(([name]) => name === 'config.json' || name === 'model.safetensors').map(([name, content]) => Object.defineProperty(new File([new Uint8Array(content)], name), 'webkitRelativePath', { value: '' }))
    const all = [...small(), ...picked]
    return [{ kind: 'files', name: 'one', files: all }, { kind: 'files', name: 'other', files: all }]
  }
  const asked = [{ place: 0, request: { conversation: [{ role: 'user', content: 'My dog is called Bimo.' }], thread: 't', purpose: 'act', stop: [], seed: 3 } }] satisfies Asked[]

  it('is there when it is loaded; who loads it meanwhile hears how far it is', async () => {
    const server = serverOf(createNodeRuntime(1))
    const [one] = await two()
    const preparing = server.prepare(one)
    const told: string[] = []
    const info = await server.load(one, ({ doing }) => { told.push(doing.step) })
    await preparing
    expect(info.name).toBe('one')
    expect(told).toContain('reading')
    told.length = 0
    await server.load(one, ({ doing }) => { told.push(doing.step) })
    expect(told).toEqual([])
  })
  it('is built once for the adapter that it will be asked with, which is read before any model is there', async () => {
    let built = 0
    const node = createNodeRuntime(1)
    const server = serverOf({ ...node, load: (...given) => (built++, node.load(...given)) })
    const [one] = await two()
    const config = readModelConfig(JSON.parse(new TextDecoder().decode((await tinyChatFiles()).get('config.json'))))
    const lora = { rank: 2, alpha: 4, targets: ['q_proj'] as const }
    const adapter = await server.readPeft(writeAdapter(config, freshAdapter(config, lora, createRandom('adapter')), 'one'), one)
    expect([built, adapter.lora]).toEqual([0, { rank: 2, alpha: 4, targets: ['q_proj'] }])
    await server.load(one, () => undefined, adapter)
    await server.useAdapter(adapter)
    await server.serve('s', asked, { temperature: 1, maxTokens: 8 }, null)
    expect(built).toBe(1)
    // One that is another model's is refused when it is asked for, and the model is there.
    const strange = { lora: adapter.lora, parameters: new Map() }
    const fresh = serverOf(node)
    expect((await fresh.load(one, () => undefined, strange)).name).toBe('one')
    await expect(fresh.useAdapter(strange)).rejects.toThrow()
  })
  it('leaves a model alone that answers or learns', async () => {
    const server = serverOf(createNodeRuntime(1))
    const [one, other] = await two()
    await server.load(one, () => undefined)
    const [first] = await server.serve('s', asked, { temperature: 1, maxTokens: 8 }, null)
    await server.prepare(other)
    expect((await server.serve('s', asked, { temperature: 1, maxTokens: 8 }, null))[0]).toEqual(first)
    await server.closeStream('s')
    await server.beginTraining({ lora: { rank: 2, alpha: 4, targets: ['q_proj'] }, reference: null, loss: { kind: 'grpo', clip: null, kl: 'k3' }, adamW: { betas: [0.9, 0.99], epsilon: 1e-8, weightDecay: 0 }, batching: { tokens: 512, lengths: [512] }, seed: 3 }, null)
    await server.prepare(other)
    expect((await server.adapterState()).parameters.size).toBeGreaterThan(0)
    await server.endTraining()
    await server.prepare(other)
    const told: string[] = []
    await server.load(other, ({ doing }) => { told.push(doing.step) })
    expect(told).toEqual([])
  })
  it('does not answer in the name of the one that was there', async () => {
    const server = serverOf(createNodeRuntime(1))
    const [one, other] = await two()
    await server.load(one, () => undefined)
    await server.prepare(other)
    await expect(server.serve('s', asked, { temperature: 1, maxTokens: 8, model: 'one' }, null)).rejects.toThrow('Another model was loaded in place of one')
    expect(await server.serve('t', asked, { temperature: 1, maxTokens: 8, model: 'other' }, null)).toHaveLength(1)
  })
  it('that cannot be read is nobody’s error until it is asked for', async () => {
    const server = serverOf(createNodeRuntime(1))
    const broken: ModelSource = { kind: 'files', name: 'broken', files: small() }
    await server.prepare(broken)
    await expect(server.load(broken, () => undefined)).rejects.toThrow('There is no config.json')
  })
})
