// What leaves in a form comes back from it: whole where the playground wrote it, to be looked at where somebody else did.
import { beforeAll, describe, expect, it } from 'vitest'
import { readTrajectory } from '../../core/episode/read-record.ts'
import { memoryAt } from '../../core/record/replay.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { playedStep } from '../fixture.ts'
import { atifOf } from '../viewers/atif.ts'
import { openAiLine } from '../viewers/openai.ts'
import type { ShownEpisode } from '../episodes.ts'
import { isForeign, readForeign } from './read.ts'

let episodes: ShownEpisode[] = []
beforeAll(async () => {
  ;({ episodes } = await playedStep())
})

/** As a language model's would be, for forms that hold what it sampled. */
const sampled = (trajectory: Trajectory): Trajectory => ({
  ...trajectory,
  steps: trajectory.steps.map((step, i) => ({ ...step, reply: { ...step.reply, token_ids: [i, 7], logprobs: [-0.25, -1 - i], tokens: 2, prompt_tokens: step.prompt_tokens } })),
})

const through = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('what the playground wrote', () => {
  it('comes back from ATIF to the last bit', async () => {
    for (const episode of episodes) {
      const trajectory = sampled(episode.trajectory)
      expect(await readForeign(through(atifOf({ ...episode, trajectory }, 4, 'e')), 'Line 1', 0)).toEqual(trajectory)
    }
  })
  it('comes back from OpenAI messages but for ids and log-probabilities', async () => {
    for (const episode of episodes) {
      expect(await readForeign(through(openAiLine({ ...episode, trajectory: sampled(episode.trajectory) }, 4, 0)), 'Line 1', 0)).toEqual({
        ...sampled(episode.trajectory),
        steps: sampled(episode.trajectory).steps.map((step) => ({ ...step, reply: { ...step.reply, token_ids: null, logprobs: null } })),
      })
    }
  })
  it('is only looked at once somebody changed a word of it', async () => {
    const [episode] = episodes
    if (!episode) throw new Error('no episode')
    const line = openAiLine(episode, 4, 0)
    const changed = await readForeign(through({ ...line, messages: line.messages.map((message) => (message.role === 'tool' ? { ...message, content: 'Something else.' } : message)) }), 'Line 1', 0)
    expect(changed).toMatchObject({ status: 'partial', stop: null })
    expect(readTrajectory(changed).success).toBe(true)
  })
})

const call = (id: string, name: string, given: unknown) => ({ id, type: 'function', function: { name, arguments: JSON.stringify(given) } })

describe('what others wrote', () => {
  it('is an episode to look at, with calls, results and what they did to the memory', async () => {
    const read = await readForeign(
      {
        model: 'some/model',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: [{ type: 'text', text: 'I live in Tarn.' }, { type: 'image_url' }] },
          { role: 'assistant', content: 'Noted.', tool_calls: [call('a', 'Add_memory', { content: 'lives in Tarn' }), call('b', 'weather', { at: 'Tarn' })] },
          { role: 'tool', tool_call_id: 'b', content: 'Error: no such place' },
          { role: 'tool', tool_call_id: 'a', content: 'Stored as m1.' },
          { role: 'assistant', content: 'I will remember.' },
          { role: 'user', content: 'Where do I live?' },
          { role: 'assistant', content: 'In Tarn.', reasoning_content: 'It is stored.' },
        ],
      },
      'Line 1',
      0,
    )
    expect(readTrajectory(read)).toMatchObject({ success: true, data: read })
    expect(read).toMatchObject({ policy: 'some/model', status: 'partial', stop: null, answer: 'In Tarn.', task: { query: 'Where do I live?' } })
    expect(read.steps.map(({ phase, think, answer, calls }) => ({ phase, think, answer, calls: calls.map(({ name, ok, result }) => [name, ok, result]) }))).toEqual([
      { phase: 'build', think: 'Noted.', answer: null, calls: [['Add_memory', true, 'Stored as m1.'], ['weather', false, 'Error: no such place']] },
      { phase: 'build', think: null, answer: 'I will remember.', calls: [] },
      { phase: 'answer', think: 'It is stored.', answer: 'In Tarn.', calls: [] },
    ])
    expect(memoryAt(read, 2, 'after').map(({ id, content }) => [id, content])).toEqual([['m1', 'lives in Tarn']])
    expect(read.steps[2]?.prompt).toHaveLength(7)
    expect(read.steps[0]?.before.map((event) => (event.type === 'stm.append' ? event.message.content : ''))).toEqual(['Be brief.', 'I live in Tarn.\n[image_url]'])
  })
  it('of ATIF may leave out whose a result is', async () => {
    const steps = [
      { step_id: 1, source: 'user', message: 'Say hello.' },
      { step_id: 2, source: 'agent', message: 'I look.', reasoning_content: 'I look.', tool_calls: [{ tool_call_id: 'c0', function_name: 'bash', arguments: { command: 'echo hello' } }], observation: { results: [{ content: 'hello' }] }, metrics: { prompt_tokens: 50, completion_tokens: 7 } },
      { step_id: 3, source: 'agent', message: 'hello' },
    ]
    const read = await readForeign({ schema_version: 'ATIF-v1.7', session_id: 's', agent: { name: 'mini-swe-agent', version: '2', model_name: 'm' }, steps }, 'Line 1', 0)
    expect(readTrajectory(read)).toMatchObject({ success: true, data: read })
    expect(read).toMatchObject({ policy: 'm', setup: { agent: 'mini-swe-agent' }, answer: 'hello', steps: [{ think: 'I look.', prompt_tokens: 50, reply: { tokens: 7 }, calls: [{ name: 'bash', result: 'hello' }] }, { answer: 'hello' }] })
  })
  it('is known by its form', () => {
    expect([{ messages: [] }, { conversations: [] }, { prompt: [], completion: [] }, [{ role: 'user' }], { schema_version: 'ATIF-v1.7' }].map(isForeign)).toEqual([true, true, true, true, true])
    expect([{ schema_version: 2 }, [], 'x', null, { prompt: 'a', completion: 'b' }].map(isForeign)).toEqual([false, false, false, false, false])
  })
  it.each<[unknown, string]>([
    [{ messages: [{ role: 'user', content: 5 }] }, 'Line 3 is not a conversation of OpenAI messages: messages: 0.content'],
    [{ messages: [{ role: 'user', content: 'x' }] }, 'no reply of an assistant'],
    [{ schema_version: 'ATIF-v2.0', agent: { name: 'a' }, steps: [] }, 'Line 3 is not a trajectory of ATIF v1.0 to v1.8: schema_version'],
  ])('says what is wrong with %j', async (record, words) => {
    await expect(readForeign(record, 'Line 3', 0)).rejects.toThrow(words)
  })
})
