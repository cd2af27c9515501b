import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { actionForm } from '../core/agents/agemem/agent.ts'
import { parseReply } from '../core/agents/agemem/protocol/parser.ts'
import { settingsPresets } from '../core/episode/settings.ts'
import type { EpisodeSettings } from '../core/record/trajectory.ts'
import { runEpisodes } from '../core/episode/simulator.ts'
import { packTrajectory } from '../core/training/packing.ts'
import { HashEmbedder } from '../core/memory/hash-embedder.ts'
import { InMemoryStore } from '../core/memory/in-memory-store.ts'
import { PromptThread } from '../core/policy/thread.ts'
import { askAll } from '../core/policy/ask.ts'
import type { GenerateRequest } from '../core/policy/policy.ts'
import type { TrainingSetup } from '../core/policy/trainable.ts'
import { constrained } from '../core/policy/constrained.ts'
import { createRandom } from '../core/random.ts'
import { defaultDifficulty, worldTask } from '../core/environments/question/sources/world.ts'
import { isGone } from '../runtime/garbage.fixture.ts'
import { createNodeRuntime } from '../runtime/node.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { freshAdapter, loraOf } from './files/adapter.ts'
import { filesInMemory, tinyChatFiles } from './fixtures/tiny-chat-model.ts'
import { loadModel, type LoadedModel } from './files/load-model.ts'
import { LocalModel } from './local-model.ts'

const runtime = createNodeRuntime(1)
afterAll(() => runtime.dispose())
let model: LocalModel
beforeAll(async () => {
  model = await LocalModel.create(runtime, 'tiny', await loadModel(filesInMemory(await tinyChatFiles()), 2 ** 30))
})

const request = (text: string, seed: number, rollout = 0): GenerateRequest => ({ conversation: [{ role: 'system', content: 'You keep memories.' }, { role: 'user', content: text }], purpose: 'act', thread: `t/${rollout}`, stop: ['</tool_call>', '</answer>'], seed })
const sampling = { temperature: 1, maxTokens: 24 }
const setup: TrainingSetup = {
  lora: { rank: 2, alpha: 4, targets: ['q_proj', 'v_proj', 'down_proj'] },
  reference: null,
  loss: { kind: 'grpo', clip: null, kl: 'k3' },
  adamW: { betas: [0.9, 0.99], epsilon: 1e-8, weightDecay: 0 },
  batching: { tokens: 512, lengths: [64, 128, 256, 512] },
  seed: 3,
}

/** A reply as a sequence to be scored. */
async function sequenceOf(at: GenerateRequest, ids: readonly number[]) {
  const prompt = new PromptThread(model.encoder).extend(at.conversation)
  return Promise.resolve({ ids: [...prompt, ...ids], targets: ids.map((_, i) => ({ index: prompt.length + i, weight: 1 / ids.length })) })
}

