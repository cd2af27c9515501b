import { describe, expect, it } from 'vitest'
import { ownTask, readOwn } from '../../environments/question/sources/own.ts'
import { settingsPresets } from '../../episode/settings.ts'
import { runEpisodes } from '../../episode/simulator.ts'
import { HashEmbedder } from '../../memory/hash-embedder.ts'
import { InMemoryStore } from '../../memory/in-memory-store.ts'
import { streamOf } from '../../policy/ask.ts'
import type { Policy } from '../../policy/policy.ts'
import { wordCounter } from '../../policy/word-counter.ts'
import { contextAt, memoryAt } from '../../record/replay.ts'
import type { EpisodeSettings, Trajectory } from '../../record/trajectory.ts'
import { formatReply } from '../agemem/protocol/parser.ts'
import { withRules } from '../asides/by-rule.ts'
import { memGpt } from './agent.ts'

const told = ['* Ada Lovelace lives in the town of Vask.', '+ Ben Okri plays the cello.', '. What a day!', '~1 Ada Lovelace lives in the town of Torn now.']
const task = ownTask(readOwn([...told, '- Vask is a town by the sea.', '? Where does Ada Lovelace live?', '= Torn'].join('\n')))

async function played(settings: Partial<EpisodeSettings> = {}): Promise<Trajectory> {
  const policy: Policy = { name: 'ok', open: (options) => streamOf(() => ({ text: formatReply('', { answer: 'ok' }), tokens: 1, token_ids: null, logprobs: null, finish: 'stop' }), options) }
  const embedder = new HashEmbedder()
  const specs = [{ key: 'k', id: { run: 'r', batch: 0, rollout: 0 }, task, seed: 7, agent: 'memgpt', settings: { ...settingsPresets.playground, ...settings } }]
  const [trajectory] = await runEpisodes(specs, { policy: withRules(policy, memGpt.asides), memory: new InMemoryStore(embedder), embedder, counter: wordCounter })
  if (!trajectory) throw new Error('Nothing was played.')
  return trajectory
}

const entriesOf = (trajectory: Trajectory, type: string) =>
  memoryAt(trajectory, Infinity, 'after').flatMap(({ content, metadata }) => (metadata.type === type ? [content] : []))
const promptOf = (trajectory: Trajectory, step: number) => contextAt(trajectory, step, 'prompt').map(({ content }) => content)

describe('MemGPT', () => {
  it('keeps what tells something in core memory, corrects it there, and everything in recall storage', async () => {
    const trajectory = await played()
    expect(trajectory.status).toBe('complete')
    expect(entriesOf(trajectory, 'core')).toEqual(['Ada Lovelace lives in the town of Torn now.', 'Ben Okri plays the cello.', 'Vask is a town by the sea.'])
    expect(entriesOf(trajectory, 'recall')).toHaveLength(5)
    expect(entriesOf(trajectory, 'archive')).toEqual([])
  })

  it('has core memory in the context when it answers, as it stands, once; in the short prompt among what was found', async () => {
    const short = await played()
    expect(promptOf(short, short.steps.length - 1).at(-1)).toMatch(/^\[m\d+\] Ada Lovelace lives in the town of Torn now\.$/m)
    const trajectory = await played({ prompt: 'full' })
    const cores = promptOf(trajectory, trajectory.steps.length - 1).filter((content) => content.startsWith('Core memory:'))
    expect(cores).toEqual([expect.stringContaining('Ada Lovelace lives in the town of Torn now.')])
    expect(cores[0]).not.toContain('Ada Lovelace lives in the town of Vask')
  })

  it('archives what core memory has no room for, and finds it again', async () => {
    const trajectory = await played({ t_max: 70, response_limit: 1 })
    expect(entriesOf(trajectory, 'core').join('').length).toBeLessThanOrEqual(70)
    expect(entriesOf(trajectory, 'archive')).toContain('Vask is a town by the sea.')
    expect(promptOf(trajectory, trajectory.steps.length - 1).join('\n')).toContain('] Ada Lovelace lives in the town of Torn now.')
  })

  it('warns once before the context is full, then puts a summary in the place of the older half', async () => {
    const trajectory = await played({ t_max: 110, response_limit: 1 })
    const purposes = trajectory.steps.flatMap(({ asides }) => asides.map(({ purpose }) => purpose))
    expect(purposes.indexOf('memgpt-save')).toBeGreaterThanOrEqual(0)
    expect(purposes.indexOf('memgpt-summary')).toBeGreaterThan(purposes.indexOf('memgpt-save'))
    const flushed = trajectory.steps.flatMap(({ after }) => after.flatMap((event) => (event.type === 'stm.summarise' ? [event] : [])))
    expect(flushed[0]).toMatchObject({ call: null, span: 'oldest half', message: { kind: 'summary', content: expect.stringMatching(/^Summary: .*Ada Lovelace/) } })
  })
})
