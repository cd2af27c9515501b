import { describe, expect, it } from 'vitest'
import { readTrajectory } from '../episode/read-record.ts'
import type { EpisodeSpec } from '../episode/play.ts'
import { miraTask } from '../episode/fixture.ts'
import { settingsPresets } from '../episode/settings.ts'
import { runEpisodes } from '../episode/simulator.ts'
import { HashEmbedder } from '../memory/hash-embedder.ts'
import { InMemoryStore } from '../memory/in-memory-store.ts'
import { streamOf } from '../policy/ask.ts'
import { AbortError, type GenerateRequest, type Policy } from '../policy/policy.ts'
import { wordCounter } from '../policy/word-counter.ts'
import { scriptedPolicy } from '../demonstrations/scripted.ts'
import { memoryAt } from '../record/replay.ts'
import type { PolicySpec } from '../record/setup.ts'
import type { EpisodeSettings, Step, Trajectory } from '../record/trajectory.ts'
import { scenarios } from '../environments/question/sources/scenarios.ts'
import { defaultDifficulty, worldTask } from '../environments/question/sources/world.ts'
import { Ebnf } from './agemem/protocol/ebnf.fixture.ts'
import { agentNamed, agentNames, type AgentName } from './agents.ts'
import { playingAs } from './playing-as.ts'

const tasks = [
  miraTask(),
  ...Array.from({ length: 6 }, (_, index) => worldTask({ seed: 11, index, split: 'train', difficulty: { ...defaultDifficulty, update_share: 1 } })),
  ...scenarios,
]
const scripted: PolicySpec = { kind: 'scripted', name: 'oracle' }

interface Played {
  trajectories: Trajectory[]
  store: InMemoryStore
  asked: GenerateRequest[]
}

interface Playing {
  agent: AgentName
  /** What is said to each request; left out: the oracle's words. */
  says?: (request: GenerateRequest) => string
  spec?: PolicySpec
  settings?: EpisodeSettings
  signal?: AbortSignal
  onStep?: (step: Step) => void
}

async function play({ agent, says, spec = scripted, settings = settingsPresets.playground, signal, onStep }: Playing): Promise<Played> {
  const embedder = new HashEmbedder()
  const store = new InMemoryStore(embedder)
  const asked: GenerateRequest[] = []
  const { setup, of } = playingAs(agent, spec)
  const specs = tasks.map((task, i): EpisodeSpec => ({
    key: `e${i}`, id: { run: 'agents', batch: 0, rollout: 0 }, task, seed: 5, settings, agent, setup: { ...setup, source: { kind: 'given' } },
  }))
  const spoken: Policy = {
    name: 'speaks',
    open: (options) =>
      streamOf((request) => {
        const text = says?.(request) ?? ''
        return { text, tokens: wordCounter.count(text), token_ids: null, logprobs: null, finish: 'stop' }
      }, options),
  }
  const policy = says ? spoken : scriptedPolicy('oracle', (thread) => tasks[Number(thread.slice(1))])
  const heard: Policy = {
    name: policy.name,
    open: (options) => {
      const stream = policy.open(options)
      return {
        serve: (each) => {
          asked.push(...each.map(({ request }) => request))
          return stream.serve(each)
        },
        close: () => stream.close(),
      }
    },
  }
  const trajectories = await runEpisodes(specs, {
    policy: of(heard), memory: store, embedder, counter: wordCounter, signal, onStep: (_, step) => onStep?.(step),
  })
  return { trajectories, store, asked }
}

const last = ({ steps }: Trajectory) => steps.length - 1

/** What the agent's rule says to a request; null: it has none for it. */
const byRule = (agent: AgentName, { aside, purpose, conversation }: GenerateRequest): string | null =>
  aside ? (agentNamed(agent).asides.find((each) => each.purpose === purpose)?.byRule?.(conversation.at(-1)?.content ?? '') ?? null) : null

/** What a policy says that knows nothing: each reply breaks something else. */
const nonsense = ['', '<think>', '<tool_call>[{"name":"Delete_memory","arguments":{"memory_id":"m1","confirmation":true}}]</tool_call>', '{"', '[[[[', '\ud83d', '<answer>', '{"facts":[1,null]}', 'null', '[{"id":"m99"}]']

