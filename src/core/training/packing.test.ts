import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { miraTask } from '../episode/fixture.ts'
import { settingsPresets } from '../episode/settings.ts'
import { runEpisodes } from '../episode/simulator.ts'
import type { Generation, Trajectory } from '../record/trajectory.ts'
import { HashEmbedder } from '../memory/hash-embedder.ts'
import { InMemoryStore } from '../memory/in-memory-store.ts'
import { streamOf } from '../policy/ask.ts'
import type { Policy } from '../policy/policy.ts'
import { scriptedPolicy } from '../demonstrations/scripted.ts'
import { createRandom } from '../random.ts'
import type { Task } from '../environments/question/task.ts'
import { randomDifficulty, worldTask } from '../environments/question/sources/world.ts'
import { formatReply } from '../agents/agemem/protocol/parser.ts'
import { TableModel, tableEncoder } from './fixture.ts'
import { toVersion1 } from '../episode/version-1.fixture.ts'
import { fromVersion1 } from '../episode/version-1.ts'
import { packTrajectory, type PackedSequence } from './packing.ts'
import { PromptThread } from '../policy/thread.ts'

const settings = settingsPresets.playground

async function play(policy: Policy, task: Task, seed = 1, options: Partial<typeof settings> = {}): Promise<Trajectory> {
  const embedder = new HashEmbedder()
  const [trajectory] = await runEpisodes([{ key: 'k', id: { run: 'r', batch: 1, rollout: 0 }, task, seed, settings: { ...settings, ...options } }], {
    policy,
    memory: new InMemoryStore(embedder), embedder,
    counter: { name: 'characters', count: (text) => text.length },
  })
  if (!trajectory) throw new Error('No episode.')
  return trajectory
}

/** Says these in turn, with an id for every character and, where asked, the id that ends a reply. */
function speaker(replies: string[], ends = true): Policy & { conversations: string[] } {
  const conversations: string[] = []
  return {
    name: 'speaker',
    conversations,
    open: (options) =>
      streamOf((request): Generation => {
        conversations.push(tableEncoder.chat(request.conversation))
        const text = replies.shift() ?? formatReply('', { answer: 'ok' })
        const ids = [...tableEncoder.encode(text), ...(ends ? [0] : [])]
        return { text, tokens: ids.length, token_ids: ids, logprobs: ids.map((_, i) => -i), finish: 'stop' }
      }, options),
  }
}

const answer = formatReply('', { answer: 'ok' })
const calling = (name: string, args: Record<string, unknown>) => formatReply('', { calls: [{ name, arguments: args }] })
/** Which steps have tokens in it, and of which call. */
const stepsIn = ({ sampled }: PackedSequence) => [...new Set(sampled.map(({ step, call }) => (call === null ? `${step}` : `${step}:${call}`)))]

