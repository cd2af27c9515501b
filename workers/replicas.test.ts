// Replicas of a real small model, each across a port of its own: the same bits as the one model here, however many
// they are. With the lab and a training: training.test.ts.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Trajectory } from '../src/core/record/trajectory.ts'
import { trainConfigSchema, trainingSetup, trainPresets } from '../src/core/training/config.ts'
import { playRollouts, type CountingPolicy } from '../src/core/evaluation/rollouts.ts'
import type { TrainSequence } from '../src/core/policy/sequence.ts'
import { askAll } from '../src/core/policy/ask.ts'
import type { Asked, GenerateRequest, ReplyStream } from '../src/core/policy/policy.ts'
import type { Trainable } from '../src/core/policy/trainable.ts'
import { createRandom } from '../src/core/random.ts'
import { worldTask } from '../src/core/environments/question/sources/world.ts'
import { createModels, type Replica } from '../src/lab/models.ts'
import { RemoteModel } from '../src/lab/remote-model.ts'
import { ReplicatedModel } from '../src/lab/replicated-model.ts'
import { encodingOf } from '../src/models/encoding.ts'
import { filesInMemory, tinyChatFiles } from '../src/models/fixtures/tiny-chat-model.ts'
import { loadModel } from '../src/models/files/load-model.ts'
import { LocalModel } from '../src/models/local-model.ts'
import { ModelServer } from '../src/models/model-server.ts'
import { connectMonitored } from '../src/rpc/connect.ts'
import type { ModelApi } from '../src/rpc/contracts.ts'
import { expose } from '../src/rpc/expose.ts'
import { createNodeRuntime } from '../src/runtime/node.ts'
import { quickTasks, quickWorld } from '../src/core/training/tasks.fixture.ts'

const { quick } = trainPresets
const config = trainConfigSchema.parse({
  ...quick,
  lora: { rank: 2, alpha: 4, targets: ['q_proj', 'v_proj', 'down_proj'] },
  batching: { tokens: 256, lengths: [64, 128, 256] },
  episode: { ...quick.episode, response_limit: 8, exchanges: 1, n_max: { build: 2, resist: 1, answer: 2 } },
  tasks: quickTasks({ facts: 1, small_talk: 0, distractors: 1, two_hop: 0, comparison: 0 }),
})
const source = { kind: 'url', name: 'tiny', url: 'https://models.test/tiny/' } as const
const sampling = { temperature: 1, maxTokens: 12 }
const request = (text: string, seed: number, rollout: number): GenerateRequest => ({ conversation: [{ role: 'user', content: text }], purpose: 'act', thread: `t/${rollout}`, stop: ['</tool_call>'], seed })

const runtime = createNodeRuntime(1)
let local: LocalModel
beforeAll(async () => {
  const files = await tinyChatFiles()
  vi.stubGlobal('fetch', (address: string) => {
    const bytes = files.get(address.slice(source.url.length))
    return Promise.resolve(bytes ? new Response(bytes.slice()) : new Response(null, { status: 404 }))
  })
  local = await LocalModel.create(runtime, 'tiny', await loadModel(filesInMemory(files), 2 ** 30))
}, 60_000)
const ports: MessagePort[] = []
afterEach(() => {
  for (const port of ports.splice(0)) port.close()
})
afterAll(async () => {
  vi.unstubAllGlobals()
  await runtime.dispose()
})

/** Notes which work reached it. */
class WatchedServer extends ModelServer {
  readonly threads = new Set<string>()
  gradients = 0

  override serve(...[name, asked, options, onText]: Parameters<ModelServer['serve']>): ReturnType<ModelServer['serve']> {
    for (const { request: { thread } } of asked) this.threads.add(thread)
    return super.serve(name, asked, options, onText)
  }

  override gradient(...[sequences, settings]: Parameters<ModelServer['gradient']>): ReturnType<ModelServer['gradient']> {
    this.gradients++
    return super.gradient(sequences, settings)
  }
}

interface Started extends Replica {
  server: WatchedServer
  die(): void
  terminated: boolean
}

/** A replica as another thread has it. @param limit bytes that its model may need */
function start(limit = 2 ** 30): Started {
  const { port1, port2 } = new MessageChannel()
  ports.push(port1, port2)
  const place = () => Promise.resolve({ runtime: { ...runtime, dispose: () => Promise.resolve() }, measured: [] })
  const server = new WatchedServer({ place, limit, now: () => performance.now() })
  expose<ModelApi>(server, port2)
  const { api, lost, close } = connectMonitored<ModelApi>(port1, 'replica', 'The next one is another one.')
  const started: Started = { api, lost, server, terminated: false, terminate: () => { started.terminated = true; close() }, die: () => { port2.close() } }
  return started
}

