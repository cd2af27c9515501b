// What somebody does by hand in the page: plays as the agent, lets a group be played, branches off.
import { InMemoryExperiments } from '../core/experiments/results.ts'
import { describe, expect, it } from 'vitest'
import { formatReply } from '../core/agents/agemem/protocol/parser.ts'
import { exampleOwn, ownTask } from '../core/environments/question/sources/own.ts'
import { settingsPresets } from '../core/episode/settings.ts'
import { InMemoryDataSets } from '../core/environments/data-sets.ts'
import { HashEmbedder } from '../core/memory/hash-embedder.ts'
import { InMemoryStore } from '../core/memory/in-memory-store.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import { InMemoryRuns } from '../core/training/in-memory-runs.ts'
import type { EpisodeRequest, GroupProgress, LabEvent, PersonAsked, PolicyChoice } from '../rpc/contracts.ts'
import { groupRolloutIn, groupRolloutKey } from '../rpc/group-key.ts'
import { createLab } from './lab.ts'
import { tableEncodingOf, tableModelApi } from './table-model.fixture.ts'

const model: PolicyChoice = { name: 'model', source: { kind: 'url', name: 'table', url: 'models/table' }, adapter: null }
const settings = { ...settingsPresets.playground, n_max: { build: 2, resist: 1, answer: 2 }, exchanges: 2, response_limit: 40 }

function request(key: string, policy: PolicyChoice, more: Partial<EpisodeRequest> = {}): EpisodeRequest {
  return { key, task: ownTask(exampleOwn), policy, seed: 3, settings, ...more }
}

function lab(served = tableModelApi()) {
  let time = 1000
  const kept = new Map<string, Trajectory>()
  const archive = {
    put: (key: string, trajectory: Trajectory) => {
      kept.set(key, structuredClone(trajectory))
      return Promise.resolve({ saved: true })
    },
    list: () => Promise.resolve([]),
    get: (key: string) => Promise.resolve(kept.get(key) ?? null),
    delete: () => Promise.resolve(),
  }
  const parts = { store: new InMemoryStore(new HashEmbedder()), archive, runs: new InMemoryRuns(), data: new InMemoryDataSets(), experiments: new InMemoryExperiments() }
  const api = createLab({
    memory: () => Promise.resolve(parts),
    model: () => Promise.resolve(served),
    webllm: () => Promise.reject(new Error('not here')),
    encodingOf: tableEncodingOf,
    clock: { wall: () => ++time, monotonic: () => ++time },
  })
  const play = async (of: EpisodeRequest, onAsked: (asked: PersonAsked) => void = () => undefined): Promise<Trajectory> => {
    const ended: Trajectory[] = []
    await api.runEpisode(of, { kind: 'run', msPerStep: 0 }, (events: LabEvent[]) => {
      for (const event of events) {
        if (event.type === 'asked') onAsked(event.asked)
        if (event.type === 'finished') ended.push(event.trajectory)
      }
    })
    const [trajectory] = ended
    if (!trajectory) throw new Error('It ended without a record.')
    return trajectory
  }
  return { api, kept, play }
}

describe('a person who plays', () => {
  it('is asked with the conversation, is heard, writes summaries, and stands in the record', async () => {
    const { api, kept, play } = lab()
    const heard: PersonAsked[] = []
    const say = (asked: PersonAsked) => {
      if (asked.purpose === 'summarise') return 'Lena moved to Oslo.'
      const last = asked.conversation.at(-1)?.content ?? ''
      if (last.includes('Where does')) return formatReply('', { answer: 'Oslo' })
      if (last.includes('Oslo now')) return formatReply('It changed.', { calls: [{ name: 'Add_memory', arguments: { content: 'Lena Moor lives in Oslo.' } }] })
      if (last.includes('Tom')) return formatReply('', { calls: [{ name: 'Summary_context', arguments: { span: 'all' } }] })
      return formatReply('', { answer: 'Ah.' })
    }
    const trajectory = await play(request('p', { name: 'person' }), (asked) => {
      heard.push(asked)
      void api.reply('p', say(asked))
    })
    expect(trajectory).toMatchObject({ status: 'complete', answer: 'Oslo', policy: 'person', setup: { policy: { kind: 'person' } } })
    expect(heard.map(({ purpose }) => purpose).filter((each) => each !== 'act')).toEqual(trajectory.steps.flatMap(({ calls }) => calls.filter(({ name, ok }) => ok && name === 'Summary_context')).map(() => 'summarise'))
    expect(trajectory.steps.flatMap(({ violations }) => violations)).toEqual([])
    expect(kept.get('p')).toEqual(trajectory)
    // Nobody is asked any more.
    await api.reply('p', 'x')
    await expect(api.suggest('p', model)).rejects.toThrow('is not running')
  })

  it('can look at what a model would say, which changes nothing, and can be stopped while asked', async () => {
    const { api, play } = lab()
    const said: string[] = []
    let asks = 0
    const trajectory = await play(request('p', { name: 'person' }), () => {
      if (++asks > 1) void api.stop('p')
      else {
        void Promise.all([api.suggest('p', model), api.suggest('p', { name: 'store-all' }), api.suggest('p', model)]).then((all) => {
          said.push(...all.map(({ text }) => text))
          return api.reply('p', formatReply('', { answer: 'Ah.' }))
        })
      }
    })
    expect(said).toHaveLength(3)
    expect(said[2]).toBe(said[0])
    expect(said[1]).toContain('Add_memory')
    expect(trajectory).toMatchObject({ status: 'partial', stop: 'aborted' })
    expect(trajectory.steps.map(({ answer }) => answer)).toEqual(['Ah.'])
  })

  it('does not play a group', async () => {
    const { api } = lab()
    const { trajectories } = await api.playGroup(request('g', { name: 'person' }), 2, () => undefined)
    expect(trajectories.map(({ failure }) => failure)).toEqual(Array.from({ length: 2 }, () => expect.stringContaining('one episode at a time')))
  })
})