describe.each(agentNames)('%s as an agent', (agent) => {
  it('says in a line what it does, and asks for nothing but what it names', async () => {
    const { line, follows, asides } = agentNamed(agent)
    expect(line.length).toBeGreaterThan(10)
    expect(line).not.toMatch(/[.\n]$/)
    if (follows) expect(follows.address).toMatch(/^https:\/\//)
    const { asked } = await play({ agent })
    const purposes = new Set(asides.map(({ purpose }) => purpose))
    for (const request of asked) expect(request.aside ? purposes.has(request.purpose) : request.purpose === 'act', request.purpose).toBe(true)
  })

  it('plays the same again, to the letter, and what it wrote is read again', async () => {
    const [once, again] = [await play({ agent }), await play({ agent })]
    expect(again.trajectories).toEqual(once.trajectories)
    for (const trajectory of once.trajectories) {
      expect(trajectory.status, trajectory.failure ?? '').toBe('complete')
      expect(trajectory.setup.agent).toBe(agent)
      const { steps, setup } = trajectory
      expect(readTrajectory(JSON.parse(JSON.stringify(trajectory)))).toMatchObject({ success: true, data: { steps, setup } })
    }
  })

  it('has in its store what its record says', async () => {
    const { trajectories, store } = await play({ agent })
    for (const [i, trajectory] of trajectories.entries()) expect(await store.list(`e${i}`)).toEqual(memoryAt(trajectory, last(trajectory), 'after'))
  })

  it('keeps its prompts to what it was told: nothing of the task comes in by another way', async () => {
    const { asked } = await play({ agent, says: () => '<think>x</think><answer>Zanzibar</answer>' })
    for (const request of asked.filter(({ aside }) => aside)) {
      expect(request.conversation.every((message) => !('about' in message)), request.purpose).toBe(true)
    }
  })

  it('has rules that answer as a model could: within the grammar, and so that it can be read', async () => {
    const { asked } = await play({ agent, spec: { kind: 'named', name: 'asked' }, says: (request) => byRule(agent, request) ?? '<think>x</think><answer>y</answer>' })
    for (const request of asked.filter(({ aside }) => aside)) {
      const said = byRule(agent, request)
      if (said !== null) expect(new Ebnf(request.grammar ?? '').accepts(said), `${request.purpose}: ${said}`).toBe(true)
    }
    const { trajectories } = await play({ agent })
    for (const { steps } of trajectories) for (const { asides } of steps) for (const { purpose, unread } of asides) expect([purpose, unread]).toEqual([purpose, undefined])
  })

  it('stops when it is stopped: partial, of whole steps, which are those of an episode that goes on', async () => {
    const stop = new AbortController()
    let steps = 0
    const { trajectories } = await play({ agent, signal: stop.signal, onStep: () => { if (++steps === 20) stop.abort() } })
    const whole = await play({ agent })
    expect(trajectories.some(({ status }) => status === 'partial')).toBe(true)
    for (const [i, trajectory] of trajectories.entries()) {
      expect(trajectory.steps).toEqual(whole.trajectories[i]?.steps.slice(0, trajectory.steps.length))
      if (trajectory.status !== 'complete') expect([trajectory.status, trajectory.stop]).toEqual(['partial', 'aborted'])
    }
  })

  it('fails as its policy fails, with what had happened', async () => {
    let said = 0
    const { trajectories } = await play({ agent, says: () => { if (++said > 3) throw new Error('The model is gone.'); return '<think>x</think><answer>y</answer>' } })
    expect(trajectories.some(({ failure, status }) => status === 'partial' && failure === 'The model is gone.')).toBe(true)
  })

  it.each([settingsPresets.playground, settingsPresets.pretrained])('is not broken by a policy that talks nonsense ($prompt prompt)', async (settings) => {
    let said = 0
    const { trajectories, store } = await play({ agent, settings, spec: { kind: 'named', name: 'nonsense' }, says: () => nonsense[said++ % nonsense.length] ?? '' })
    for (const [i, trajectory] of trajectories.entries()) {
      expect(trajectory.status, trajectory.failure ?? '').toBe('complete')
      expect(await store.list(`e${i}`)).toEqual(memoryAt(trajectory, last(trajectory), 'after'))
      expect(readTrajectory(JSON.parse(JSON.stringify(trajectory))).success).toBe(true)
    }
  })
})

describe('how a policy plays', () => {
  const onnx = (model: string): PolicySpec => ({ kind: 'onnx', model, source: null, adapter: null })

  it('keeps a local model to its grammars where there are no tools, nano excepted', async () => {
    const constrainedBy = async (agent: string, spec: PolicySpec) => {
      const seen: (boolean | undefined)[] = []
      const policy: Policy = { name: 'x', open: (options) => { seen.push(options.constrained); return streamOf(() => { throw new AbortError() }, options) } }
      await playingAs(agent, spec).of(policy).open({ temperature: 1, maxTokens: 1 }).close()
      return { seen, said: playingAs(agent, spec).setup.policy }
    }
    expect(await constrainedBy('rag', onnx('SmolLM2'))).toEqual({ seen: [true], said: { ...onnx('SmolLM2'), constrained: true } })
    expect(await constrainedBy('rag', onnx('nano'))).toEqual({ seen: [undefined], said: onnx('nano') })
    expect(await constrainedBy('agemem', onnx('SmolLM2'))).toEqual({ seen: [undefined], said: onnx('SmolLM2') })
  })

  it('refuses an agent that there is not', () => {
    expect(() => playingAs('mem99', scripted)).toThrow('There is no agent mem99. The agents are agemem, ')
  })
})
