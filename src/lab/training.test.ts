// Trainings of a small real policy from beginning to end: whole, paused, stopped, broken off and resumed.
import { InMemoryExperiments } from '../core/experiments/results.ts'
import { describe, expect, it } from 'vitest'
import { adapterHash } from '../core/policy/adapter-hash.ts'
import { trainConfigSchema, trainPresets, type TrainConfig } from '../core/training/config.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import type { StepMetrics } from '../core/training/metrics.ts'
import { noDataSets } from '../core/environments/family.ts'
import { InMemoryRuns } from '../core/training/in-memory-runs.ts'
import type { RunStore } from '../core/training/runs.ts'
import type { TrainEvent, TrainingApi, TrainRequest } from '../rpc/training.ts'
import { WorkerLostError } from '../rpc/worker-lost-error.ts'
import { createModels } from './models.ts'
import { tableEncodingOf, tableModelApi, type ModelCall } from './table-model.fixture.ts'
import { createTraining } from './training.ts'
import { quickTasks } from '../core/training/tasks.fixture.ts'

const config: TrainConfig = trainConfigSchema.parse({
  ...trainPresets.quick,
  steps: 5,
  b: 1,
  k: 4,
  learning_rate: 1,
  warm_up_steps: 0,
  schedule: 'constant',
  epochs: 4,
  max_norm: null,
  batching: { tokens: 4096, lengths: [50_000] },
  // Short episodes: what happens between steps is what counts here.
  episode: { ...trainPresets.quick.episode, n_max: { build: 1, resist: 1, answer: 2 }, exchanges: 2 },
  tasks: quickTasks({ facts: 1, small_talk: 1, distractors: 1 }),
  evaluation: { every: 2, tasks: 4, seed: 9 },
  checkpoint_every: 1,
})
const request = (changes: Partial<TrainRequest> = {}): TrainRequest => ({ run: 'r', name: 'Run', source: { kind: 'url', name: 'table', url: 'models/table' }, config, from: null, ...changes })

interface Lab {
  training: TrainingApi
  events: TrainEvent[]
  train(until?: 'step' | 'end', changes?: Partial<TrainRequest>): ReturnType<TrainingApi['train']>
}

/** A lab worker with a fresh model worker, over a store that may have been there before. */
function lab(store: RunStore, before: (call: ModelCall, training: TrainingApi) => Promise<void> | void = () => undefined): Lab {
  let time = 0
  const events: TrainEvent[] = []
  const model = tableModelApi((call) => before(call, training))
  const { api: training } = createTraining({
    experiments: () => Promise.resolve(new InMemoryExperiments()),
    runs: () => Promise.resolve(store),
    models: createModels({ model: () => Promise.resolve(model), encodingOf: tableEncodingOf }),
    webllm: () => Promise.reject(new Error('not in this test')),
    clock: { wall: () => ++time, monotonic: () => ++time },
    data: noDataSets,
  })
  return { training, events, train: (until = 'end', changes = {}) => training.train(request(changes), until, (batch) => { events.push(...batch) }) }
}

const players = (...adapters: (string | null)[]) => adapters.map((adapter) => ({ name: 'model' as const, source: request().source, adapter }))

/** Calls of this kind are counted; at the n-th the deed is done. */
function atCall(kind: ModelCall, n: number, deed: (training: TrainingApi) => Promise<void> | void): (call: ModelCall, training: TrainingApi) => Promise<void> | void {
  let count = 0
  return (call, training) => {
    if (call === kind && ++count === n) return deed(training)
  }
}

/** Everything of a step but how long it took. */
const numbers = (steps: readonly StepMetrics[]) => steps.map((step) => ({ ...step, seconds: null }))

/** What a run has come to: its steps with their rollouts, evaluations, the last adapter. */
async function outcome(store: RunStore) {
  const steps = await store.steps('r')
  const [last] = (await store.checkpoints('r')).sort((a, b) => b.step - a.step)
  return {
    steps: numbers(steps),
    rollouts: await Promise.all(steps.map(({ step }) => store.rollouts('r', step))),
    evaluations: (await store.evaluations('r')).map((evaluation) => ({ ...evaluation, seconds: null })),
    step: last?.step,
    adapter: last && (await store.checkpointState(last.key)),
  }
}

