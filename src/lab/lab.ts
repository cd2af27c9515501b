// What lab.worker does: plays episodes for the page against the memories of memory.worker, trains, and reads files.
// Knows no database and no component.
import type { AgentName } from '../core/agents/names.ts'
import { playingAs } from '../core/agents/playing-as.ts'
import { roomFor, type Room } from '../core/episode/room.ts'
import { dataSetsOf } from '../core/environments/data-sets.ts'
import type { DataReference } from '../core/environments/family.ts'
import { isQuestion } from '../core/environments/question/task.ts'
import { withDistractors } from '../core/environments/question/training-tasks.ts'
import { runEpisodes, type SimulatorOptions } from '../core/episode/simulator.ts'
import type { AdapterRef, Played, PolicySpec } from '../core/record/setup.ts'
import type { EpisodeSettings, Generation, Trajectory } from '../core/record/trajectory.ts'
import { HashEmbedder } from '../core/memory/hash-embedder.ts'
import { InMemoryStore } from '../core/memory/in-memory-store.ts'
import { remoteEmbedder } from '../core/memory/remote-embedder.ts'
import type { Embedder } from '../core/memory/store.ts'
import { askAll } from '../core/policy/ask.ts'
import { personPolicy, type AskPerson } from '../core/policy/person.ts'
import type { GenerateRequest, Policy, TokenCounter } from '../core/policy/policy.ts'
import { constrained } from '../core/policy/constrained.ts'
import { scriptedPolicy } from '../core/demonstrations/scripted.ts'
import { adapterHash } from '../core/policy/adapter-hash.ts'
import type { AdapterTensors } from '../core/policy/trainable.ts'
import { wordCounter } from '../core/policy/word-counter.ts'
import { WebLlmError } from '../core/policy/webllm.ts'
import type { AnyTask } from '../core/record/task.ts'
import type { ModelProgress, ModelSource } from '../core/policy/model.ts'
import type {
  Archive, EpisodeRequest, GroupProgress, LabApi, LabEvent, MemoryApi, ModelApi, Pace, PlayedGroup, PolicyChoice,
} from '../rpc/contracts.ts'
import { groupRolloutKey } from '../rpc/group-key.ts'
import { summaryOf } from '../rpc/summary.ts'
import type { LiveApi } from '../rpc/live.ts'
import type { WebLlmApi } from '../rpc/webllm.ts'
import { batched } from './batched.ts'
import { dataSetOf, missingDataWords } from './data-sets.ts'
import { exportShown } from './export-shown.ts'
import { kindOfDropped } from './files/dropped.ts'
import { readAdapterFiles, unpackTrained } from './files/peft-zip.ts'
import { readTasks } from './files/read-tasks.ts'
import { importRun } from './import-run.ts'
import { createPacer, type Pacer } from './pace.ts'
import { readTrajectories } from './read-trajectories.ts'
import { createModels, type ReplicaParts } from './models.ts'
import { RemoteModel, type EncodingOf } from './remote-model.ts'
import { RemoteWebLlm } from './remote-webllm.ts'
import { runLock, type Locks } from './run-lock.ts'
import { createTraining } from './training.ts'

/** The page hears of new steps this often, ms. */
const eventInterval = 30
/** A running episode is written to the archive at most this often, ms: what a closed tab can lose. */
const saveInterval = 500

/** Where an episode's entries are, and what compares its texts. */
type Memories = Pick<SimulatorOptions, 'memory' | 'embedder'>

interface Running {
  pacer: Pacer
  abort: AbortController
  /** Resolves when nothing of it is under way any more, its record included. */
  ended: Promise<void>
  /** What is played. */
  of: EpisodeRequest
  /** What the person is asked, and what takes the answer; null: nothing. */
  asked: { request: GenerateRequest; answer: (text: string) => void } | null
}

/** What is to play, and how it is recorded. */
interface Chosen {
  policy: Policy
  counter: TokenCounter
  spec: PolicySpec
}