describe('a group for itself', () => {
  it('is rollouts as in training, each recorded as the episode that its key says', async () => {
    const { api, kept, play } = lab()
    const told: GroupProgress[] = []
    const { trajectories, saved } = await api.playGroup(request('g', model), 3, (progress) => { told.push(progress) })
    expect(saved).toBe(true)
    expect([...kept.keys()]).toEqual(['g-r0', 'g-r1', 'g-r2'])
    expect(trajectories.map(({ id }) => id.rollout)).toEqual([0, 1, 2])
    const texts = trajectories.map(({ steps }) => steps.map(({ reply }) => reply.text).join('\n'))
    expect(new Set(texts).size).toBeGreaterThan(1)
    expect(told.at(-1)?.steps).toBe(trajectories.reduce((sum, { steps }) => sum + steps.length, 0))
    for (const [rollout, text] of texts.entries()) {
      const alone = await play(request(`alone-${rollout}`, model, { rollout: groupRolloutIn(groupRolloutKey('g', rollout))?.rollout }))
      expect(alone.steps.map(({ reply }) => reply.text).join('\n')).toBe(text)
    }
    expect(groupRolloutIn('f00d')).toBeNull()
  })

  it('keeps what it has when it is stopped', async () => {
    const { api, kept } = lab()
    const { trajectories } = await api.playGroup(request('g', { name: 'store-all' }), 2, () => void api.stop('g'))
    expect(trajectories.map(({ status }) => status)).toEqual(['partial', 'partial'])
    expect(kept.get('g-r1')?.steps.length).toBeGreaterThan(0)
  })
})

it('branches off a recorded episode, with another policy', async () => {
  const { play, kept } = lab()
  const recorded = await play(request('first', { name: 'store-none' }))
  const branch = { of: 'first', step: 1, change: { what: 'memory', id: null, text: 'Lena Moor lives in Oslo.' } } as const
  const changed = await play(request('second', { name: 'oracle' }, { branch: { branch, recorded } }))
  expect(changed).toMatchObject({ status: 'complete', answer: 'Oslo', policy: 'oracle', setup: { branch } })
  expect(changed.steps[0]?.reply).toEqual(recorded.steps[0]?.reply)
  expect(kept.get('second')).toEqual(changed)
})

describe('a local model that replies only in the protocol', () => {
  it('is asked so, alone and for a group, and its record says so; others are not', async () => {
    const asked: (boolean | undefined)[] = []
    const served = tableModelApi()
    const { play, api } = lab({ ...served, serve: (name, requests, options, onText) => {
      asked.push(options.constrained)
      return served.serve(name, requests, options, onText)
    } })
    const bound = await play(request('bound', { ...model, constrained: true }))
    expect(new Set(asked)).toEqual(new Set([true]))
    expect(bound.setup.policy).toMatchObject({ kind: 'onnx', constrained: true })
    const group = await api.runGroup(request('group', { ...model, constrained: true }), 2)
    expect(new Set(asked)).toEqual(new Set([true]))
    expect(group.map(({ setup }) => setup.policy)).toEqual([bound.setup.policy, bound.setup.policy])
    asked.length = 0
    const free = await play(request('free', model))
    expect(new Set(asked)).toEqual(new Set([undefined]))
    expect(free.setup.policy).not.toHaveProperty('constrained')
  })
})
