import { describe, expect, it } from 'vitest'
import { scriptedPolicy } from '../../demonstrations/scripted.ts'
import { worldTask, defaultDifficulty } from '../../environments/question/sources/world.ts'
import { settingsPresets } from '../../episode/settings.ts'
import { runEpisodes } from '../../episode/simulator.ts'
import { HashEmbedder } from '../../memory/hash-embedder.ts'
import { InMemoryStore } from '../../memory/in-memory-store.ts'
import { wordCounter } from '../../policy/word-counter.ts'
import { replyGrammar } from '../agemem/protocol/grammar.ts'

const task = worldTask({ seed: 5, index: 0, split: 'train', difficulty: { ...defaultDifficulty, facts: 3, distractors: 2 } })

async function played() {
  const embedder = new HashEmbedder()
  const policy = { ...scriptedPolicy('oracle', () => task), counter: wordCounter }
  const spec = { key: 'a', id: { run: 'r', batch: 0, rollout: 0 }, task, agent: 'agemem-rag', seed: 1, settings: settingsPresets.playground }
  const [trajectory] = await runEpisodes([spec], { policy, memory: new InMemoryStore(embedder), embedder, counter: wordCounter })
  if (!trajectory) throw new Error('Nothing was played.')
  return trajectory
}

describe('AgeMem-RAG', () => {
  it('is given what is near to every message, the question too, and answers from it', async () => {
    const { steps, answer, status } = await played()
    expect([status, answer]).toEqual(['complete', task.answer])
    const [asked] = steps.filter(({ phase }) => phase === 'answer')
    const given = asked?.before.filter((event) => event.type === 'stm.append').map(({ message }) => message.kind)
    expect(given).toEqual(['query', 'memories'])
  })

  it('has three tools: the others are refused, and not named in the prompt or the grammar', async () => {
    const { steps } = await played()
    const calls = steps.flatMap((step) => step.calls)
    expect(calls.filter(({ ok }) => ok).every(({ name }) => ['Add_memory', 'Update_memory'].includes(name))).toBe(true)
    expect(calls.find(({ name }) => name === 'Filter_context')).toMatchObject({ ok: false, error: 'unknown-tool', result: expect.stringContaining('The tools are Add_memory, Update_memory, Delete_memory.') })
    const system = steps[0]?.before.flatMap((event) => (event.type === 'stm.append' && event.message.role === 'system' ? [event.message.content] : [])) ?? []
    expect(system).toEqual([expect.stringMatching(/Tools: Add_memory, Update_memory, Delete_memory\.$/)])
    const grammar = replyGrammar(['Add_memory', 'Update_memory', 'Delete_memory'])
    expect(grammar).toContain('call ::= call-add-memory | call-update-memory | call-delete-memory\n')
    expect(grammar).not.toContain('Retrieve_memory')
  })
})
