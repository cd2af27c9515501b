// The workers of a training put together as the entry files do: a real small model, the lab, the database, all three
// across ports. What the lab does with them in detail is tested in src/lab.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Trajectory } from '../src/core/record/trajectory.ts'
import { trainConfigSchema, trainPresets, type TrainConfig } from '../src/core/training/config.ts'
import type { RunRecord } from '../src/core/training/runs.ts'
import { worldTask } from '../src/core/environments/question/sources/world.ts'
import { createLab } from '../src/lab/lab.ts'
import { encodingOf } from '../src/models/encoding.ts'
import { tinyChatFiles } from '../src/models/fixtures/tiny-chat-model.ts'
import { ModelServer } from '../src/models/model-server.ts'
import type { Replica } from '../src/lab/models.ts'
import { connect, type Connection } from '../src/rpc/connect.ts'
import type { LabApi, MemoryApi, ModelApi } from '../src/rpc/contracts.ts'
import { expose, type Served } from '../src/rpc/expose.ts'
import type { TrainEvent, TrainUntil } from '../src/rpc/training.ts'
import { createNodeRuntime } from '../src/runtime/node.ts'
import { Disk, failWrites } from '../src/storage/fixture.ts'
import type { Storage } from '../src/storage/storage.ts'
import { quickTasks, quickWorld } from '../src/core/training/tasks.fixture.ts'

const { quick } = trainPresets
/** Short replies of a model that knows nothing. */
const config: TrainConfig = trainConfigSchema.parse({
  ...quick,
  steps: 4,
  b: 1,
  k: 3,
  learning_rate: 0.01,
  warm_up_steps: 0,
  lora: { rank: 2, alpha: 4, targets: ['q_proj', 'v_proj', 'down_proj'] },
  batching: { tokens: 512, lengths: [128, 256, 512] },
  episode: { ...quick.episode, response_limit: 24, exchanges: 1, n_max: { build: 2, resist: 1, answer: 2 } },
  tasks: quickTasks({ facts: 1, small_talk: 0, distractors: 1, two_hop: 0, comparison: 0 }),
  evaluation: { every: 2, tasks: 2, seed: 3 },
  checkpoint_every: 1,
})
const source = { kind: 'url', name: 'tiny', url: 'https://models.test/tiny/' } as const

const runtime = createNodeRuntime(1)
const ports: MessagePort[] = []
beforeAll(async () => {
  const files = await tinyChatFiles()
  vi.stubGlobal('fetch', (address: string) => {
    const bytes = files.get(address.slice(source.url.length))
    return Promise.resolve(bytes ? new Response(bytes.slice()) : new Response(null, { status: 404 }))
  })
}, 60_000)
afterAll(async () => {
  vi.unstubAllGlobals()
  await runtime.dispose()
})
let restore = () => undefined as void
afterEach(() => {
  restore()
  for (const port of ports.splice(0)) port.close()
})

/** An object as another thread has it, and what ends that thread. */
function across<Api extends Served<Api> & object>(served: Api, worker: string): Connection<Api> & { die: () => void } {
  const { port1, port2 } = new MessageChannel()
  ports.push(port1, port2)
  expose<Api>(served, port2)
  return { ...connect<Api>(port1, worker), die: () => { port2.close() } }
}

/** A model worker with a say in the scoring of every step, behind its rollouts. */
class WatchedServer extends ModelServer {
  beforeScore: () => Promise<void> = () => Promise.resolve()

  override async score(...args: Parameters<ModelServer['score']>) {
    await this.beforeScore()
    return super.score(...args)
  }
}

interface Tab {
  lab: LabApi
  /** Of the replicas, as they were started. */
  replicas: { die: () => void }[]
  storage: Storage
  events: TrainEvent[]
  train(until?: TrainUntil): Promise<RunRecord>
  killModel: () => void
}