describe('packTrajectory', () => {
  it('begins a sequence at a filter, a summary and the reset, and writes summaries apart', async () => {
    const replies = [answer, answer, calling('Filter_context', { criteria: 'Mira Voss lives in Tarn.' }), calling('Summary_context', { span: 'all' }), 'Mira plays the cello.', answer]
    const policy = speaker(replies)
    const trajectory = await play(policy, miraTask())
    expect(trajectory.steps[2]?.calls[0]?.result).toMatch(/^Removed/)
    expect(trajectory.steps.map(({ phase, calls }) => [phase, calls[0]?.name])).toEqual([
      ['build', undefined],
      ['build', undefined],
      ['build', 'Filter_context'],
      ['build', 'Summary_context'],
      ['build', undefined],
      ['build', undefined],
      ['resist', undefined],
      ['answer', undefined],
    ])
    const { sequences, tooLong } = packTrajectory(trajectory, tableEncoder, 100_000)
    // The filtering reply itself extends what stood before it; the reply after it does not. Stage 3 goes on from stage 2.
    expect(sequences.map(stepsIn)).toEqual([['0', '1', '2'], ['3'], ['3:0'], ['4', '5'], ['6', '7']])
    expect(tooLong).toBe(0)
  })

  it('gives what was asked aside a sequence of its own, and goes on where the replies were', async () => {
    const trajectory = await play(speaker([]), miraTask())
    const plain = packTrajectory(trajectory, tableEncoder, 100_000).sequences
    const ids = [...tableEncoder.encode('A note.'), 0]
    const generation = { text: 'A note.', tokens: ids.length, token_ids: ids, logprobs: ids.map(() => -1), finish: 'stop' as const }
    const prompt = [{ role: 'user' as const, content: 'What is worth a note?' }]
    const aside = { purpose: 'note', call: null, prompt, generation }
    const steps = trajectory.steps.map((step, i) => (i === 1 ? { ...step, asides: [aside, aside] } : step))
    const [first, ...rest] = packTrajectory({ ...trajectory, steps }, tableEncoder, 100_000).sequences
    // Replies 0 to 3 share the first sequence as they did; two notes stand behind it.
    expect(first).toEqual(plain[0])
    expect(rest.slice(2)).toEqual(plain.slice(1))
    for (const note of rest.slice(0, 2)) {
      expect(note.ids).toEqual([...tableEncoder.encode(tableEncoder.chat(prompt)), ...ids])
      expect(note.sampled.map(({ step }) => step)).toEqual(ids.map(() => 1))
    }
  })

  it('masks what the environment said, and encodes an end that was sampled once', async () => {
    const policy = speaker([])
    const trajectory = await play(policy, miraTask())
    const [first] = packTrajectory(trajectory, tableEncoder, 100_000).sequences
    const [, , third = ''] = policy.conversations
    const chat = tableEncoder.encode(third)
    // Encoding is by character here, so ids of a whole conversation are those of its parts, ends in their places.
    expect(first?.ids.slice(0, chat.length)).toEqual(chat)
    const said = first?.sampled.filter(({ step }) => step === 1) ?? []
    expect(said.map(({ index }) => first?.ids[index])).toEqual([...tableEncoder.encode(answer), 0])
    expect(said.map(({ oldLogp, token }) => [oldLogp + token])).toEqual(said.map(() => [0]))
    // Four replies of 33 characters and an end.
    expect(answer).toHaveLength('<think></think><answer>ok</answer>'.length)
    expect(first?.sampled).toHaveLength(4 * (answer.length + 1))
  })

  it('leaves the end to the template when it was not sampled', async () => {
    const trajectory = await play(speaker([], false), miraTask())
    const [first] = packTrajectory(trajectory, tableEncoder, 100_000).sequences
    expect(first?.sampled).toHaveLength(4 * answer.length)
    // Behind a reply stands the mark that nobody sampled.
    const last = first?.sampled.filter(({ step }) => step === 0).at(-1)
    expect(first?.ids[(last?.index ?? 0) + 1]).toBe(0)
    expect(first?.sampled.some(({ index }) => index === (last?.index ?? 0) + 1)).toBe(false)
  })

  it('leaves out what is longer than the limit, until a context edit begins anew', async () => {
    const policy = speaker([])
    const trajectory = await play(policy, miraTask())
    const whole = packTrajectory(trajectory, tableEncoder, 100_000).sequences
    const third = whole[0]?.sampled.filter(({ step }) => step === 2) ?? []
    const limit = third.at(-1)?.index ?? 0
    const { sequences, tooLong } = packTrajectory(trajectory, tableEncoder, limit)
    // The third reply ends at index `limit`, one token too far: it and the fourth are left out. Stage 2 fits again.
    expect(sequences.map(stepsIn)).toEqual([['0', '1'], ['4', '5']])
    expect(tooLong).toBe(2)
    expect(sequences.every(({ ids }) => ids.length <= limit)).toBe(true)
  })

  it('refuses episodes of which nobody recorded what was sampled', async () => {
    const trajectory = await play(scriptedPolicy('oracle', () => miraTask()), miraTask())
    expect(() => packTrajectory(trajectory, tableEncoder, 1000)).toThrow(/oracle cannot be trained: the reply of step 0 has no token ids/)
  })

  it('takes a reply for which there was no room for what it is: nothing', async () => {
    const trajectory = await play(speaker([]), miraTask())
    const steps = trajectory.steps.map((step, i) => (i === 7 || i === 5 ? { ...step, reply: { ...step.reply, text: '', token_ids: [], logprobs: [] } } : step))
    const { sequences, tooLong } = packTrajectory({ ...trajectory, steps }, tableEncoder, 100_000)
    expect(sequences.flatMap(stepsIn)).not.toContain('5')
    expect(tooLong).toBe(0)
  })
})