/** The policy as the agent of the request asks it, and how that is recorded. */
function playedAs({ policy, spec }: Chosen, { agent = 'agemem', source = { kind: 'given' }, reward, branch }: EpisodeRequest): { policy: Policy; setup: Played; agent: AgentName } {
  const as = playingAs(agent, spec)
  return { policy: as.of(policy), agent, setup: { ...as.setup, source, reward, ...(branch ? { branch: branch.branch } : {}) } }
}

const nobody: AskPerson = () => Promise.reject(new Error('A person plays one episode at a time.'))

/** A promise and what resolves it. */
function signalled(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve }
}

export interface LabParts {
  /** The memory worker that is connected now; it may be another one after a restart. */
  memory: () => Promise<Pick<MemoryApi, 'store' | 'runs' | 'data' | 'experiments'> & { archive: Pick<Archive, 'put' | 'get'> }>
  /** The same of the model worker. */
  model: () => Promise<ModelApi>
  /** The same of the WebLLM worker; the page starts it when it is first wanted. */
  webllm: () => Promise<WebLlmApi>
  /** Its part that learns; left out: none does. */
  live?: () => Promise<LiveApi>
  encodingOf: EncodingOf
  /** Further model workers, for work on many episodes; left out: the one does all. */
  replicas?: ReplicaParts
  /** Wall clock for the list of recordings, and a monotonic one for pacing, ms. */
  clock: { wall(): number; monotonic(): number }
  /** Those that all tabs share; left out where there are none. */
  locks?: Locks
}

/** The model as it is now: as soon as it is another one, because it is trained or plays with another adapter, this fails. */
function unchanged(policy: Policy, check: () => void): Policy {
  return {
    name: policy.name,
    ...(policy.window === undefined ? {} : { window: policy.window }),
    ...(policy.oneConversation === true ? { oneConversation: true } : {}),
    open(options) {
      const stream = policy.open(options)
      return {
        async serve(asked) {
          check()
          return stream.serve(asked)
        },
        close: () => stream.close(),
      }
    },
  }
}

