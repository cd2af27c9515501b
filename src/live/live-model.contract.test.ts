import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { actionForm } from '../core/agents/agemem/agent.ts'
import { askAll } from '../core/policy/ask.ts'
import { describePolicy } from '../core/policy/policy.contract.test-suite.ts'
import type { TrainSequence } from '../core/policy/sequence.ts'
import type { GenerateRequest } from '../core/policy/policy.ts'
import type { AdapterTensors, TrainingSetup } from '../core/policy/trainable.ts'
import { filesInMemory, tinyChatFiles } from '../models/fixtures/tiny-chat-model.ts'
import { loadModel, type LoadedModel } from '../models/files/load-model.ts'
import { LocalModel } from '../models/local-model.ts'
import { createRandom } from '../core/random.ts'
import { loraShapes, type LoraConfig } from '../nn/transformer/weights.ts'
import { createNodeRuntime } from '../runtime/node.ts'
import type { LiveModel } from './live-model.ts'
import { liveRig } from './live-rig.fixture.ts'

// The policy's contract, and what a local model does, over the real LiveWeights, trainer and LiveModel. The card is memory, and an
// engine of ours reads WebLLM's buffers there (live-rig.fixture.ts); the real WebLLM: npm run test:webllm.
const runtime = createNodeRuntime(1)
let loaded: LoadedModel
let local: LocalModel
let rig: ReturnType<typeof liveRig>
beforeAll(async () => {
  loaded = await loadModel(filesInMemory(await tinyChatFiles()), 2 ** 30)
  local = await LocalModel.create(runtime, 'tiny', loaded)
  rig = liveRig(loaded, runtime, local)
})
afterAll(async () => {
  await rig.dispose()
  await local.dispose()
  await runtime.dispose()
})

describePolicy('LiveModel, constrained as ever', () => Promise.resolve({ policy: rig.live, window: rig.live.window }))
describePolicy('LiveModel, which says whatever it says', () => Promise.resolve({ policy: { ...rig.live, name: 'free', window: rig.live.window, open: (options) => rig.live.open({ ...options, constrained: false }) }, window: rig.live.window }))

const lora: LoraConfig = { rank: 3, alpha: 6, targets: ['q_proj', 'v_proj', 'up_proj', 'down_proj'] }
const setup: TrainingSetup = {
  lora,
  reference: null,
  loss: { kind: 'grpo', clip: { low: 0.2, high: 0.28 }, kl: 'k3' },
  adamW: { betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0 },
  batching: { tokens: 256, lengths: [128, 256] },
  seed: 3,
}
const settings = { learningRate: 0.02, maxNorm: 1, beta: 0.1 }

function adapter(seed: string): AdapterTensors {
  const random = createRandom(seed)
  return { lora, parameters: new Map([...loraShapes(loaded.config, lora)].map(([name, [rows, columns]]) => [name, Float32Array.from({ length: rows * columns }, () => 0.4 * (random.next() - 0.5))])) }
}

const request = (seed: number): GenerateRequest => ({ ...actionForm, conversation: [{ role: 'system', content: 'You keep memories.' }, { role: 'user', content: 'My dog is called Bimo.' }], thread: `t${seed}`, purpose: 'act', seed })
const options = { temperature: 1, maxTokens: 24 }
const texts = async (model: LocalModel | LiveModel) => (await askAll(model, [1, 2, 3].map(request), { ...options, constrained: true })).map(({ text }) => text)

/** Sequences that both are trained on: what each of the seeds says, with advantages that differ. */
async function group(model: LocalModel | LiveModel): Promise<TrainSequence[]> {
  const replies = await askAll(model, [1, 2].map(request), { ...options, constrained: true })
  const plain = replies.map(({ token_ids }, i): TrainSequence => {
    const prompt = model.encoder.encode(model.encoder.chat(request(1).conversation))
    const ids = token_ids ?? []
    return { ids: [...prompt, ...ids], targets: ids.map((_, k) => ({ index: prompt.length + k, weight: 0.5 / ids.length, advantage: i === 0 ? 1 : -1 })) }
  })
  const old = await model.score(plain, 'policy')
  const ref = await model.score(plain, 'reference')
  return plain.map(({ ids, targets }, i) => ({ ids, targets: targets.map((target, k) => ({ ...target, oldLogp: old[i]?.[k] ?? NaN, refLogp: ref[i]?.[k] ?? NaN })) }))
}

