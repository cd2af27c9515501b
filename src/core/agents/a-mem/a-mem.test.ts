import { describe, expect, it } from 'vitest'
import { ownTask, readOwn } from '../../environments/question/sources/own.ts'
import { settingsPresets } from '../../episode/settings.ts'
import { runEpisodes } from '../../episode/simulator.ts'
import { HashEmbedder } from '../../memory/hash-embedder.ts'
import { InMemoryStore } from '../../memory/in-memory-store.ts'
import { streamOf } from '../../policy/ask.ts'
import type { GenerateRequest, Policy } from '../../policy/policy.ts'
import { wordCounter } from '../../policy/word-counter.ts'
import { memoryAt } from '../../record/replay.ts'
import type { Trajectory } from '../../record/trajectory.ts'
import { formatReply } from '../agemem/protocol/parser.ts'
import { withRules } from '../asides/by-rule.ts'
import { aMem } from './agent.ts'

const task = ownTask(readOwn('* Ada Lovelace lives in the town of Vask.\n+ Ben Okri plays the cello.\n~1 Ada Lovelace lives in the town of Torn now.\n? Where does Ada Lovelace live?\n= Torn'))

/** Answers what it is asked besides as the function says, null: as the rules do; replies "ok". */
async function played(besides: (request: GenerateRequest) => string | null = () => null): Promise<Trajectory> {
  const say = (text: string) => ({ text, tokens: 1, token_ids: null, logprobs: null, finish: 'stop' as const })
  const policy: Policy = { name: 'says', open: (options) => streamOf((request) => say(besides(request) ?? formatReply('', { answer: 'ok' })), options) }
  const embedder = new HashEmbedder()
  const ruled = withRules(policy, besides({ purpose: 'a-mem-note', conversation: [], thread: '', stop: [], seed: 0 }) === null ? aMem.asides : [])
  const specs = [{ key: 'k', id: { run: 'r', batch: 0, rollout: 0 }, task, seed: 7, agent: 'a-mem', settings: settingsPresets.playground }]
  const [trajectory] = await runEpisodes(specs, { policy: ruled, memory: new InMemoryStore(embedder), embedder, counter: wordCounter })
  if (!trajectory) throw new Error('Nothing was played.')
  return trajectory
}

const notesOf = (trajectory: Trajectory) => memoryAt(trajectory, Infinity, 'after').map(({ id, metadata: { tags, extra } }) => ({ id, tags, ...extra }))

describe('A-Mem', () => {
  it('takes notes, links those of one name both ways, and lets an old one evolve with what corrects it', async () => {
    const trajectory = await played()
    expect(trajectory.status).toBe('complete')
    const [ada, ben, torn] = notesOf(trajectory)
    expect(ada).toMatchObject({ id: 'm1', keywords: ['Ada Lovelace', 'Vask', 'lives', 'town'], links: ['m3'] })
    expect(ada).toHaveProperty('context', expect.stringContaining('Since then: Ada Lovelace lives in the town of Torn now.'))
    expect(ben).toMatchObject({ id: 'm2', links: [] })
    expect(torn).toMatchObject({ id: 'm3', links: ['m1'] })
    expect(trajectory.steps.at(-2)?.after.find(({ type }) => type === 'ltm.retrieve')).toMatchObject({ query: task.query })
  })

  it('brings what is linked to the nearest notes into the context', async () => {
    const one = { ...settingsPresets.playground, top_k: 1 }
    const embedder = new HashEmbedder()
    const policy: Policy = { name: 'ok', open: (options) => streamOf(() => ({ text: formatReply('', { answer: 'ok' }), tokens: 1, token_ids: null, logprobs: null, finish: 'stop' }), options) }
    const specs = [{ key: 'k', id: { run: 'r', batch: 0, rollout: 0 }, task, seed: 7, agent: 'a-mem', settings: one }]
    const [trajectory] = await runEpisodes(specs, { policy: withRules(policy, aMem.asides), memory: new InMemoryStore(embedder), embedder, counter: wordCounter })
    const brought = trajectory?.steps.at(-2)?.after.flatMap((event) => (event.type === 'ltm.retrieve' ? event.hits.map(({ id }) => id) : []))
    expect(brought).toEqual(expect.arrayContaining(['m1', 'm3']))
    expect(brought).toHaveLength(2)
  })

  it('takes a policy at its word, and leaves out ids that were not before it', async () => {
    const trajectory = await played(({ purpose }) =>
      purpose === 'a-mem-note' ? '{"keywords":["k"],"tags":["t","t"],"context":"c"}' : purpose === 'a-mem-evolve' ? '{"links":["m1","m9"],"neighbours":[{"id":"m1","tags":["seen"],"context":"new"}]}' : null)
    const [first, second] = notesOf(trajectory)
    expect(second).toEqual({ id: 'm2', tags: ['t'], keywords: ['k'], context: 'c', links: ['m1'] })
    expect(first).toMatchObject({ tags: ['seen'], keywords: ['k'], context: 'new' })
  })

  it('stores the text alone where the words cannot be read, and says so', async () => {
    const trajectory = await played(({ purpose }) => (purpose === 'act' ? null : 'no JSON at all'))
    expect(notesOf(trajectory)).toHaveLength(3)
    expect(notesOf(trajectory)[0]).toEqual({ id: 'm1', tags: [], keywords: [], context: '', links: [] })
    expect(trajectory.steps[0]?.asides[0]).toMatchObject({ purpose: 'a-mem-note', unread: 'there is no JSON in it' })
  })
})