/** A tab of the page on this disk, with workers of its own. @param onScore called in every step, from 1, behind its rollouts. @param count its replicas */
function openTab(disk: Disk, onScore: (step: number, tab: Tab) => Promise<void> = () => Promise.resolve(), count = 0): Tab {
  const storage = disk.tab()
  const { store, archive, runs, data, comparisons, experiments, status, watchStatus, reconnect } = storage
  const memory = across<MemoryApi>({ store, archive, runs, data, comparisons, experiments, status, watchStatus, reconnect }, 'memory')
  const serve = () => new WatchedServer({ place: () => Promise.resolve({ runtime: { ...runtime, dispose: () => Promise.resolve() }, measured: [] }), limit: 2 ** 30, now: () => performance.now() })
  const server = serve()
  const model = across<ModelApi>(server, 'model')
  let step = 0
  const replicas: Tab['replicas'] = []
  const start = (): Replica => {
    const own = serve()
    const { die, ...replica } = across<ModelApi>(own, 'replica')
    // The first one says which step it is.
    if (replicas.length % count === 0) own.beforeScore = () => onScore(++step, tab)
    replicas.push({ die })
    return { ...replica, terminate: die }
  }
  const lab = createLab({ memory: () => Promise.resolve(memory.api), model: () => Promise.resolve(model.api), webllm: () => Promise.reject(new Error('No WebLLM here.')), encodingOf, replicas: { count, start }, clock: { wall: () => Date.now(), monotonic: () => performance.now() } })
  const events: TrainEvent[] = []
  const take = (batch: TrainEvent[]) => { events.push(...batch) }
  server.beforeScore = () => onScore(++step, tab)
  const tab: Tab = { lab, replicas, storage, events, train: (until = 'end') => lab.training.train({ run: 'r', name: 'Run', source, config, from: null }, until, take), killModel: model.die }
  return tab
}

/** To the end of the plan: a model that answers nothing is paused on the way, and asked to go on. */
async function trainOn(tab: Tab): Promise<RunRecord> {
  let record = await tab.train()
  while (record.status === 'paused') record = await tab.train()
  return record
}

/** What a run has come to, times left out, to the bit. */
async function outcome({ storage: { runs } }: Tab) {
  const steps = await runs.steps('r')
  return {
    steps: steps.map((step) => ({ ...step, seconds: null })),
    rollouts: await Promise.all(steps.map(({ step }) => runs.rollouts('r', step))),
    evaluations: (await runs.evaluations('r')).map((evaluation) => ({ ...evaluation, seconds: null })),
    adapter: await runs.checkpointState('r/4'),
  }
}

const said = ({ steps }: Trajectory) => steps.map(({ reply }) => reply.token_ids)

let whole: ReturnType<typeof outcome> | null = null
async function uninterrupted() {
  const make = async () => {
    const tab = openTab(new Disk())
    expect(await trainOn(tab)).toMatchObject({ steps: 4, status: 'finished' })
    return outcome(tab)
  }
  whole ??= make()
  return whole
}