describe('LiveModel', () => {
  it('plays with adapters in turn as a local model does, and without one again', async () => {
    const { live, card, now } = rig
    const base = now()
    const plain = await texts(live)
    const said = new Set([plain.join()])
    expect(plain).toEqual(await texts(local))
    for (const one of [adapter('one'), adapter('other'), adapter('one')]) {
      await live.useAdapter(one)
      await local.useAdapter(one)
      const replies = await texts(live)
      expect(replies).toEqual(await texts(local))
      said.add(replies.join())
    }
    expect(said.size).toBe(3)
    // q, k and v are stacked, gate and up: o alone stays as it is.
    expect(card.kept().sort()).toEqual([0, 1].flatMap((layer) => ['mlp.down_proj', 'mlp.gate_up_proj', 'self_attn.qkv_proj'].map((name) => `model.layers.${layer}.${name}.weight`)))
    // Somebody else has the model play as it is in between.
    const adapted = now()
    await live.asBase()
    expect(now()).toEqual(base)
    await live.asAdapted()
    expect(now()).toEqual(adapted)
    await live.useAdapter(null)
    await local.useAdapter(null)
    expect(now()).toEqual(base)
    await live.asAdapted()
    expect(now()).toEqual(base)
    expect(await texts(live)).toEqual(plain)
  })

  it('learns as a local model does, its sampler with it, and forgets what was cached at each step', async () => {
    const { live, now, forgotten } = rig
    const base = now()
    await local.beginTraining(setup, null)
    await live.beginTraining(setup, null)
    const before = forgotten()
    for (let step = 0; step < 2; step++) {
      const [ours, theirs] = [await group(live), await group(local)]
      expect(ours.map(({ ids }) => ids)).toEqual(theirs.map(({ ids }) => ids))
      const [report, expected] = [await live.update(ours, settings), await local.update(theirs, settings)]
      expect(report.applied).toBe(true)
      expect(report.loss).toBeCloseTo(expected.loss, 5)
      expect(report.grad_norm / expected.grad_norm).toBeCloseTo(1, 4)
    }
    expect(forgotten()).toBe(before + 2)
    const state = await live.adapterState()
    const other = await local.adapterState()
    for (const [name, values] of other.parameters) {
      const found = state.parameters.get(name)
      expect(Math.max(...values.map((value, i) => Math.abs(value - (found?.[i] ?? NaN)))), name).toBeLessThan(1e-3)
    }
    // What the sampler thinks of a reply is what the trainer thinks of it.
    const [sequence] = await group(live)
    const ids = (sequence?.targets ?? []).map(({ index }) => sequence?.ids[index] ?? 0)
    const seen = await live.inspect(request(1).conversation, ids, 1)
    const [scored = new Float32Array(0)] = await live.score(sequence ? [sequence] : [], 'policy')
    expect(ids.length).toBeGreaterThan(3)
    for (const [i, { logprob }] of seen.entries()) expect(logprob).toBeCloseTo(scored[i] ?? NaN, 4)
    expect(now()).not.toEqual(base)
    // A run that goes on from its state plays with it at once.
    await live.endTraining()
    expect(now()).toEqual(base)
    await live.beginTraining(setup, state)
    const [again] = await live.score(sequence ? [sequence] : [], 'policy')
    expect(again).toEqual(scored)
    expect(now()).not.toEqual(base)
    await expect(live.useAdapter(adapter('one'))).rejects.toThrow(/is being trained/)
    await expect(live.asBase()).rejects.toThrow(/is being trained/)
    await live.endTraining()
    await local.endTraining()
    expect(now()).toEqual(base)
    await expect(live.update([], settings)).rejects.toThrow(/not being trained/)
  })

  it('refuses an adapter of another model, and plays on as it did', async () => {
    const { live } = rig
    const plain = await texts(live)
    const { parameters } = adapter('one')
    await expect(live.useAdapter({ lora, parameters: new Map([...parameters].slice(1)) })).rejects.toThrow()
    await expect(live.useAdapter({ lora: { ...lora, targets: ['wide_proj'] }, parameters })).rejects.toThrow(/no projection wide_proj/)
    expect(await texts(live)).toEqual(plain)
  })
})