describe('the prompts of training are those of generation', () => {
  /** Every generation of the episode, in order, with the prompt's ids it was made from. */
  const check = async (model: TableModel, trajectory: Trajectory) => {
    const { sequences } = packTrajectory(trajectory, model.encoder, model.window)
    const served = [...model.served]
    for (const [step, { asides }] of trajectory.steps.entries()) {
      for (const { call, prompt } of [{ call: null, prompt: null }, ...asides]) {
        const was = served.shift()
        const sequence = sequences.find(({ sampled }) => sampled.some((token) => token.step === step && token.call === call))
        const tokens = sequence?.sampled.filter((token) => token.step === step && token.call === call) ?? []
        const from = tokens[0]?.index ?? -1
        expect(sequence?.ids.slice(0, from)).toEqual(was?.prompt)
        expect(tokens.map(({ index }) => sequence?.ids[index])).toEqual(was?.generation.token_ids)
        expect(tokens.map(({ oldLogp }) => oldLogp)).toEqual(was?.generation.logprobs)
        if (prompt !== null) expect(prompt).toEqual(was?.request.conversation)
      }
    }
    expect(served).toEqual([])
    // Version 1 did not record what was asked for a summary: its reader finds it again.
    const found = fromVersion1(toVersion1(trajectory)).steps.map(({ asides }) => asides)
    expect(found).toEqual(trajectory.steps.map(({ asides }) => asides))
  }

  it('of every step and summary, whatever the policy did', async () => {
    let summaries = 0
    let filters = 0
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 }), async (seed) => {
        const model = new TableModel()
        const task = worldTask({ seed, index: 0, split: 'train', difficulty: randomDifficulty(createRandom(seed)) })
        const trajectory = await play(model, task, seed)
        summaries += trajectory.steps.filter(({ asides }) => asides.length > 0).length
        filters += trajectory.steps.filter((step) => step.after.some((event) => event.type === 'stm.filter' && event.removed.length > 0)).length
        await check(model, trajectory)
      }),
      { numRuns: 40 },
    )
    expect(summaries).toBeGreaterThan(20)
    expect(filters).toBeGreaterThan(5)
  })

  it('of several summaries in one reply, each of what the calls before it left', async () => {
    const two = formatReply('', { calls: [{ name: 'Summary_context', arguments: { span: '1' } }, { name: 'Filter_context', arguments: { criteria: 'weather' } }, { name: 'Summary_context', arguments: { span: 'all' } }] })
    const policy = speaker([answer, answer, two, 'First.', 'Second.'])
    const trajectory = await play(policy, miraTask())
    const asides = trajectory.steps[2]?.asides ?? []
    expect(asides.map(({ purpose, call }) => [purpose, call])).toEqual([['summarise', 0], ['summarise', 2]])
    const conversations = asides.map(({ prompt }) => tableEncoder.chat(prompt))
    expect(conversations).toEqual([policy.conversations[3], policy.conversations[4]])
    expect(fromVersion1(toVersion1(trajectory)).steps[2]?.asides).toEqual(asides)
    expect(conversations[1]).toContain('Summary: First.')
  })
})

describe('PromptThread', () => {
  const user = (content: string) => ({ role: 'user' as const, content })

  it('keeps sampled ids though the encoder would cut the text otherwise', () => {
    // An encoder that takes whole words; the policy sampled two tokens for one word.
    const encoder = { ...tableEncoder, encode: (text: string) => text.split(/(?=«)|(?<=»)/).map((part) => part.length) }
    const thread = new PromptThread(encoder)
    // «user», a, «assistant»
    expect(thread.extend([user('a')])).toEqual([6, 1, 11])
    thread.reply([901, 902], 'word')
    expect(thread.extend([user('a'), { role: 'assistant', content: 'word' }, user('bcd')])).toEqual([6, 1, 11, 901, 902, 5, 6, 3, 11])
    expect(thread.begun).toBe(1)
  })

  it('begins anew when the template changed what was said', () => {
    const trimming = { ...tableEncoder, chat: (messages: Parameters<typeof tableEncoder.chat>[0]) => tableEncoder.chat(messages.map((message) => ({ ...message, content: message.content.trim() }))) }
    const thread = new PromptThread(trimming)
    const first = thread.extend([user('a')])
    thread.reply(tableEncoder.encode('b '), 'b ')
    const conversation = [user('a'), { role: 'assistant' as const, content: 'b ' }, user('c')]
    expect(thread.extend(conversation)).toEqual(tableEncoder.encode(trimming.chat(conversation)))
    expect(thread.begun).toBe(2)
    expect(first).toHaveLength(3)
  })
})
