// A card that is lost, or gives up, in the middle of a step: what the sampler has is W₀, or W₀ + s·B·A, or it is said that it is neither.
import { beforeAll, describe, expect, it } from 'vitest'
import { actionForm } from '../core/agents/agemem/agent.ts'
import { askAll } from '../core/policy/ask.ts'
import type { GenerateRequest } from '../core/policy/policy.ts'
import type { TrainSequence } from '../core/policy/sequence.ts'
import type { TrainingSetup } from '../core/policy/trainable.ts'
import { createRandom } from '../core/random.ts'
import { filesInMemory, tinyChatFiles } from '../models/fixtures/tiny-chat-model.ts'
import { loadModel, type LoadedModel } from '../models/files/load-model.ts'
import { LocalModel } from '../models/local-model.ts'
import { loraShapes, type LoraConfig } from '../nn/transformer/weights.ts'
import type { Values } from '../runtime/runtime.ts'
import { createNodeRuntime } from '../runtime/node.ts'
import { liveRig } from './live-rig.fixture.ts'

const runtime = createNodeRuntime(1)
let loaded: LoadedModel
let local: LocalModel
beforeAll(async () => {
  loaded = await loadModel(filesInMemory(await tinyChatFiles()), 2 ** 30)
  local = LocalModel.unloaded(runtime, 'tiny', loaded)
})
const machine = () => liveRig(loaded, runtime, local)
type Machine = ReturnType<typeof machine>

const lora: LoraConfig = { rank: 2, alpha: 4, targets: ['q_proj', 'k_proj', 'up_proj', 'down_proj'] }
function adapter(seed: string): Values {
  const random = createRandom(seed)
  return Object.fromEntries([...loraShapes(loaded.config, lora)].map(([name, shape]) => [name, { dtype: 'float32', shape, data: Float32Array.from({ length: shape[0] * shape[1] }, () => random.next() - 0.5) }]))
}

/** All that is written of the sampler's weights between two models: W₀ kept, one adapter, another one, W₀ back. */
const writes: readonly ((machine: Machine) => Promise<void>)[] = [
  ({ weights }) => weights.keep(lora.targets),
  ({ weights }) => weights.sync(lora, adapter('one')),
  ({ weights }) => weights.sync(lora, adapter('other')),
  ({ weights }) => weights.release(),
]

const bytesOf = (weights: ReturnType<Machine['now']>) => Object.values(weights).join(' ')

describe.each(['lost', 'error'] as const)('a card that fails in the middle of a submission (%s)', (how) => {
  it('leaves W₀, W₀ + s·B·A, or weights that are said to be neither', async () => {
    const plain = machine()
    /** What the weights may be, after each of the writes. */
    const known = [bytesOf(plain.now())]
    for (const write of writes) {
      await write(plain)
      known.push(bytesOf(plain.now()))
    }
    expect(new Set(known).size).toBe(3)
    expect(known.at(-1)).toBe(known[0])
    let torn = 0
    for (let at = 1; at <= plain.card.submitted; at++) {
      const rig = machine()
      rig.card.failing = { at, how }
      let failed = 0
      for (const write of writes) {
        await write(rig).catch(() => failed++)
        const is = bytesOf(rig.now())
        if (rig.weights.whole) expect(known).toContain(is)
        else if (!known.includes(is)) torn++
      }
      expect(failed).toBeGreaterThan(0)
      // A card that goes on can be mended; a lost one has nothing to mend.
      if (how === 'lost') expect(rig.weights.whole && bytesOf(rig.now()) !== known[0]).toBe(false)
      else await rig.weights.release().then(() => { expect([rig.weights.whole, bytesOf(rig.now())]).toEqual([true, known[0]]) })
    }
    // Otherwise nothing was put to the test.
    expect(torn).toBeGreaterThan(0)
  })
})