export function createLab({ memory, model, webllm, live, encodingOf, replicas, clock, locks }: LabParts): LabApi {
  const running = new Map<string, Running>()
  const models = createModels({ model, ...(live ? { live } : {}), encodingOf, ...(replicas ? { replicas } : {}) })
  const data = dataSetsOf(async (hash) => (await memory()).data.tasks(hash), missingDataWords)
  const training = createTraining({
    runs: async () => (await memory()).runs,
    experiments: async () => (await memory()).experiments,
    models,
    webllm: async ({ source, options }) => RemoteWebLlm.load(await webllm(), source, options, encodingOf, () => undefined),
    clock,
    data,
    lock: runLock(locks ?? null),
  })
  /** Adapter that the model was last asked to play with, in the page's model worker and in its replicas. */
  const inUse: Record<'one' | 'replicas', string | null> = { one: null, replicas: null }

  /**
   * @param rollouts of the task that it shall play side by side
   * @param ask asks the person
   */
  async function policyOf(choice: PolicyChoice, task: AnyTask, rollouts: number, onProgress: (progress: ModelProgress) => void, ask: AskPerson = nobody): Promise<Chosen> {
    if (choice.name === 'webllm') {
      const policy = await RemoteWebLlm.load(await webllm(), choice.source, choice.options, encodingOf, onProgress)
      const { source, options } = choice
      const model = source.kind === 'listed' ? source.id : source.name
      return { policy, counter: policy.counter, spec: { kind: 'webllm', model, options } }
    }
    if (choice.name === 'person') return { policy: personPolicy(ask), counter: wordCounter, spec: { kind: 'person' } }
    if (choice.name !== 'model') {
      const { name, careless } = choice
      const policy = scriptedPolicy(name, () => (isQuestion(task) ? task : undefined), careless)
      return { policy, counter: wordCounter, spec: { kind: 'scripted', name, careless } }
    }
    // It would sample with an adapter that changes under it, and its prompts would get in the way of the rollouts.
    if (training.busy()) throw new Error('The model is being trained: pause the training before it plays here.')
    const adapter = choice.adapter === null ? null : await adapterOf(choice.adapter)
    const policy = await (rollouts > 1 ? models.forMany(choice.source, onProgress) : models.one(choice.source, onProgress, adapter?.tensors))
    const where = policy instanceof RemoteModel ? 'one' : 'replicas'
    const uses = training.uses()
    inUse[where] = choice.adapter
    await policy.useAdapter(adapter?.tensors ?? null)
    const check = () => {
      if (training.uses() !== uses) throw new Error('Since this episode began the model was taken to train or to compare. It would go on with another adapter, so it ends here.')
      if (inUse[where] !== choice.adapter) throw new Error('Another episode began to play with another adapter. This one would go on with that, so it ends here.')
    }
    const { source } = choice
    const spec: PolicySpec = {
      kind: 'onnx',
      model: source.name,
      source: source.kind === 'url' ? source.url : null,
      adapter: adapter?.ref ?? null,
      ...(choice.constrained === true && { constrained: true }),
    }
    const said = choice.constrained === true ? constrained(policy) : policy
    return { policy: unchanged(said, check), counter: policy.counter, spec }
  }

  /** @throws WebLlmError */
  async function largeEmbedder(id: string, onProgress: (progress: ModelProgress) => void): Promise<Embedder> {
    const api = await webllm()
    const loaded = await api.loadEmbedder(id, onProgress)
    if (!loaded.ok) throw new WebLlmError(loaded.problem)
    return remoteEmbedder(loaded.value.name, loaded.value.dimensions, (texts) => api.embed(texts))
  }

  /** An episode's memories in this worker, compared by that embedding model or by words. @throws WebLlmError */
  async function ownMemory(embedderId: string | null | undefined, onProgress: (progress: ModelProgress) => void): Promise<Memories> {
    const embedder = embedderId ? await largeEmbedder(embedderId, onProgress) : new HashEmbedder()
    return { memory: new InMemoryStore(embedder), embedder }
  }

  /** @throws Error when there is no such checkpoint here */
  async function adapterOf(key: string): Promise<{ tensors: AdapterTensors; ref: AdapterRef }> {
    const { runs } = await memory()
    const record = (await runs.checkpoints()).find((each) => each.key === key)
    const state = record && (await runs.checkpointState(key))
    if (!state) throw new Error('The trained adapter is not kept in this browser. Import it, or let the base model play.')
    const { parameters } = state
    return { tensors: { lora: record.lora, parameters }, ref: { key, name: record.name, hash: adapterHash(parameters) } }
  }

  async function runEpisode(request: EpisodeRequest, pace: Pace, onEvents: (events: LabEvent[]) => void): Promise<void> {
    const { key, task, settings, seed } = request
    if (running.has(key)) throw new Error(`Episode ${key} is already running.`)
    const events = batched(onEvents, eventInterval)
    const abort = new AbortController()
    const pacer = createPacer(pace, clock.monotonic, () => {
      events.push({ type: 'paused', key })
      events.flush()
    })
    // Before anything is waited for: the next call may already be about this episode.
    const ended = signalled()
    const own: Running = { pacer, abort, ended: ended.promise, of: request, asked: null }
    running.set(key, own)
    const ask: AskPerson = (request) =>
      new Promise((resolve) => {
        const answer = (text: string) => {
          own.asked = null
          resolve(text)
        }
        own.asked = { request, answer }
        events.push({ type: 'asked', key, asked: { purpose: request.purpose, conversation: request.conversation } })
      })
    const recorded = clock.wall()
    try {
      const { store, archive } = await memory()
      const onProgress = (progress: ModelProgress) => { events.push({ type: 'loading', key, progress }) }
      const chosen = await policyOf(request.policy, task, 1, onProgress, ask)
      const { policy, setup, agent } = playedAs(chosen, request)
      const { counter } = chosen
      // memory.worker compares by words; with another embedder the entries live here, and their record is kept as ever.
      const memories: Memories = request.embedder ? await ownMemory(request.embedder, onProgress) : { memory: store, embedder: new HashEmbedder() }
      let savedAt = -Infinity
      let saving: Promise<unknown> = Promise.resolve()
      const saveSoon = (trajectory: Trajectory) => {
        if (clock.monotonic() - savedAt < saveInterval) return
        savedAt = clock.monotonic()
        // What is on the disk while it runs is what an interrupted episode will be.
        const interrupted: Trajectory = { ...trajectory, status: 'partial', stop: 'aborted', steps: [...trajectory.steps] }
        saving = saving.then(() => archive.put(key, interrupted, summaryOf(key, interrupted, recorded))).catch(() => undefined)
      }
      const [trajectory] = await runEpisodes([{ key, id: { run: key, batch: 0, rollout: request.rollout ?? 0 }, task, setup, seed, settings, agent, branch: request.branch }], {
        policy,
        ...memories,
        counter,
        signal: abort.signal,
        gate: () => pacer.gate(),
        onStart: (started) => { events.push({ type: 'started', key, trajectory: { ...started, steps: [] } }) },
        onText: (_, text) => { events.push({ type: 'text', key, text }) },
        onStep: (live, step) => {
          events.push({ type: 'step', key, step })
          saveSoon(live)
        },
      })
      await saving
      if (!trajectory) return
      const saved = await archive.put(key, trajectory, summaryOf(key, trajectory, recorded)).then(
        (result) => result.saved,
        () => false,
      )
      events.push({ type: 'finished', key, trajectory, saved })
    } finally {
      running.delete(key)
      events.flush()
      ended.resolve()
    }
  }

  /** Plays rollouts of one task, each with what it is seeded by; those that were stopped come back partial. */
  async function group(request: EpisodeRequest, rollouts: number, hooks: Pick<SimulatorOptions, 'onStep'> & { onLoading?: (progress: ModelProgress) => void } = {}): Promise<Trajectory[]> {
    const { key, task, policy: choice, settings, seed, embedder } = request
    if (running.has(key)) throw new Error(`Episode ${key} is already running.`)
    const abort = new AbortController()
    const ended = signalled()
    running.set(key, { pacer: createPacer({ kind: 'run', msPerStep: 0 }, clock.monotonic, () => undefined), abort, ended: ended.promise, of: request, asked: null })
    const onLoading = hooks.onLoading ?? (() => undefined)
    try {
      const chosen = await policyOf(choice, task, rollouts, onLoading)
      const { policy, setup, agent } = playedAs(chosen, request)
      const { counter } = chosen
      const specs = Array.from({ length: rollouts }, (_, rollout) => ({ key: `${key}/${rollout}`, id: { run: key, batch: 0, rollout }, task, setup, seed, settings, agent }))
      const options = { policy, ...(await ownMemory(embedder, onLoading)), counter, signal: abort.signal, onStep: hooks.onStep }
      if (chosen.policy.oneConversation !== true) return await runEpisodes(specs, options)
      // WebLLM holds one conversation: rollout after rollout it goes on in it, in lockstep it would read each prompt anew.
      const played: Trajectory[] = []
      for (const each of specs) played.push(...(await runEpisodes([each], options)))
      return played
    } finally {
      running.delete(key)
      ended.resolve()
    }
  }

  async function playGroup(request: EpisodeRequest, rollouts: number, onProgress: (progress: GroupProgress) => void): Promise<PlayedGroup> {
    const { key } = request
    const recorded = clock.wall()
    let loading: ModelProgress | null = null
    const stepsOf = new Map<number, { steps: number; over: boolean }>()
    const tell = () => {
      const all = [...stepsOf.values()]
      onProgress({ over: all.filter(({ over }) => over).length, steps: all.reduce((sum, { steps }) => sum + steps, 0), loading })
    }
    const trajectories = await group(request, rollouts, {
      onLoading: (progress) => {
        loading = progress
        tell()
      },
      onStep: ({ id, steps }, { phase, answer }) => {
        loading = null
        stepsOf.set(id.rollout, { steps: steps.length, over: phase === 'answer' && answer !== null })
        tell()
      },
    })
    const { archive } = await memory()
    let saved = true
    // The list has the newest first, so that the first rollout stands above the others.
    for (const trajectory of trajectories) {
      const own = groupRolloutKey(key, trajectory.id.rollout)
      const written = await archive.put(own, trajectory, summaryOf(own, trajectory, recorded - trajectory.id.rollout)).catch(() => ({ saved: false }))
      saved &&= written.saved
    }
    return { trajectories, saved }
  }

  /** Every policy answers the same prompt by itself: what it would say does not change what is played. */
  async function suggest(key: string, choice: PolicyChoice): Promise<Generation> {
    const { asked, of } = find(key)
    if (!asked) throw new Error('Nothing is asked at present.')
    const { policy } = playedAs(await policyOf(choice, of.task, 1, () => undefined), of)
    const { temperature, min_p: minP, response_limit: maxTokens } = of.settings
    const [said] = await askAll(policy, [{ ...asked.request, thread: `${key}/suggested`, aside: true }], { temperature, minP, maxTokens })
    if (!said) throw new Error(`The policy ${policy.name} gave no reply.`)
    return said
  }

  async function room(tasks: AnyTask[], choice: PolicyChoice, settings: EpisodeSettings, window: number | null, agent?: AgentName): Promise<Room> {
    if (choice.name !== 'model' || training.busy()) return roomFor(tasks, settings, { counter: wordCounter, agent, ...(window === null ? {} : { window }) })
    const { counter, window: takes } = await models.one(choice.source, () => undefined)
    return roomFor(tasks, settings, { counter, window: takes, agent })
  }

  async function roomOfData(reference: DataReference, distractors: number, source: ModelSource, settings: EpisodeSettings): Promise<Room> {
    const tasks = (await data.tasks(reference)).filter(isQuestion).map((task) => withDistractors(task, distractors))
    return room(tasks, { name: 'model', source, adapter: null }, settings, null)
  }

  const find = (key: string): Running => {
    const found = running.get(key)
    if (!found) throw new Error(`Episode ${key} is not running.`)
    return found
  }

  return {
    runEpisode,
    runGroup: (request, rollouts) => group(request, rollouts),
    playGroup,
    suggest,
    async reply(key, text) {
      running.get(key)?.asked?.answer(text)
      return Promise.resolve()
    },
    setPace: async (key, pace) => Promise.resolve(find(key).pacer.set(pace)),
    stepOnce: async (key) => Promise.resolve(find(key).pacer.stepOnce()),
    stop: async (key) => {
      const found = running.get(key)
      found?.abort.abort()
      found?.pacer.release()
      await found?.ended
    },
    readTasks: (file, name, onProgress) => readTasks(file, name, onProgress),
    room,
    roomOfData,
    async keepTasks(name, tasks) {
      const set = await dataSetOf(name, tasks, clock.wall())
      return { set, ...(await (await memory()).data.put(set, tasks)) }
    },
    readTrajectories,
    kindOfDropped,
    readAdapter: readAdapterFiles,
    readTrained: unpackTrained,
    importRun: async (file, key, onProgress) => importRun((await memory()).runs, file, key, onProgress),
    exportShown: async (request, onStep) => exportShown(await memory(), request, onStep),
    verlFiles: async (run) => (await import('../exchange/verl/verl.ts')).verlFiles(run),
    training: training.api,
  }
}