async function replicated(count: number): Promise<{ model: ReplicatedModel; replicas: Started[] }> {
  const replicas = Array.from({ length: count }, () => start())
  return { replicas, model: new ReplicatedModel(await Promise.all(replicas.map(({ api }) => RemoteModel.load(api, source, encodingOf, () => undefined)))) }
}

/** Sequences of many lengths, one of them with nothing to learn from. */
function someSequences(): TrainSequence[] {
  const random = createRandom('sequences')
  return Array.from({ length: 14 }, (_, i): TrainSequence => {
    const ids = Array.from({ length: 20 + random.int(200) }, () => random.int(200))
    const targets = i === 3 ? [] : ids.slice(-8).map((_id, k) => ({ index: ids.length - 8 + k, weight: 1 / 104, oldLogp: -5, refLogp: -5, advantage: i % 2 === 0 ? 1 : -1 }))
    return { ids, targets }
  })
}

const settings = { learningRate: 0.01, maxNorm: 1, beta: 0.1 }

/** Two updates on the sequences, and everything that can be asked about them. */
async function trained(model: Trainable) {
  const sequences = someSequences()
  await model.beginTraining(trainingSetup(config), null)
  try {
    const reference = await model.score(sequences, 'reference')
    const reports = [await model.update(sequences, settings), await model.update(sequences, settings)]
    return { reference, reports, after: await model.score(sequences, 'policy'), state: await model.adapterState() }
  } finally {
    await model.endTraining()
  }
}

/** With log-probabilities to four digits: beyond that they depend on how many rows are multiplied together. */
const rounded = (trajectory: Trajectory): Trajectory => JSON.parse(JSON.stringify(trajectory, (_key, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value)))

const play = (model: CountingPolicy) => {
  const tasks = [0, 1].map((index) => ({ source: { kind: 'given' as const }, task: worldTask({ seed: 1, index, split: 'train', difficulty: quickWorld({ facts: 1, small_talk: 0, distractors: 1, two_hop: 0, comparison: 0 }).difficulty }) }))
  return playRollouts({ id: { run: 'r', batch: 1 }, tasks, k: 3, policy: { kind: 'named', name: model.name }, reward: config.reward.weights, seed: 5, settings: config.episode }, () => model, {})
}

async function answersOf(stream: ReplyStream, asked: Asked[], count: number): Promise<Map<number, unknown>> {
  const found = new Map<number, unknown>()
  let next = asked
  while (found.size < count) {
    const answered = await stream.serve(next)
    expect(answered.length).toBeGreaterThan(0)
    for (const { place, generation } of answered) found.set(place, generation)
    next = []
  }
  return found
}