describe('a training across workers', () => {
  it('moves a real adapter, and keeps everything on the disk', async () => {
    const { steps, rollouts, evaluations, adapter } = await uninterrupted()
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4])
    expect(steps[0]?.mean_ratio).toBeCloseTo(1, 4)
    expect(rollouts.map((each) => each.length)).toEqual([3, 3, 3, 3])
    expect(evaluations.map(({ step }) => step)).toEqual([0, 2, 4])
    // A group without variance moves nothing.
    const applied = steps.reduce((sum, { updates }) => sum + updates.applied, 0)
    expect(applied).toBeGreaterThan(1)
    expect(adapter?.step).toBe(applied)
    const moved = [...(adapter?.parameters ?? [])].filter(([name]) => name.includes('lora_B')).flatMap(([, values]) => [...values])
    expect(moved.some((value) => value !== 0)).toBe(true)
  })

  it('comes to the same bits when it is made step by step, and lends the model to nobody meanwhile', async () => {
    const task = worldTask({ seed: 1, index: 0, split: 'train', difficulty: quickWorld({ facts: 1, small_talk: 0, distractors: 1, two_hop: 0, comparison: 0 }).difficulty })
    const tab = openTab(new Disk(), async (_, { lab }) => {
      const playing = lab.runEpisode({ key: 'e', task, policy: { name: 'model', source, adapter: null }, seed: 1, settings: config.episode }, { kind: 'run', msPerStep: 0 }, () => undefined)
      await expect(playing).rejects.toThrow('The model is being trained')
    })
    for (const steps of [1, 2, 3, 4]) expect(await tab.train('step')).toMatchObject({ steps })
    expect(await outcome(tab)).toEqual(await uninterrupted())
  })

  it('comes to the same bits when the tab is closed in the middle of a step', async () => {
    const disk = new Disk()
    let close = (_: Tab) => undefined as void
    const inStep2 = new Promise<Tab>((resolve) => (close = resolve))
    const going = openTab(disk, (step, tab) => {
      if (step === 1) return Promise.resolve()
      close(tab)
      return new Promise(() => undefined)
    }).train().catch(() => null)
    const closed = await inStep2
    await closed.storage.close()
    closed.killModel()
    await going
    const tab = openTab(disk)
    expect(await tab.storage.runs.getRun('r')).toMatchObject({ status: 'running', steps: 1 })
    expect(await trainOn(tab)).toMatchObject({ steps: 4, status: 'finished' })
    expect(await outcome(tab)).toEqual(await uninterrupted())
  })

  it('ends clearly when the model worker dies, and goes on with another one', async () => {
    const disk = new Disk()
    const first = openTab(disk, (step, tab) => Promise.resolve(step === 2 ? tab.killModel() : undefined))
    await expect(first.train()).rejects.toMatchObject({ name: 'WorkerLostError', worker: 'model' })
    expect(await first.storage.runs.getRun('r')).toMatchObject({ status: 'paused', steps: 1, note: expect.stringContaining('The model worker is gone') })
    await first.storage.close()
    const tab = openTab(disk)
    await trainOn(tab)
    expect(await outcome(tab)).toEqual(await uninterrupted())
  })

  it('is the same with replicas: when one dies too, which ends it clearly, and with others that go on', async () => {
    const whole = openTab(new Disk(), undefined, 2)
    await trainOn(whole)
    expect(whole.replicas).toHaveLength(2)
    const made = await outcome(whole)
    const tab = openTab(
      new Disk(),
      async (_, { replicas, storage }) => {
        if ((await storage.runs.steps('r')).length === 1) replicas[1]?.die()
      },
      2,
    )
    await expect(tab.train()).rejects.toMatchObject({ name: 'WorkerLostError', worker: 'replica' })
    expect(await tab.storage.runs.getRun('r')).toMatchObject({ status: 'paused', steps: 1, note: expect.stringContaining('The replica worker is gone') })
    expect(await trainOn(tab)).toMatchObject({ steps: 4, status: 'finished' })
    expect(tab.replicas).toHaveLength(4)
    expect(await outcome(tab)).toEqual(made)
    // Alone it comes to the same, but for the rounding of log-probabilities.
    const alone = await uninterrupted()
    expect(made.rollouts.map((each) => each.map(said))).toEqual(alone.rollouts.map((each) => each.map(said)))
    for (const [name, values] of alone.adapter?.parameters ?? []) {
      for (const [i, value] of values.entries()) expect(made.adapter?.parameters.get(name)?.[i]).toBeCloseTo(value, 4)
    }
  })

  it('goes on when the disk is full, and saves what memory holds when there is space', async () => {
    const disk = new Disk()
    const tab = openTab(disk)
    await tab.train('step')
    restore = failWrites()
    await tab.train('step')
    expect(tab.events.flatMap((event) => (event.type === 'step' ? [event.saved] : []))).toEqual([true, false])
    expect(await tab.storage.status()).toMatchObject({ kind: 'memory', reason: 'quota' })
    await trainOn(tab)
    const made = await outcome(tab)
    expect(made).toEqual(await uninterrupted())
    restore()
    expect(await tab.storage.reconnect()).toEqual({ kind: 'durable' })
    await tab.storage.close()
    expect(await outcome(openTab(disk))).toEqual(made)
  })

  it('compares adapters as the run evaluated them', async () => {
    const tab = openTab(new Disk())
    await trainOn(tab)
    const { tasks, seed } = config.evaluation
    const compared = await tab.lab.training.compare({ players: [null, 'r/2', 'r/4'].map((adapter) => ({ name: 'model' as const, source, adapter })), config, tasks, seed }, () => undefined)
    const evaluations = await tab.storage.runs.evaluations('r')
    expect(compared.map(({ evaluation }) => evaluation.summary)).toEqual(evaluations.map(({ summary }) => summary))
    const texts = compared.map(({ trajectories }) => trajectories.flatMap(({ steps }) => steps.map(({ reply }) => reply.text)).join('\n'))
    expect(new Set(texts).size).toBe(3)
  })
})