const setup: TrainingSetup = {
  lora,
  reference: null,
  loss: { kind: 'grpo', clip: null, kl: 'k3' },
  adamW: { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0 },
  batching: { tokens: 128, lengths: [64] },
  seed: 3,
}
const settings = { learningRate: 0.02, maxNorm: 1, beta: 0 }
const sequences: TrainSequence[] = [{ ids: Array.from({ length: 12 }, (_, i) => i + 3), targets: [8, 9, 10].map((index) => ({ index, weight: 1 / 3, advantage: 1, oldLogp: -2, refLogp: -2 })) }]
const request: GenerateRequest = { ...actionForm, conversation: [{ role: 'user', content: 'Hi' }], thread: 't', purpose: 'act', seed: 1 }
const kindOf = async (work: Promise<unknown>) => work.then(() => 'it did', (error: unknown) => (error instanceof Error && 'problem' in error ? error.problem : error))

describe('a step', () => {
  it('whose merge fails is none: nobody plays with what it left, and W₀ is put back when the training ends', async () => {
    const { live, card, now, dispose } = machine()
    const base = bytesOf(now())
    await live.beginTraining(setup, null)
    card.failing = { at: card.submitted + 1, how: 'error' }
    expect(await kindOf(live.update(sequences, settings))).toEqual({ kind: 'other', detail: 'The driver gave up.' })
    expect(bytesOf(now())).not.toBe(base)
    for (const play of [() => askAll(live, [request], { temperature: 1, maxTokens: 2 }), () => live.inspect(request.conversation, [5], 1)]) expect(await kindOf(play())).toEqual({ kind: 'torn-weights', detail: '' })
    await live.endTraining()
    expect(bytesOf(now())).toBe(base)
    expect(await askAll(live, [request], { temperature: 1, maxTokens: 2 })).toHaveLength(1)
    await dispose()
  })

  it('whose merge fails, and the way back too, leaves a model that has to be loaded again, and says so as often as it is asked', async () => {
    const { live, card, weights } = machine()
    await live.beginTraining(setup, null)
    card.failing = { at: card.submitted + 1, how: 'error' }
    await kindOf(live.update(sequences, settings))
    for (let again = 0; again < 2; again++) {
      card.failing = { at: card.submitted + 1, how: 'error' }
      expect(await kindOf(again === 0 ? live.endTraining() : live.asBase())).toEqual({ kind: 'torn-weights', detail: 'The driver gave up.' })
      expect(weights.whole).toBe(false)
      expect(await kindOf(askAll(live, [request], { temperature: 1, maxTokens: 2 }))).toEqual({ kind: 'torn-weights', detail: '' })
    }
  })

  it('in which the card is lost says that it was lost', async () => {
    const { live, card, weights } = machine()
    await live.beginTraining(setup, null)
    card.failing = { at: card.submitted + 1, how: 'lost' }
    expect(await kindOf(live.update(sequences, settings))).toMatchObject({ kind: 'device-lost' })
    expect(weights.whole).toBe(false)
    expect(await kindOf(live.endTraining())).toMatchObject({ kind: 'device-lost' })
    expect(await kindOf(askAll(live, [request], { temperature: 1, maxTokens: 2 }))).toMatchObject({ kind: 'torn-weights' })
  })

  it('an adapter that cannot be put on is not half on: the base plays, and it is tried again', async () => {
    const { live, card, now, weights } = machine()
    const base = bytesOf(now())
    const tensors = new Map(Object.entries(adapter('one')).map(([name, value]): [string, Float32Array] => [name, 'data' in value && value.data instanceof Float32Array ? value.data : new Float32Array(0)]))
    card.failing = { at: card.submitted + 2, how: 'error' }
    expect(await kindOf(live.useAdapter({ lora, parameters: tensors }))).toEqual({ kind: 'other', detail: 'The driver gave up.' })
    expect([weights.whole, bytesOf(now())]).toEqual([true, base])
    await live.asAdapted()
    expect(bytesOf(now())).not.toBe(base)
    await live.asBase()
    expect(bytesOf(now())).toBe(base)
  })
})