describe('LocalModel', () => {
  it('replies the same alone and among others, and another time', async () => {
    const requests = [request('My dog is called Bimo.', 1, 0), request('It rains.', 2, 1), request('Where does Mira Voss live?', 3, 2)]
    const together = await askAll(model, requests, sampling)
    for (const [i, each] of requests.entries()) {
      const [alone] = await askAll(model, [each], sampling)
      expect(alone?.token_ids).toEqual(together[i]?.token_ids)
    }
    expect(new Set(together.map(({ text }) => text)).size).toBe(3)
  })
  it('says how many ids it was asked with, alone and in a stream, also of a prompt that is too long', async () => {
    const short = request('My dog is called Bimo.', 1)
    const long = request('My dog is called Bimo. '.repeat(200), 2, 1)
    const lengths = [short, long].map(({ conversation }) => new PromptThread(model.encoder).extend(conversation).length)
    expect(lengths[1]).toBeGreaterThan(model.window)
    const replies = await askAll(model, [short, long], sampling)
    expect(replies.map(({ prompt_tokens, finish }) => [prompt_tokens, finish === 'overflow'])).toEqual([[lengths[0], false], [lengths[1], true]])
    const stream = model.open(sampling)
    const told = new Map<number, number | undefined>()
    let asked = [short, long].map((each, place) => ({ place, request: each }))
    while (told.size < 2) {
      for (const { place, generation } of await stream.serve(asked)) told.set(place, generation.prompt_tokens)
      asked = []
    }
    await stream.close()
    expect([told.get(0), told.get(1)]).toEqual(lengths)
  })
  it('answers a stream of requests each as soon as it is done, the same as alone', async () => {
    const texts = ['My dog is called Bimo.', 'It rains.', 'Where does Mira Voss live?', 'Bimo is a good dog.', 'Yes.']
    const requests = texts.map((text, i) => request(text, i + 1, i))
    const stream = model.open(sampling)
    const got = new Map<number, readonly number[] | null>()
    let rounds = 0
    let asked = requests.slice(0, 3).map((each, place) => ({ place, request: each }))
    while (got.size < requests.length) {
      const answered = await stream.serve(asked)
      expect(answered.length).toBeGreaterThan(0)
      for (const { place, generation } of answered) got.set(place, generation.token_ids)
      // The first two that are answered ask once more.
      asked = answered.flatMap((_, i) => {
        const place = 3 + rounds + i
        const next = requests[place]
        return next ? [{ place, request: next }] : []
      })
      rounds += answered.length
    }
    await stream.close()
    for (const [i, each] of requests.entries()) {
      const [alone] = await askAll(model, [each], sampling)
      expect(got.get(i)).toEqual(alone?.token_ids)
    }
  })
  it('leaves a stream alone while somebody else asks, and ends it when it is told to', async () => {
    const stop = new AbortController()
    const filling = { ...sampling, maxTokens: model.window }
    const stream = model.open({ ...filling, signal: stop.signal })
    const long = { place: 1, request: { ...request('A long story.', 12, 1), stop: [] } }
    // The window has room for a few tokens more behind this one: it is answered while the other one is under way.
    const full = { place: 0, request: { ...request('so '.repeat(model.window / 3 - 30), 11, 0), stop: [] } }
    expect((await stream.serve([full, long])).map(({ place }) => place)).toEqual([0])
    await askAll(model, [request('Meanwhile.', 13, 2), request('Elsewhere.', 14, 1)], sampling)
    const [rest] = await stream.serve([])
    const [alone] = await askAll(model, [long.request], filling)
    expect(rest?.generation.token_ids).toEqual(alone?.token_ids)
    stop.abort()
    await expect(stream.serve([long])).rejects.toThrow('Stopped')
    await stream.close()
    const lost = model.open(filling)
    await lost.serve([full, long])
    await model.beginTraining(setup, null)
    await model.endTraining()
    await expect(lost.serve([])).rejects.toThrow(/another adapter|no reply/)
    await lost.close()
  })
  it('lets go of weights that can be had again while it decodes, and reads them to learn', async () => {
    const files = filesInMemory(await tinyChatFiles())
    let [read, lost] = [0, false]
    const again = async () => {
      read++
      if (lost) throw new Error('The file is gone.')
      return (await loadModel(files, 2 ** 30)).weights
    }
    const opened = async (letsGo: boolean) => {
      const loaded = await loadModel(files, 2 ** 30)
      const model = await LocalModel.create(runtime, 'tiny', letsGo ? { ...loaded, again } : loaded)
      return { model, weights: new WeakRef(loaded.weights), matrix: new WeakRef(loaded.weights.get('model.layers.0.self_attn.q_proj.weight') ?? new Float32Array(0)) }
    }
    const [{ model: keeping, matrix: kept }, { model: letting, weights: map, matrix }] = [await opened(false), await opened(true)]
    expect(await isGone(map)).toBe(true)
    expect(await isGone(matrix)).toBe(true)
    expect(await isGone(kept)).toBe(false)
    const at = request('My dog is called Bimo.', 21)
    const learnt: unknown[] = []
    for (const each of [keeping, letting]) {
      await each.beginTraining(setup, null)
      const [reply] = await askAll(each, [at], sampling)
      const plain = await sequenceOf(at, reply?.token_ids ?? [])
      const sequence = { ...plain, targets: plain.targets.map((target) => ({ ...target, advantage: 1, oldLogp: -2, refLogp: -2 })) }
      const step = () => each.update([sequence], { learningRate: 0.01, maxNorm: 1, beta: 0 })
      learnt.push([reply?.token_ids, await step(), await step(), (await askAll(each, [at], sampling))[0]?.token_ids, await each.adapterState()])
      if (each === keeping) continue
      // For what decodes with the adapter and for the first step: from then on they go from one to the other.
      expect(read).toBe(2)
      lost = true
      await expect(step()).rejects.toThrow('The file is gone.')
      await each.endTraining()
      await expect(askAll(each, [at], sampling)).rejects.toThrow('The file is gone.')
      lost = false
      expect(await askAll(each, [at], sampling)).toHaveLength(1)
      await each.beginTraining(setup, null)
      expect((await step()).applied).toBe(true)
      expect(read).toBe(6)
    }
    expect(learnt[1]).toEqual(learnt[0])
    for (const each of [keeping, letting]) await each.dispose()
  })
  it('learns in the memory of what decodes where weights can be had again, and beside it where not', async () => {
    const loaded = await loadModel(filesInMemory(await tinyChatFiles()), 2 ** 30)
    const beside = async (from: LoadedModel) => {
      let decoding = 0
      const seen = new Set<number>()
      const watched: Runtime = {
        ...runtime,
        async load(program, options) {
          const generates = program.name === 'generate'
          const of = await runtime.load(program, options)
          if (generates) decoding++
          return {
            ...of,
            run: (feeds) => { if (!generates) seen.add(decoding); return of.run(feeds) },
            dispose: () => { if (generates) decoding--; return of.dispose() },
          }
        },
      }
      const learning = await LocalModel.create(watched, 'tiny', from)
      await learning.beginTraining(setup, null)
      const at = request('My dog is called Bimo.', 21)
      const [reply] = await askAll(learning, [at], sampling)
      const sequence = await sequenceOf(at, reply?.token_ids ?? [])
      await learning.update([{ ...sequence, targets: sequence.targets.map((target) => ({ ...target, advantage: 1, oldLogp: -2, refLogp: -2 })) }], { learningRate: 0.01, maxNorm: 1, beta: 0 })
      await askAll(learning, [at], sampling)
      await learning.score([sequence], 'reference')
      await askAll(learning, [at], sampling)
      await learning.dispose()
      expect(decoding).toBe(0)
      return [...seen]
    }
    expect(await beside({ ...loaded, again: () => Promise.resolve(loaded.weights) })).toEqual([0])
    expect(await beside(loaded)).toEqual([1])
  })
  it('tells the text as it comes, and its tokens add up to it', async () => {
    const told = ['', '']
    const replies = await askAll(model, [request('a', 5, 0), request('b', 6, 1)], { ...sampling, onText: (i, text) => { told[i] += text } })
    expect(told).toEqual(replies.map(({ text }) => text))
    for (const reply of replies) {
      expect(reply.token_ids).toHaveLength(reply.tokens)
      expect(reply.logprobs).toHaveLength(reply.tokens)
    }
  })
  it('goes on from what was sampled, not from how that would be encoded', async () => {
    const first = request('Hello there.', 9)
    const [reply] = await askAll(model, [first], sampling)
    const next: GenerateRequest = { ...first, conversation: [...first.conversation, { role: 'assistant', content: reply?.text ?? '' }, { role: 'user', content: 'And?' }], seed: 10 }
    const [second] = await askAll(model, [next], sampling)
    const thread = new PromptThread(model.encoder)
    thread.extend(first.conversation)
    thread.reply(reply?.token_ids ?? [], reply?.text ?? '')
    const prompt = thread.extend(next.conversation)
    expect(second?.logprobs?.length).toBeGreaterThan(0)
    await model.beginTraining(setup, null)
    const [logps] = await model.score([{ ids: [...prompt, ...(second?.token_ids ?? [])], targets: (second?.token_ids ?? []).map((_, i) => ({ index: prompt.length + i, weight: 1 })) }], 'reference')
    await model.endTraining()
    for (const [i, logp] of (second?.logprobs ?? []).entries()) expect(logp).toBeCloseTo(logps?.[i] ?? NaN, 3)
  })
  it('stops when it is told to', async () => {
    const stop = new AbortController()
    const generating = askAll(model, [{ ...request('Talk on.', 4), stop: [] }], { ...sampling, maxTokens: 300, signal: stop.signal, onText: () => { stop.abort() } })
    await expect(generating).rejects.toMatchObject({ name: 'AbortError' })
  })
  it('ends a reply at what its own request stops at, and not at what others stop at', async () => {
    const [full] = await askAll(model, [{ ...request('My dog is called Bimo.', 1), stop: [] }], sampling)
    const stop = full?.text.slice(4, 6) ?? ''
    const requests = [request('My dog is called Bimo.', 1, 0), request('My dog is called Bimo.', 1, 1)]
    const [stopped, free] = await askAll(model, requests.map((each, i) => ({ ...each, stop: i === 0 ? [stop] : [] })), sampling)
    expect(free?.token_ids).toEqual(full?.token_ids)
    expect(stopped).toMatchObject({ finish: 'stop', text: full?.text.slice(0, (full.text.indexOf(stop)) + stop.length) })
    expect(stopped?.tokens).toBeLessThan(full?.tokens ?? 0)
  })
  it('marks a conversation that does not fit', async () => {
    const [reply] = await askAll(model, [request('word '.repeat(600), 1)], sampling)
    expect(reply).toMatchObject({ finish: 'overflow', tokens: 0, text: '' })
  })
  it('samples with an adapter, and without it again', async () => {
    const [before] = await askAll(model, [request('Hello', 1)], sampling)
    const adapter = freshAdapter(model.config, loraOf(setup.lora), createRandom(1))
    for (const [name, values] of adapter.parameters) if (name.endsWith('lora_B.weight')) values.fill(0.3)
    await model.useAdapter(adapter)
    const [adapted] = await askAll(model, [request('Hello', 1)], sampling)
    await model.useAdapter(null)
    const [after] = await askAll(model, [request('Hello', 1)], sampling)
    expect(adapted?.token_ids).not.toEqual(before?.token_ids)
    expect(after?.token_ids).toEqual(before?.token_ids)
    const [name = ''] = adapter.parameters.keys()
    const changed = (values: Float32Array) => ({ ...adapter, parameters: new Map([...adapter.parameters, [name, values]]) })
    await expect(model.useAdapter(changed(new Float32Array(3)))).rejects.toThrow(`does not fit this model: ${name}`)
    await expect(model.useAdapter(changed(Float32Array.of(NaN)))).rejects.toThrow(`${name}: value 0 is NaN`)
    await expect(model.useAdapter({ ...adapter, lora: { ...adapter.lora, targets: ['lm_head'] } })).rejects.toThrow('no projection lm_head')
    expect((await askAll(model, [request('Hello', 1)], sampling))[0]?.token_ids).toEqual(before?.token_ids)
  })
  it('learns: what is rewarded becomes likelier, the base does not move, and the next samples come from the new weights', async () => {
    await model.beginTraining(setup, null)
    const at = request('What is your name?', 21)
    const [reply] = await askAll(model, [at], sampling)
    const plain = await sequenceOf(at, reply?.token_ids ?? [])
    const [reference = new Float32Array(0)] = await model.score([plain], 'reference')
    const [old = new Float32Array(0)] = await model.score([plain], 'policy')
    // B = 0 at first: the adapter changes nothing yet.
    expect([...old]).toEqual([...reference].map((x) => expect.closeTo(x, 5)))
    const rewarded = { ...plain, targets: plain.targets.map((target, i) => ({ ...target, advantage: 1, oldLogp: old[i] ?? 0, refLogp: reference[i] ?? 0 })) }
    for (let i = 0; i < 4; i++) await model.update([rewarded], { learningRate: 0.02, maxNorm: 1, beta: 0 })
    const sum = (values: Iterable<number> = []) => [...values].reduce((total, x) => total + x, 0)
    const [learnt] = await model.score([plain], 'policy')
    expect(sum(learnt)).toBeGreaterThan(sum(old) + 1)
    expect([...((await model.score([plain], 'reference'))[0] ?? [])]).toEqual([...reference])
    const [again] = await askAll(model, [{ ...at, seed: 22 }], sampling)
    const [scored] = await model.score([await sequenceOf(at, again?.token_ids ?? [])], 'policy')
    for (const [i, logp] of (again?.logprobs ?? []).entries()) expect(logp).toBeCloseTo(scored?.[i] ?? NaN, 3)
    await model.endTraining()
  })
  it('goes on from a saved adapter as if it had not been interrupted', async () => {
    await model.beginTraining(setup, null)
    const at = request('Again.', 31)
    const [reply] = await askAll(model, [at], sampling)
    const plain = await sequenceOf(at, reply?.token_ids ?? [])
    const rewarded = { ...plain, targets: plain.targets.map((target) => ({ ...target, advantage: 1, oldLogp: -2, refLogp: -2 })) }
    const settings = { learningRate: 0.01, maxNorm: 1, beta: 0.1 }
    await model.update([rewarded], settings)
    const saved = await model.adapterState()
    const steady = await model.update([rewarded], settings)
    await model.endTraining()
    await model.beginTraining(setup, saved)
    expect(await model.update([rewarded], settings)).toEqual(steady)
    await model.endTraining()
  })
  it('plays whole episodes whose packed sequences are what it saw', async () => {
    const embedder = new HashEmbedder()
    const task = worldTask({ seed: 1, index: 0, split: 'train', difficulty: { ...defaultDifficulty, facts: 1, distractors: 1, small_talk: 0 } })
    const settings = { ...settingsPresets.playground, response_limit: 16, t_max: 400 }
    const [trajectory] = await runEpisodes([{ key: 'e', id: { run: 'r', batch: 1, rollout: 0 }, task, seed: 1, settings }], { policy: model, memory: new InMemoryStore(embedder), embedder, counter: model.counter })
    if (!trajectory) throw new Error('Nothing was played.')
    expect(trajectory.status).toBe('complete')
    await model.beginTraining(setup, null)
    const { sequences } = packTrajectory(trajectory, model.encoder, model.window)
    const scored = await model.score(sequences.map(({ ids, sampled }) => ({ ids, targets: sampled.map(({ index }) => ({ index, weight: 1 })) })), 'reference')
    const found = sequences.flatMap(({ sampled }, i) => sampled.map(({ oldLogp }, k) => [scored[i]?.[k] ?? NaN, oldLogp] as const))
    expect(found).toHaveLength(trajectory.steps.reduce((sum, { reply }) => sum + reply.tokens, 0))
    for (const [logp, recorded] of found) expect(logp).toBeCloseTo(recorded, 3)
    await model.endTraining()
  })
  it('keeps to the grammar of a request when it is constrained, and is scored as the trainer scores it', async () => {
    // Of the protocol's sentences those that end soon: its weights mean nothing, and find no end by themselves.
    const grammar = 'root ::= "<think>" [a-z ]{0,9} "</think>" "<answer>" [A-Z] [a-z ]{0,9} "</answer>"'
    const asked = (seed: number): GenerateRequest => ({ ...request('Where does Mira Voss live?', seed, seed), stop: actionForm.stop, grammar })
    const requests = Array.from({ length: 8 }, (_, i) => asked(60 + i))
    const whole = await askAll(constrained(model), requests, { ...sampling, maxTokens: 100 })
    for (const { text, finish } of whole) {
      expect(finish).toBe('stop')
      expect(text).toMatch(/^<think>[a-z ]{0,9}<\/think><answer>[A-Z][a-z ]{0,9}<\/answer>$/)
      expect(parseReply(text).violations).toEqual([])
    }
    expect(new Set(whole.map(({ text }) => text)).size).toBeGreaterThan(6)
    const [begun] = await askAll(constrained(model), [{ ...asked(1), ...actionForm }], sampling)
    expect(begun?.text).toMatch(/^<think>/)
    const [free] = await askAll(model, requests, sampling)
    expect(free?.text).not.toMatch(/^<think>/)
    // The ratio of the first update is 1: log π of both is that of the whole vocabulary.
    await model.beginTraining(setup, null)
    const [first] = whole
    const [scored] = await model.score([await sequenceOf(asked(60), first?.token_ids ?? [])], 'policy')
    for (const [i, logp] of (first?.logprobs ?? []).entries()) expect(logp).toBeCloseTo(scored?.[i] ?? NaN, 3)
    await model.endTraining()
    await expect(askAll(constrained(model), [{ ...asked(1), grammar: 'root ::= nothing' }], sampling)).rejects.toThrow('The grammar of replies was refused')
  })
  it('with a min-p of 1 says the likeliest alone, asked by itself or by an episode', async () => {
    const at = request('My dog is called Bimo.', 5)
    const [greedy] = await askAll(model, [at], { ...sampling, temperature: 0 })
    const [likeliest] = await askAll(model, [at], { ...sampling, minP: 1 })
    const [sampled] = await askAll(model, [at], sampling)
    expect(likeliest?.token_ids).toEqual(greedy?.token_ids)
    expect(sampled?.token_ids).not.toEqual(greedy?.token_ids)

    const embedder = new HashEmbedder()
    const task = worldTask({ seed: 1, index: 0, split: 'train', difficulty: { ...defaultDifficulty, facts: 1, distractors: 1, small_talk: 0 } })
    const played = async (more: Partial<EpisodeSettings>) => {
      const settings = { ...settingsPresets.playground, response_limit: 16, t_max: 400, ...more }
      const [trajectory] = await runEpisodes([{ key: 'e', id: { run: 'r', batch: 1, rollout: 0 }, task, seed: 1, settings }], { policy: model, memory: new InMemoryStore(embedder), embedder, counter: model.counter })
      return trajectory?.steps.map(({ reply }) => reply.token_ids)
    }
    const best = await played({ temperature: 0 })
    expect(await played({ min_p: 1 })).toEqual(best)
    expect(await played({})).not.toEqual(best)
  })
  it('says what it thought of each token, and what else it considered', async () => {
    const at = request('Hello', 41)
    const [reply] = await askAll(model, [at], sampling)
    const views = await model.inspect(at.conversation, reply?.token_ids ?? [], 4)
    expect(views).toHaveLength(reply?.tokens ?? 0)
    for (const [i, view] of views.entries()) {
      expect(view.logprob).toBeCloseTo(reply?.logprobs?.[i] ?? NaN, 3)
      expect(view.alternatives).toHaveLength(4)
      const logprobs = view.alternatives.map(({ logprob }) => logprob)
      expect(logprobs).toEqual([...logprobs].sort((a, b) => b - a))
      expect(logprobs.reduce((sum, logp) => sum + Math.exp(logp), 0)).toBeLessThanOrEqual(1 + 1e-5)
      expect(view.entropy).toBeGreaterThanOrEqual(0)
    }
  })
})