let whole: ReturnType<typeof outcome> | null = null

function uninterrupted(): ReturnType<typeof outcome> {
  const make = async () => {
    const store = new InMemoryRuns()
    await lab(store).train()
    return outcome(store)
  }
  whole ??= make()
  return whole
}

describe('a training', () => {
  it('makes the planned steps, evaluates and keeps checkpoints', async () => {
    const store = new InMemoryRuns()
    const { train, events } = lab(store)
    const record = await train()
    expect(record).toMatchObject({ key: 'r', name: 'Run', model: 'table', model_url: 'models/table', steps: 5, status: 'finished', note: null })
    expect(await store.getRun('r')).toEqual(record)
    const { steps, rollouts, evaluations, step } = await outcome(store)
    expect(steps.map((each) => each.step)).toEqual([1, 2, 3, 4, 5])
    expect(rollouts.map((each) => each.length)).toEqual([4, 4, 4, 4, 4])
    expect(rollouts[2]?.map(({ id }) => [id.run, id.batch, id.rollout])).toEqual([0, 1, 2, 3].map((rollout) => ['r', 3, rollout]))
    expect(evaluations.map((each) => each.step)).toEqual([0, 2, 4, 5])
    expect(step).toBe(5)
    // It learns: the policy that is evaluated changes.
    expect(evaluations[3]?.summary.reward.total).not.toBe(evaluations[0]?.summary.reward.total)
    // Checkpoints between evaluations are let go, those with one have it.
    expect((await store.checkpoints('r')).map(({ step: at, evaluation }) => [at, evaluation?.step]).sort()).toEqual([[2, 2], [4, 4], [5, 5]])
    expect(events.flatMap((event) => (event.type === 'checkpoint' ? (event.gone ?? []) : []))).toEqual(['r/1', 'r/3'])

    const told = events.map((event) => (event.type === 'step' ? `step ${event.metrics.step}` : event.type === 'evaluation' ? `evaluation ${event.evaluation.step}` : '')).filter((each) => each !== '')
    expect(told).toEqual(['evaluation 0', 'step 1', 'step 2', 'evaluation 2', 'step 3', 'step 4', 'evaluation 4', 'step 5', 'evaluation 5'])
    expect(events[0]).toMatchObject({ type: 'run', record: { status: 'running', steps: 0 } })
    expect(events.at(-1)).toMatchObject({ type: 'run', record })
    expect(events.every(({ run }) => run === 'r')).toBe(true)
  })

  it('is done when it is done, and goes on beyond its plan when asked to', async () => {
    const store = new InMemoryRuns()
    const first = lab(store)
    const done = await first.train()
    expect(await first.train()).toEqual(done)
    expect(await first.train('step')).toMatchObject({ steps: 6, status: 'finished' })
    expect(await first.train('end', { config: { ...config, steps: 8 } })).toMatchObject({ steps: 8, status: 'finished', config: { steps: 8 } })
    expect((await store.steps('r')).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('begins from a checkpoint of another run, with its adapter and its shape', async () => {
    const store = new InMemoryRuns()
    const { train } = lab(store)
    await train()
    const from = (await store.checkpoints('r'))[0]
    await train('step', { run: 'next', from: from?.key ?? null, config: { ...config, lora: { ...config.lora, rank: 3 }, seed: 5 } })
    expect(await store.getRun('next')).toMatchObject({ steps: 1, from: 'r/5', config: { seed: 5, lora: config.lora } })
    expect(await store.checkpointState('next/0')).toMatchObject({ step: 20, parameters: (await store.checkpointState('r/5'))?.parameters })
    expect((await store.checkpointState('next/1'))?.step).toBe(24)
    await store.deleteRun('r')
    expect(await train('step', { run: 'next' })).toMatchObject({ steps: 2 })
    await expect(train('step', { run: 'other', from: 'r/5' })).rejects.toThrow('The checkpoint that this run was to begin from is gone')
    expect(await store.getRun('other')).toBeNull()
  })

  it('pauses by itself where the metrics say so, with the reason, and goes on when asked to', async () => {
    const store = new InMemoryRuns()
    // Nothing is rewarded, so no rollout is better than another.
    const weights = { ...config.reward.weights, task: 0, context: 0, memory: 0, penalty: { rounds: 0, context: 0 } }
    const hopeless: TrainConfig = { ...config, steps: 30, reward: { preset: null, weights } }
    const { train, events } = lab(store)
    const record = await train('end', { config: hopeless })
    expect(record.status).toBe('paused')
    expect(record.note).toEqual({ kind: 'no-variance', steps: 5 })
    expect(record.steps).toBe(5)
    expect(events.at(-1)).toMatchObject({ type: 'run', record })
    // It is not held up at every step from then on.
    const again = await train('end', { config: hopeless })
    expect(again.status).toBe('paused')
    expect(again.steps).toBeGreaterThan(6)
  })

  it('takes the name that the run has, and minds that it was deleted', async () => {
    const store = new InMemoryRuns()
    const rename = async () => {
      const run = await store.getRun('r')
      if (run) await store.putRun({ ...run, name: 'Mine' })
    }
    expect(await lab(store, atCall('update', 6, rename)).train()).toMatchObject({ name: 'Mine', steps: 5 })
    const { train } = lab(store, atCall('update', 1, () => store.deleteRun('r')))
    await expect(train('step')).rejects.toThrow('deleted while it was trained')
    expect(await store.listRuns()).toEqual([])
    expect(await store.steps('r')).toEqual([])
  })

  it('goes on when the disk fails, and says that a step is not saved', async () => {
    class FullDisk extends InMemoryRuns {
      override async putStep(...args: Parameters<InMemoryRuns['putStep']>) {
        return { ...(await super.putStep(...args)), saved: false }
      }
    }
    const { train, events } = lab(new FullDisk())
    expect(await train()).toMatchObject({ steps: 5, status: 'finished' })
    expect(events.flatMap((event) => (event.type === 'step' ? [event.saved] : []))).toEqual([false, false, false, false, false])
  })

  it('is one at a time, and of one model', async () => {
    const store = new InMemoryRuns()
    const { train, training } = lab(store)
    const going = train()
    await expect(train('step', { run: 'other' })).rejects.toThrow('under way')
    await expect(training.compare({ players: players(null), config, tasks: 1, seed: 1 }, () => undefined)).rejects.toThrow('under way')
    await going
    await expect(train('step', { source: { kind: 'url', name: 'another', url: 'x' } })).rejects.toThrow('This run trains table, not another')
    const imported = await store.getRun('r')
    if (imported) await store.putRun({ ...imported, status: 'imported' })
    await expect(train('step')).rejects.toThrow('imported to be looked at')
  })
})

describe('the rollout that is watched', () => {
  it('is the first of each step and of each test, step by step, as it is kept but for its tokens', async () => {
    const store = new InMemoryRuns()
    const { train, events } = lab(store)
    await train('end', { config: { ...config, steps: 2 } })
    const watched: Trajectory[] = []
    for (const event of events) {
      if (event.type === 'watched') watched.push({ ...event.trajectory, steps: [...event.trajectory.steps] })
      if (event.type === 'watched-step') watched.at(-1)?.steps.push(event.step)
      if (event.type === 'watched-end') Object.assign(watched.at(-1) ?? {}, event.end)
    }
    // Before training, two steps, and the test after the second.
    expect(watched.map(({ id, steps }) => [id.batch, id.rollout, steps.length > 0])).toEqual([[0, 0, true], [1, 0, true], [2, 0, true], [2, 0, true]])
    const [kept] = await store.rollouts('r', 2)
    expect(watched[2]).toEqual({ ...kept, steps: kept?.steps.map((step) => ({ ...step, reply: { ...step.reply, token_ids: null, logprobs: null } })) })
  })
})

describe('a training that is paused, stopped or broken off', () => {
  it('comes to the same, step by step', async () => {
    const store = new InMemoryRuns()
    const { train } = lab(store)
    for (const step of [1, 2, 3, 4]) expect(await train('step')).toMatchObject({ steps: step, status: 'paused' })
    expect(await train('step')).toMatchObject({ steps: 5, status: 'finished' })
    expect(await outcome(store)).toEqual(await uninterrupted())
  })

  it('pauses behind the present step, wherever it is in it', async () => {
    for (const [call, n] of [['serve', 9], ['update', 6], ['adapterState', 2]] as const) {
      const store = new InMemoryRuns()
      const paused = await lab(store, atCall(call, n, (training) => training.pause())).train()
      expect(paused).toMatchObject({ status: 'paused', note: null })
      expect((await store.steps('r')).map(({ step }) => step)).toEqual(Array.from({ length: paused.steps }, (_, i) => i + 1))
      expect(paused.steps).toBeLessThan(5)
      await lab(store).train()
      expect(await outcome(store)).toEqual(await uninterrupted())
    }
  })

  it('keeps the adapter when it is paused between checkpoints', async () => {
    const store = new InMemoryRuns()
    const rare = { config: { ...config, checkpoint_every: 4 } }
    await lab(store, atCall('update', 6, (training) => training.pause())).train('end', rare)
    expect((await store.checkpoints('r')).map(({ step }) => step)).toEqual([2])
    const began: number[] = []
    await lab(store, (call) => { if (call === 'update') began.push(1) }).train('end', rare)
    expect(began).toHaveLength(3 * config.epochs)
    expect(await outcome(store)).toEqual(await uninterrupted())
  })

  it('stops at once: the step is lost, what was before is kept', async () => {
    const store = new InMemoryRuns()
    const stopped = await lab(store, atCall('score', 3, (training) => training.stop())).train('end', { config: { ...config, checkpoint_every: 4 } })
    expect(stopped).toMatchObject({ steps: 2, status: 'paused', note: null })
    expect((await store.steps('r')).map(({ step }) => step)).toEqual([1, 2])
    expect((await store.checkpoints('r')).map(({ step }) => step)).toEqual([2])
    await lab(store).train()
    expect(await outcome(store)).toEqual(await uninterrupted())
  })

  it('stops in the middle of a reply, of an evaluation, and while the model loads', async () => {
    const store = new InMemoryRuns()
    const hang = (training: TrainingApi) => {
      void training.stop()
      return new Promise<void>(() => undefined)
    }
    expect(await lab(store, atCall('load', 1, hang)).train()).toMatchObject({ steps: 0, status: 'paused' })
    expect(await lab(store, atCall('serve', 1, hang)).train()).toMatchObject({ steps: 0, status: 'paused' })
    expect(await store.evaluations('r')).toEqual([])
    expect(await lab(store, atCall('serve', 12, hang)).train()).toMatchObject({ status: 'paused', note: null })
    await lab(store).train()
    expect(await outcome(store)).toEqual(await uninterrupted())
  })

  it('finishes an update that has begun before it stops', async () => {
    const store = new InMemoryRuns()
    expect(await lab(store, atCall('update', 6, (training) => training.stop())).train()).toMatchObject({ steps: 2, status: 'paused' })
    await lab(store).train()
    expect(await outcome(store)).toEqual(await uninterrupted())
  })

  it('ends clearly when the model worker dies, in whatever it was doing, and can be resumed', async () => {
    for (const [call, n] of [['load', 1], ['beginTraining', 1], ['serve', 1], ['serve', 14], ['score', 3], ['update', 14], ['adapterState', 3]] as const) {
      const store = new InMemoryRuns()
      let dead = false
      const dies = atCall(call, n, () => { dead = true })
      const lost = new WorkerLostError('model', 'it has stopped')
      const { train, events } = lab(store, (each, training) => {
        void dies(each, training)
        if (dead) throw lost
      })
      await expect(train()).rejects.toBe(lost)
      const left = await store.getRun('r')
      expect(left).toMatchObject({ status: 'paused', note: lost.message })
      expect(events.at(-1)).toMatchObject({ type: 'run', record: left })
      expect((await store.steps('r')).map(({ step }) => step)).toEqual(Array.from({ length: left?.steps ?? -1 }, (_, i) => i + 1))
      await lab(store).train()
      expect(await outcome(store)).toEqual(await uninterrupted())
    }
  })

  it('goes back to the last checkpoint when the model is gone between two, and makes the steps since again', async () => {
    const store = new InMemoryRuns()
    const lost = new WorkerLostError('model', 'it has stopped')
    const rare = { config: { ...config, checkpoint_every: 2 } }
    await expect(lab(store, atCall('update', 13, () => Promise.reject(lost))).train('end', rare)).rejects.toBe(lost)
    expect(await store.getRun('r')).toMatchObject({ steps: 3 })
    const { train, events } = lab(store)
    await train('end', rare)
    expect(events.flatMap((event) => (event.type === 'step' ? [event.metrics.step] : []))).toEqual([3, 4, 5])
    expect(await outcome(store)).toEqual(await uninterrupted())
  })

  it('is resumed after its tab was closed in the middle of a step', async () => {
    const store = new InMemoryRuns()
    let closed = () => undefined as void
    const closing = new Promise<void>((resolve) => (closed = resolve))
    void lab(store, atCall('score', 4, () => {
      closed()
      return new Promise(() => undefined)
    })).train()
    await closing
    expect(await store.getRun('r')).toMatchObject({ steps: 3, status: 'running' })
    await lab(store).train()
    expect(await outcome(store)).toEqual(await uninterrupted())
  })

  it('ends clearly when the store of runs is gone', async () => {
    const lost = new WorkerLostError('memory', 'it has stopped')
    class Dying extends InMemoryRuns {
      override putStep(...args: Parameters<InMemoryRuns['putStep']>) {
        return args[1].step === 3 ? Promise.reject(lost) : super.putStep(...args)
      }
    }
    const store = new Dying()
    await expect(lab(store).train()).rejects.toBe(lost)
    expect((await store.steps('r')).map(({ step }) => step)).toEqual([1, 2])
  })

  it('cannot be resumed without the adapter that it began from', async () => {
    const store = new InMemoryRuns()
    const { train } = lab(store)
    await train('step')
    await train('step', { run: 'next', from: 'r/1' })
    for (const { key } of await store.checkpoints()) await store.deleteCheckpoint(key)
    await expect(train('step', { run: 'next' })).rejects.toThrow('All checkpoints of this run were deleted')
    // A run with a fresh adapter follows from its seed.
    expect(await train('step')).toMatchObject({ steps: 1 })
  })
})

describe('comparing adapters', () => {
  it('plays the same tasks with the same seeds, and gives what differs', async () => {
    const store = new InMemoryRuns()
    const { train, training } = lab(store)
    await train()
    const shares: number[] = []
    const compared = await training.compare({ players: players(null, 'r/5', 'r/2', null), config, tasks: 4, seed: 9 }, (share) => { shares.push(share) })
    expect(compared.map(({ player, evaluation, trajectories }) => ['adapter' in player ? player.adapter : '', evaluation.step, evaluation.tasks, trajectories.length])).toEqual([[null, 0, 4, 4], ['r/5', 5, 4, 4], ['r/2', 2, 4, 4], [null, 0, 4, 4]])
    const cool = { ...config, evaluation: { ...config.evaluation, temperature: 0.5 } }
    const [cooler] = await training.compare({ players: players(null), config: cool, tasks: 4, seed: 9 }, () => undefined)
    expect(cooler?.trajectories.map(({ settings }) => settings.temperature)).toEqual([0.5, 0.5, 0.5, 0.5])
    const played = compared.map(({ trajectories }) => trajectories[0]?.setup.policy)
    const hashes = await Promise.all(['r/5', 'r/2'].map(async (key) => adapterHash((await store.checkpointState(key))?.parameters ?? new Map())))
    expect(new Set(hashes).size).toBe(2)
    expect(played.map((policy) => policy?.kind === 'onnx' && policy.adapter)).toEqual([
      null,
      { key: 'r/5', name: 'Step 5', hash: hashes[0] },
      { key: 'r/2', name: 'Step 2', hash: hashes[1] },
      null,
    ])
    const tasks = compared.map(({ trajectories }) => trajectories.map(({ task, seed }) => `${task.id} ${seed}`))
    expect(new Set(tasks.map(String)).size).toBe(1)
    const [base, last, second, again] = compared.map(({ evaluation }) => evaluation.summary)
    expect(again).toEqual(base)
    expect(last).not.toEqual(base)
    // The evaluations in the run were on the same tasks: the adapter alone says what comes out.
    const evaluations = await store.evaluations('r')
    expect([base, second, last]).toEqual([0, 2, 5].map((step) => evaluations.find((each) => each.step === step)?.summary))
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
  })

  it('says what is gone, ends when it is stopped, and passes on that the model is gone', async () => {
    const store = new InMemoryRuns()
    const compare = ({ training }: Lab, ...adapters: (string | null)[]) => training.compare({ players: players(...adapters), config, tasks: 3, seed: 9 }, () => undefined)
    await expect(compare(lab(store), 'gone')).rejects.toThrow('A checkpoint that was to be compared is gone')
    await expect(compare(lab(store, atCall('serve', 5, (training) => training.stop())), null)).rejects.toMatchObject({ name: 'AbortError' })
    const lost = new WorkerLostError('model', 'it has stopped')
    await expect(compare(lab(store, atCall('serve', 5, () => Promise.reject(lost))), null)).rejects.toBe(lost)
  })
})

describe('an experiment', () => {
  it('begins with what the model was taught before: its untrained arms play with that, its trainings go on from it', async () => {
    const store = new InMemoryRuns()
    await lab(store).train('step')
    const [kept] = (await store.checkpoints('r')).sort((a, b) => b.step - a.step)
    const state = kept && (await store.checkpointState(kept.key))
    if (!kept || !state) return expect.fail('nothing was trained')
    const key = 'taught-table'
    await store.putCheckpoint({ ...kept, key, run: null, step: 0, name: 'Taught' }, state)
    const used: ModelCall[] = []
    const { training } = lab(store, (call) => { used.push(call) })
    const plan = { arms: ['agemem', 'agemem-grpo'], data: [{ name: 'lesson', choice: config.tasks }], seeds: [1], tasks: 2, settings: config.episode, base: 'pretrained' as const, steps: 1, start: { key, name: 'Taught', hash: null } }
    const result = await training.experiment({ result: { kind: 'agemem-experiment', schema_version: 1, key: 'e', experiment: 'tools', created: 0, model: { name: 'table', sha256: null }, machine: '', judge: 'rules', plan, trainings: [], cells: [] }, source: request().source }, () => undefined)
    const hash = adapterHash(state.parameters)
    expect(result.plan.start).toEqual({ key, name: 'Taught', hash })
    expect(result.cells.map(({ arm, policy }) => [arm, policy.kind === 'onnx' && policy.adapter?.hash])).toEqual([['agemem', hash], ['agemem-grpo', result.trainings[0]?.adapter.hash]])
    const [run] = (await store.listRuns()).filter((each) => each.key !== 'r')
    expect(run).toMatchObject({ key: `experiment-all-returns-table-1-1-${hash.slice(0, 8)}`, from: key, config: { lora: kept.lora } })
    expect(used).toContain('useAdapter')

    // Played elsewhere, where the same adapter has another key.
    const elsewhere = (of: string | null) => ({ ...result, plan: { ...result.plan, start: { key: 'runs/taught/adapter', name: 'Elsewhere', hash: of } } })
    const replay = (of: typeof result) => training.replay({ result: of, source: request().source, arm: 'agemem', data: 'lesson', seed: 1, place: 0 })
    expect(await replay(elsewhere(hash))).toMatchObject({ status: 'complete', setup: { policy: { adapter: { key: 'runs/taught/adapter', hash } } } })
    await expect(replay(elsewhere('0000000000000000'))).rejects.toThrow('The adapter “Elsewhere” is not kept in this browser')

    await store.deleteCheckpoint(key)
    const again = training.replay({ result, source: request().source, arm: 'agemem', data: 'lesson', seed: 1, place: 0 })
    await expect(again).rejects.toThrow('The adapter “Taught” is not kept in this browser')
    await store.putCheckpoint({ ...kept, key, run: null, step: 0, name: 'Other' }, { ...state, parameters: new Map([...state.parameters].map(([name, values]) => [name, values.map((value) => value + 1)])) })
    await expect(training.replay({ result, source: request().source, arm: 'agemem', data: 'lesson', seed: 1, place: 0 })).rejects.toThrow('is another one than that which the experiment was played with')
  })
})
