import { describe, expect, it } from 'vitest'
import { miraTask } from '../../episode/fixture.ts'
import { settingsPresets } from '../../episode/settings.ts'
import { runEpisodes } from '../../episode/simulator.ts'
import { HashEmbedder } from '../../memory/hash-embedder.ts'
import { InMemoryStore } from '../../memory/in-memory-store.ts'
import { streamOf } from '../../policy/ask.ts'
import type { Policy } from '../../policy/policy.ts'
import { wordCounter } from '../../policy/word-counter.ts'
import { memoryAt } from '../../record/replay.ts'
import type { Trajectory } from '../../record/trajectory.ts'
import { measureTerm } from '../../reward/terms.ts'
import type { AgentName } from '../agents.ts'
import { playingAs } from '../playing-as.ts'

/** @param says to each purpose; left out: the rules answer */
async function played(agent: AgentName, says?: (purpose: string) => string): Promise<Trajectory> {
  const { setup, of } = playingAs(agent, says ? { kind: 'named', name: 'says' } : { kind: 'scripted', name: 'oracle' })
  const policy: Policy = {
    name: 'says',
    open: (options) => streamOf(({ purpose }) => ({ text: purpose === 'act' ? '<think>x</think><answer>Oslem</answer>' : (says?.(purpose) ?? ''), tokens: 1, token_ids: null, logprobs: null, finish: 'stop' }), options),
  }
  const embedder = new HashEmbedder()
  const spec = { key: 'k', id: { run: 'r', batch: 0, rollout: 0 }, task: miraTask(), agent, seed: 1, settings: settingsPresets.playground, setup: { ...setup, source: { kind: 'given' } as const } }
  const [trajectory] = await runEpisodes([spec], { policy: of(policy), memory: new InMemoryStore(embedder), embedder, counter: wordCounter })
  if (!trajectory) throw new Error('Nothing was played.')
  return trajectory
}
const entries = (trajectory: Trajectory) => memoryAt(trajectory, Infinity, 'after').map(({ id, content, metadata: { extra } }) => ({ id, content, ...extra }))

// Jon Voss, whom stage 2 tells of, is a stranger to the question and a fact like another to who knows no stages.
describe('agents that extract', () => {
  it.each(['mem0', 'langmem'] as const)('%s updates the entry that a correction is about, by rule', async (agent) => {
    const trajectory = await played(agent)
    expect(entries(trajectory)).toEqual([
      { id: 'm1', content: 'Mira Voss lives in Oslem.' },
      { id: 'm2', content: 'Mira Voss plays the cello.' },
      { id: 'm3', content: 'Jon Voss lives in Velmora.' },
    ])
    expect(trajectory.setup.asides).toBe('rules')
    expect(measureTerm('maintenance', trajectory)).toMatchObject({ value: 1, calls: [{ step: 3, tool: 'Update_memory', ok: true, memory: 'm1' }] })
  })

  it('the present form of Mem0 only adds, and links what it has to do with', async () => {
    const trajectory = await played('mem0-add-only')
    expect(entries(trajectory)).toEqual([
      { id: 'm1', content: 'Mira Voss lives in Tarn.' },
      { id: 'm2', content: 'Mira Voss plays the cello.', links: ['m1'] },
      { id: 'm3', content: 'Mira Voss lives in Oslem.', links: ['m2', 'm1'] },
      { id: 'm4', content: 'Jon Voss lives in Velmora.' },
    ])
    expect(measureTerm('maintenance', trajectory)).toMatchObject({ value: 0 })
  })

  it('with a graph the relations stand beside the entries, and go with what is updated', async () => {
    const trajectory = await played('mem0-graph')
    expect(entries(trajectory)[0]).toEqual({ id: 'm1', content: 'Mira Voss lives in Oslem.', relations: [{ source: 'Mira Voss', relation: 'home', target: 'Oslem' }] })
  })

  it('a model is taken at its word, but for ids that it was not shown', async () => {
    let asked = 0
    const trajectory = await played('mem0', (purpose) =>
      purpose === 'extract-facts' ? `{"facts": ["fact ${++asked}"]}` : '{"memory": [{"event": "DELETE", "id": "m77"}, {"event": "UPDATE", "id": "m1", "text": "once more"}, {"event": "UPDATE", "id": "m1", "text": "twice"}, {"event": "NONE"}]}')
    expect(trajectory.setup.asides).toBe('policy')
    expect(entries(trajectory)).toEqual([{ id: 'm1', content: 'once more' }])
  })

  it('what cannot be read changes nothing, and the record says so', async () => {
    const trajectory = await played('langmem', () => 'I would keep everything.')
    expect(entries(trajectory)).toEqual([])
    expect(trajectory.steps[0]?.asides).toMatchObject([{ purpose: 'manage-memories', unread: 'there is no JSON in it' }])
  })
})