describe('replicas', () => {
  it.each([1, 2, 3])('of %i comes to the bits of the model here: scores, updates, adapter', async (count) => {
    const { model } = await replicated(count)
    const [mine, theirs] = [await trained(local), await trained(model)]
    expect(mine.reports.map(({ applied }) => applied)).toEqual([true, true])
    expect(mine.after).not.toEqual(mine.reference)
    expect(mine.after[3]).toHaveLength(0)
    expect(theirs).toEqual(mine)
  })

  it.each([1, 3])('of %i plays the same rollouts, and the same bits another time', async (count) => {
    const mine = await play(local)
    expect(mine).toHaveLength(6)
    const [first, again] = [await play((await replicated(count)).model), await play((await replicated(count)).model)]
    expect(first.map(rounded)).toEqual(mine.map(rounded))
    expect(again).toEqual(first)
  })

  it('deals episodes and shares out evenly, and leaves an episode with its replica', async () => {
    const { model, replicas } = await replicated(3)
    await play(model)
    const episodes = replicas.map(({ server }) => [...server.threads])
    expect(episodes.map(({ length }) => length)).toEqual([2, 2, 2])
    expect(new Set(episodes.flat()).size).toBe(6)
    await model.beginTraining(trainingSetup(config), null)
    await model.update(someSequences(), settings)
    await model.endTraining()
    const gradients = replicas.map(({ server }) => server.gradients)
    expect(gradients.reduce((sum, count) => sum + count, 0)).toBe(4)
    expect(Math.min(...gradients)).toBeGreaterThan(0)
  })

  it('has every replica go on from the same weights', async () => {
    const { model, replicas } = await replicated(3)
    await model.beginTraining(trainingSetup(config), null)
    await model.update(someSequences(), settings)
    const states = await Promise.all(replicas.map(({ api }) => api.adapterState()))
    for (const state of states) expect(state).toEqual(states[0])
    const requests = ['It rains.', 'My dog is called Bimo.', 'Where is he?', 'Yes.'].map((text, i) => request(text, i, i))
    const together = await askAll(model, requests, sampling)
    await model.endTraining()
    const { model: one } = await replicated(1)
    await one.beginTraining(trainingSetup(config), states[0] ?? null)
    const alone = await askAll(one, requests, sampling)
    expect(together.map(({ token_ids }) => token_ids)).toEqual(alone.map(({ token_ids }) => token_ids))
  })

  it('changes nothing on any replica when a gradient is not finite', async () => {
    const { model, replicas } = await replicated(2)
    await model.beginTraining(trainingSetup(config), null)
    const before = await model.adapterState()
    const [first, ...rest] = someSequences()
    const spoilt = { ids: first?.ids ?? [], targets: (first?.targets ?? []).map((target) => ({ ...target, advantage: NaN })) }
    expect(await model.update([...rest, spoilt], settings)).toMatchObject({ applied: false })
    for (const { api } of replicas) expect(await api.adapterState()).toEqual(before)
    expect(await model.update(rest, settings)).toMatchObject({ applied: true })
  })

  it('answers the others while a replica is busy, and gives it what was asked meanwhile', async () => {
    const { model } = await replicated(2)
    const options = { ...sampling, maxTokens: 400 }
    const asking = (...given: Parameters<typeof request>) => ({ ...request(...given), stop: [] })
    // Dealt in turn: the first is for one replica, the second, whose window is nearly full, for the other.
    const long = { place: 0, request: asking('A long story.', 1, 0) }
    const short = { place: 1, request: asking('so '.repeat(local.window / 3 - 20), 2, 1) }
    const stream = model.open(options)
    expect((await stream.serve([long, short])).map(({ place }) => place)).toEqual([1])
    const later = [2, 3].map((place) => ({ place, request: asking('so '.repeat(local.window / 3 - 20 - place), place, place) }))
    const found = await answersOf(stream, later, 3)
    await stream.close()
    for (const { place, request: each } of [long, ...later]) {
      const [alone] = await askAll(local, [each], options)
      expect(found.get(place)).toEqual(alone)
    }
  })

  it('stops when it is told to, all of it', async () => {
    const { model } = await replicated(2)
    const stop = new AbortController()
    const stream = model.open({ ...sampling, maxTokens: 400, signal: stop.signal })
    const serving = stream.serve([0, 1, 2].map((place) => ({ place, request: { ...request('Talk on.', place, place), stop: [] } })))
    setTimeout(() => { stop.abort() }, 20)
    await expect(serving).rejects.toMatchObject({ name: 'AbortError' })
    await stream.close()
    // Nobody is still at it: a reply comes at once, the same as ever.
    expect(await askAll(model, [request('Hello', 1, 0)], sampling)).toEqual(await askAll(local, [request('Hello', 1, 0)], sampling))
  })

  it('says which worker is lost', async () => {
    const { model, replicas } = await replicated(2)
    await model.beginTraining(trainingSetup(config), null)
    replicas[1]?.die()
    await expect(model.update(someSequences(), settings)).rejects.toMatchObject({ name: 'WorkerLostError', worker: 'replica', message: expect.stringContaining('The next one is another one.') })
    await expect(model.endTraining()).rejects.toMatchObject({ name: 'WorkerLostError' })
  })
})

describe('work on many episodes', () => {
  const quiet = () => undefined
  const models = (replicas: Started[], count: number, make = start) => {
    const lead = start()
    return createModels({ model: () => Promise.resolve(lead.api), encodingOf, replicas: { count, start: () => { const replica = make(); replicas.push(replica); return replica } } })
  }

  it('is done by replicas that are started once, and anew after one of it was lost', async () => {
    const replicas: Started[] = []
    const { one, forMany } = models(replicas, 2)
    expect(await one(source, quiet)).toBeInstanceOf(RemoteModel)
    expect(replicas).toHaveLength(0)
    expect(await forMany(source, quiet)).toBeInstanceOf(ReplicatedModel)
    expect(await forMany(source, quiet)).toBeInstanceOf(ReplicatedModel)
    expect(replicas).toHaveLength(2)
    replicas[0]?.die()
    await replicas[0]?.lost
    expect(await forMany(source, quiet)).toBeInstanceOf(ReplicatedModel)
    expect(replicas).toHaveLength(4)
    expect(replicas.map(({ terminated }) => terminated)).toEqual([true, true, false, false])
  })

  it('is done by the one model on a single core, and where replicas cannot be had', async () => {
    const none: Started[] = []
    expect(await models(none, 1).forMany(source, quiet)).toBeInstanceOf(RemoteModel)
    expect(none).toHaveLength(0)
    const replicas: Started[] = []
    const { forMany } = models(replicas, 2, () => start(1000))
    for (let time = 0; time < 4; time++) expect(await forMany(source, quiet)).toBeInstanceOf(RemoteModel)
    // Tried twice, then no more.
    expect(replicas.map(({ terminated }) => terminated)).toEqual([true, true, true, true])
  })
})
