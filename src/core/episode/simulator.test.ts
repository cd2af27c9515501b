import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HashEmbedder } from '../memory/hash-embedder.ts'
import { InMemoryStore } from '../memory/in-memory-store.ts'
import { streamOf } from '../policy/ask.ts'
import { AbortError, type Asked, type ChatMessage, type GenerateRequest, type Policy, type ReplyStream, type StreamOptions, type TokenCounter } from '../policy/policy.ts'
import { defaultCareless, scriptedNames, scriptedPolicy, type Careless } from '../demonstrations/scripted.ts'
import { wordCounter } from '../policy/word-counter.ts'
import { conversationOf } from '../policy/conversation.ts'
import { createRandom } from '../random.ts'
import { measureTerm } from '../reward/terms.ts'
import type { Task } from '../environments/question/task.ts'
import { wellFormedValue } from '../text.ts'
import { formatReply } from '../agents/agemem/protocol/parser.ts'
import { randomDifficulty, worldTask } from '../environments/question/sources/world.ts'
import { miraTask } from './fixture.ts'
import type { EpisodeSpec } from './play.ts'
import { contextAt, memoryAt, tokensAfter } from '../record/replay.ts'
import { settingsPresets } from './settings.ts'
import { runEpisodes, type SimulatorOptions } from './simulator.ts'
import { recordSchema } from './read-record.ts'
import { trajectorySchema, type Generation, type MemoryRecord, type Trajectory } from '../record/trajectory.ts'

const task = miraTask()

function specOf(task: Task, changes: Partial<EpisodeSpec> = {}): EpisodeSpec {
  return { key: `${task.id}-0`, id: { run: 'r', batch: 0, rollout: 0 }, task, seed: 7, settings: settingsPresets.playground, ...changes }
}

function memoryOf(): { memory: InMemoryStore; embedder: HashEmbedder } {
  const embedder = new HashEmbedder()
  return { memory: new InMemoryStore(embedder), embedder }
}

const run = (specs: readonly EpisodeSpec[], policy: Policy, options: Partial<SimulatorOptions> = {}) =>
  runEpisodes(specs, { policy, ...memoryOf(), counter: wordCounter, ...options })

const say = (text: string): Generation => ({ text, tokens: wordCounter.count(text), token_ids: null, logprobs: null, finish: 'stop' })

/** A policy that gives to each request what the function says. */
const policyOf = (name: string, reply: (request: GenerateRequest) => Generation): Policy => ({ name, open: (options) => streamOf(reply, options) })

/** The policy, with a say in each call. */
const heeding = (policy: Policy, serve: (stream: ReplyStream, asked: readonly Asked[]) => ReturnType<ReplyStream['serve']>): Policy => ({
  ...policy,
  open: (options) => {
    const stream = policy.open(options)
    return { ...stream, serve: (asked) => serve(stream, asked) }
  },
})

/** A policy that says these replies in turn, then answers "done". */
function replies(...texts: string[]): Policy & { requests: GenerateRequest[] } {
  const requests: GenerateRequest[] = []
  const reply = (request: GenerateRequest) => {
    requests.push(request)
    return say(texts.shift() ?? formatReply('', { answer: 'done' }))
  }
  return { ...policyOf('replies', reply), requests }
}

const calls = (...list: [string, Record<string, unknown>][]) => formatReply('t', { calls: list.map(([name, args]) => ({ name, arguments: args })) })

/** Answers one request at a time, the one that was asked last, and says how long the others wait. */
function lastFirst(policy: Policy): Policy & { waited: number; closed: number } {
  const told = {
    ...policy,
    waited: 0,
    closed: 0,
    open: (options: StreamOptions): ReplyStream => {
      const waiting: Asked[] = []
      const stream = policy.open(options)
      return {
        async serve(asked) {
          waiting.push(...asked)
          const next = waiting.pop()
          told.waited += waiting.length
          return next ? stream.serve([next]) : []
        },
        close: () => {
          told.closed++
          return Promise.resolve()
        },
      }
    },
  }
  return told
}

describe('runEpisodes', () => {
  it('plays each episode the same when replies come one by one', async () => {
    const specs = Array.from({ length: 3 }, (_, rollout) => specOf(task, { key: `r${rollout}`, id: { run: 'r', batch: 0, rollout } }))
    const policy = scriptedPolicy('careless', () => task)
    const oneByOne = lastFirst(policy)
    const streamed = await run(specs, oneByOne)
    expect(streamed).toEqual(await run(specs, policy))
    expect(oneByOne.waited).toBeGreaterThan(10)
    expect(oneByOne.closed).toBe(1)
  })
  it('ends what is under way when a stream fails, and closes it', async () => {
    const policy = { ...lastFirst(scriptedPolicy('oracle', () => task)) }
    const closed: string[] = []
    const failing: Policy = { ...policy, open: () => ({ serve: () => Promise.resolve([]), close: () => Promise.resolve(void closed.push('closed')) }) }
    const [trajectory] = await run([specOf(task)], failing)
    expect(trajectory?.status).not.toBe('complete')
    expect(trajectory?.failure).toContain('gave no reply')
    expect(closed).toEqual(['closed'])
  })
  it('plays the three stages: facts one by one, a reset that keeps the LTM, distractors, the query', async () => {
    const [trajectory] = await run([specOf(task)], scriptedPolicy('oracle', () => task))
    expect(trajectory?.status).toBe('complete')
    expect(trajectory?.stop).toBe('answered')
    expect(trajectory?.answer).toBe(task.answer)
    const steps = trajectory?.steps ?? []
    expect([...new Set(steps.map((step) => step.phase))]).toEqual(['build', 'resist', 'answer'])
    expect(steps.filter((step) => step.phase === 'build' && step.exchange === 0)).toHaveLength(task.build.length)

    const reset = steps.findIndex((step) => step.before.some((event) => event.type === 'stm.reset'))
    expect(steps[reset]?.phase).toBe('resist')
    const [system, ...rest] = contextAt({ steps }, reset, 'prompt')
    expect(system?.kind).toBe('system')
    // Nothing of stage 1 but the system message: what follows is the first distractor alone.
    expect(rest.map((message) => message.content)).toEqual([task.resist[0]?.text])
    expect(memoryAt({ steps }, reset, 'prompt').length).toBeGreaterThan(0)
    // The context of stage 2 goes on into stage 3.
    const asked = steps.findIndex((step) => step.phase === 'answer')
    expect(steps[asked]?.before.map((event) => event.type)).toEqual(['stm.append'])
  })

  it('puts the nearest memories beside each message of stage 1', async () => {
    const [first = ''] = task.build.map((message) => message.text)
    const policy = replies(calls(['Add_memory', { content: first }]))
    const [trajectory] = await run([specOf(task)], policy)
    const second = trajectory?.steps.find((step) => step.turn === 1)
    expect(second?.before.map((event) => event.type)).toEqual(['stm.append', 'ltm.retrieve', 'stm.append'])
    expect(contextAt({ steps: trajectory?.steps ?? [] }, second?.id.step ?? 0, 'prompt').at(-1)?.content).toBe(`Related memories:\n[m1] ${first}`)
  })

  it('is deterministic under its seed, and the seed matters', async () => {
    const habits: Careless = { ...defaultCareless, add: 0.5, filter: 0.5, retrieve: 0.5 }
    const play = (seed: number) => run([specOf(task, { seed })], scriptedPolicy('careless', () => task, habits))
    expect(await play(7)).toEqual(await play(7))
    const seeds = await Promise.all([1, 2, 3, 4, 5].map(play))
    expect(new Set(seeds.map(([trajectory]) => JSON.stringify(trajectory?.steps.map((step) => step.reply.text)))).size).toBeGreaterThan(1)
  })

  it('plays rollouts together as it plays them alone', async () => {
    const specs = Array.from({ length: 6 }, (_, rollout) => specOf(task, { key: `k${rollout}`, id: { run: 'r', batch: 0, rollout } }))
    const policy = () => scriptedPolicy('careless', () => task)
    const together = await run(specs, policy())
    for (const [i, spec] of specs.entries()) expect((await run([spec], policy()))[0]).toEqual(together[i])
  })

  it('serves all rollouts that are still running as one batch', async () => {
    const sizes: number[] = []
    const oracle = scriptedPolicy('oracle', () => task)
    const counting = heeding(oracle, (stream, asked) => { sizes.push(asked.length); return stream.serve(asked) })
    const specs = [0, 1, 2].map((rollout) => specOf(task, { key: `k${rollout}`, id: { run: 'r', batch: 0, rollout } }))
    const [first] = await run(specs, counting)
    expect(sizes).toEqual(Array.from({ length: first?.steps.length ?? 0 }, () => 3))
  })

  it('opens the gate once a step, the summary included', async () => {
    const policy = replies(formatReply('', { answer: 'ok' }), calls(['Summary_context', { span: 'all' }]), 'Mira was mentioned.')
    let opened = 0
    const gate = () => {
      opened++
      return Promise.resolve()
    }
    const [trajectory] = await run([specOf(task)], policy, { gate })
    expect(policy.requests.some(({ purpose }) => purpose === 'summarise')).toBe(true)
    expect(opened).toBe(trajectory?.steps.length)
  })
  it('asks the policy for the summary, and puts it where the span stood', async () => {
    const policy = replies(formatReply('', { answer: 'ok' }), calls(['Summary_context', { span: 'all' }]), 'Mira was mentioned.')
    const [trajectory] = await run([specOf(task)], policy)
    const request = policy.requests[2]
    expect(request?.purpose).toBe('summarise')
    expect(request?.conversation.map((message) => message.role)).toEqual(['system', 'user'])
    expect(request?.conversation.at(-1)?.content).toContain(task.build[0]?.text)
    const after = contextAt({ steps: trajectory?.steps ?? [] }, 1, 'after')
    expect(after.map((message) => message.kind)).toEqual(['system', 'summary', 'reply', 'result'])
    expect(after[1]?.content).toBe('Summary: Mira was mentioned.')
    expect(trajectory?.steps[1]?.calls[0]?.ok).toBe(true)
    expect(trajectory?.steps[1]?.asides).toMatchObject([{ purpose: 'summarise', call: 0, generation: { text: 'Mira was mentioned.' } }])
  })

  it('runs several calls of a reply in order, and gives errors as results', async () => {
    const policy = replies(
      calls(['Add_memory', { content: 'a' }], ['Add_memory', { content: 'b' }], ['Update_memory', { memory_id: 'm9', content: 'c' }], ['Delete_memory', { memory_id: 'm1', confirmation: false }], ['Add_memory', {}], ['Fly', {}]),
    )
    const [trajectory] = await run([specOf(task)], policy)
    const [step] = trajectory?.steps ?? []
    expect(step?.calls.map((call) => call.error)).toEqual([null, null, 'unknown-id', 'not-confirmed', 'invalid-arguments', 'unknown-tool'])
    expect(step?.calls[4]?.result).toBe('Error: Add_memory cannot take these arguments: content is missing: it must be text.')
    expect(memoryAt({ steps: trajectory?.steps ?? [] }, 0, 'after').map((entry) => entry.content)).toEqual(['a', 'b'])
    expect(contextAt({ steps: trajectory?.steps ?? [] }, 0, 'after').filter((message) => message.kind === 'result')).toHaveLength(6)
  })

  it('tells the agent of a reply that cannot be read, and goes on', async () => {
    const [trajectory] = await run([specOf(task)], replies('I will think about it.'))
    const [first, second] = trajectory?.steps ?? []
    expect(first?.violations.map((violation) => violation.rule)).toContain('missing-action')
    expect(second).toMatchObject({ turn: 0, exchange: 1 })
    expect(contextAt({ steps: trajectory?.steps ?? [] }, 1, 'prompt').at(-1)).toMatchObject({ kind: 'notice', role: 'tool' })
  })

  it('tells the agent which of its calls was not run, beside the results of the others', async () => {
    const policy = replies('<think>a</think><tool_call>[{"name":"Add_memory","arguments":{"content":"x"}},{"name":"Add_memory","arguments":["y"]}]</tool_call>')
    const [trajectory] = await run([specOf(task)], policy)
    expect(trajectory?.steps[0]?.calls.map(({ ok }) => ok)).toEqual([true])
    expect(contextAt({ steps: trajectory?.steps ?? [] }, 0, 'after').slice(-2).map(({ kind, content }) => [kind, content])).toEqual([
      ['result', 'Stored as m1.'],
      ['notice', 'Part of your reply was not carried out. Call 2 was not run. Its "arguments" must be an object.'],
    ])
  })

  it('says of a full window that it was full, once and with the numbers, and nothing of thoughts or calls', async () => {
    const full: Policy = {
      ...policyOf('small', () => ({ text: '', tokens: 0, token_ids: [], logprobs: [], finish: 'overflow' })),
      window: 1024,
    }
    const [trajectory] = await run([specOf(task)], full)
    expect(trajectory?.stop).toBe('overflow')
    for (const step of trajectory?.steps ?? []) {
      expect(step.violations).toEqual([
        {
          rule: 'window-full',
          position: 0,
          message: `The window of 1,024 tokens was full, so there was no room for a reply: the conversation has ${step.prompt_tokens} tokens.`,
          recovered: false,
        },
      ])
      expect(step.after.filter((event) => event.type === 'stm.append' && event.message.kind === 'notice')).toEqual([])
    }
  })

  it('gives the agent words of ours for arguments that a tool cannot take', async () => {
    const policy = replies(calls(['Add_memory', {}], ['Retrieve_memory', { query: 'x', top_k: 99 }], ['Retrieve_memory', { query: 'x', limit: 2 }], ['Fly'.repeat(100), {}]))
    const [trajectory] = await run([specOf(task)], policy)
    expect(trajectory?.steps[0]?.calls.map(({ result }) => result)).toEqual([
      'Error: Add_memory cannot take these arguments: content is missing: it must be text.',
      'Error: Retrieve_memory cannot take these arguments: top_k must be a whole number from 1 to 50.',
      'Error: Retrieve_memory cannot take these arguments: there is no argument "limit": it takes query, top_k, metadata_filter.',
      `Error: there is no tool "${'Fly'.repeat(20)}…". The tools are Add_memory, Update_memory, Delete_memory, Retrieve_memory, Summary_context, Filter_context.`,
    ])
  })

  it('ends without an answer when the rounds of stage 3 are used up', async () => {
    const look = calls(['Retrieve_memory', { query: 'x' }])
    const searching = policyOf('searching', () => say(look))
    const [trajectory] = await run([specOf(task)], searching)
    expect(trajectory).toMatchObject({ status: 'complete', stop: 'rounds', answer: null })
    expect(trajectory?.steps.filter((step) => step.phase === 'answer')).toHaveLength(settingsPresets.playground.n_max.answer)
    expect(trajectory?.steps.filter((step) => step.phase === 'build')).toHaveLength(task.build.length * settingsPresets.playground.exchanges)
  })

  it('records overflow and does not throw', async () => {
    const settings = { ...settingsPresets.playground, t_max: 60 }
    const [trajectory] = await run([specOf(task, { settings })], scriptedPolicy('store-all', () => task))
    expect(trajectory?.status).toBe('complete')
    for (const step of trajectory?.steps ?? []) expect(step.overflow).toBe(step.prompt_tokens > 60)
    expect(trajectory?.steps.some((step) => step.overflow)).toBe(true)
  })

  it('counts what stands in the window: messages with their marks, and the prompt as the policy says', async () => {
    // A mark before each message and one behind a reply; the system message brings the mark before the reply.
    const around = { system: 2, user: 1, assistant: 2, tool: 1 }
    const counter: TokenCounter = { name: 'marks', count: (text) => text.length, message: ({ role, content }) => around[role] + content.length }
    const [summed] = await run([specOf(task)], scriptedPolicy('store-all', () => task), { counter })
    const [first, second] = summed?.steps ?? []
    const [system, message] = contextAt({ steps: summed?.steps ?? [] }, 0, 'prompt')
    expect([system?.tokens, message?.tokens]).toEqual([(system?.content.length ?? 0) + 2, (message?.content.length ?? 0) + 1])
    expect(first?.prompt_tokens).toBe((system?.content.length ?? 0) + (message?.content.length ?? 0) + 3)
    // The reply with its two marks, its result, and nothing else.
    const result = first?.calls[0]?.result ?? ''
    expect((second?.prompt_tokens ?? 0) - (first?.prompt_tokens ?? 0)).toBe((first?.reply.text.length ?? 0) + 2 + result.length + 1)

    const oracle = scriptedPolicy('oracle', () => task)
    const telling = heeding(oracle, async (stream, asked) => (await stream.serve(asked)).map(({ place, generation }) => ({ place, generation: { ...generation, prompt_tokens: 1025 } })))
    const [told] = await run([specOf(task)], telling, { counter })
    for (const step of told?.steps ?? []) expect([step.prompt_tokens, step.overflow]).toEqual([1025, true])
    if (!told) throw new Error('no trajectory')
    // The window goes on from what the policy said: the reply and its result, each with its marks, are new.
    const [{ reply, calls: made } = { reply: { text: '' }, calls: [] }] = told.steps
    expect(tokensAfter(told, 0)).toBe(1025 + reply.text.length + 2 + (made[0]?.result.length ?? 0) + 1)
    expect(measureTerm('compression', told)).toEqual({ value: 0, used: 1025, limit: 1024 })
  })

  it('takes no half of a character in: what is recorded is what is read when it is replayed', async () => {
    const reply = '<think>\uDC15</think><tool_call>[{"name":"Add_memory","arguments":{"content":"dog \\ud83d","metadata":{"tags":["\\udc15"],"k\\ud83d":1}}},{"name":"Retrieve_memory","arguments":{"query":"dog"}}]</tool_call>'
    const halved = { ...task, build: task.build.map((message) => ({ ...message, text: `${message.text} \uD83D` })) }
    const policy = replies(reply)
    const [trajectory] = await run([specOf(halved)], policy)
    if (!trajectory) throw new Error('no trajectory')
    const half = /\p{Surrogate}/u
    for (const { conversation } of policy.requests) for (const { content } of conversation) expect(content).not.toMatch(half)
    expect(wellFormedValue(trajectory.steps)).toEqual(trajectory.steps)
    expect(trajectory.steps[0]?.calls[0]?.arguments).toEqual({ content: 'dog \uFFFD', metadata: { tags: ['\uFFFD'], 'k\uFFFD': 1 } })
    expect(memoryAt(trajectory, 0, 'after')[0]?.content).toBe('dog \uFFFD')
    expect(trajectory.steps[0]?.think).toBe('\uFFFD')
    // As a file has it.
    const bytes = new TextEncoder().encode(trajectory.steps.map((step) => step.reply.text).join('\n'))
    expect(new TextDecoder().decode(bytes)).toBe(trajectory.steps.map((step) => step.reply.text).join('\n'))
  })

  it('leaves a valid partial trajectory when it is stopped', async () => {
    for (const stopAfter of [0, 1, 3, 8]) {
      const abort = new AbortController()
      let steps = 0
      if (stopAfter === 0) abort.abort()
      const [trajectory] = await run([specOf(task)], scriptedPolicy('oracle', () => task), {
        signal: abort.signal,
        onStep: () => { if (++steps === stopAfter) abort.abort() },
      })
      expect(trajectory).toMatchObject({ status: 'partial', stop: 'aborted', failure: null, answer: null })
      expect(trajectory?.steps).toHaveLength(stopAfter)
      expect(trajectorySchema.parse(JSON.parse(JSON.stringify(trajectory)))).toEqual(trajectory)
    }
  })

  it('says why an episode failed, and keeps what had happened', async () => {
    const oracle = scriptedPolicy('oracle', () => task)
    let round = 0
    const failing = heeding(oracle, (stream, asked) => (++round > 3 ? Promise.reject(new Error('the model is gone')) : stream.serve(asked)))
    const [trajectory] = await run([specOf(task)], failing)
    expect(trajectory).toMatchObject({ status: 'partial', stop: 'failed', failure: 'the model is gone' })
    expect(trajectory?.steps).toHaveLength(3)
    const stopped = heeding(oracle, () => Promise.reject(new AbortError()))
    expect((await run([specOf(task)], stopped))[0]).toMatchObject({ stop: 'aborted', failure: null })
  })
})

describe('a reply that could not be read again', () => {
  const sampled = (logprobs: number[]): Generation => ({ ...say(formatReply('', { answer: 'done' })), token_ids: [1, 2, 3], logprobs })

  it.each([NaN, Infinity, -Infinity])('ends its episode in words, and is never recorded: %s', async (bad) => {
    const policy = policyOf('nano', ({ thread }) => sampled([-1, thread === 'other' ? -2 : bad, -3]))
    const other = specOf(task, { key: 'other', id: { run: 'r', batch: 0, rollout: 1 } })
    const [spoilt, sound] = await run([specOf(task), other], policy)
    expect(spoilt).toMatchObject({ status: 'partial', stop: 'failed', failure: expect.stringContaining('nano computes no numbers any more'), steps: [] })
    expect(sound).toMatchObject({ status: 'complete', stop: 'answered' })
    for (const trajectory of [spoilt, sound]) expect(trajectorySchema.parse(JSON.parse(JSON.stringify(trajectory)))).toEqual(trajectory)
  })

  it('is named by what is wrong with it', async () => {
    const policy = policyOf('odd', () => ({ ...say('x'), tokens: 0.5 }))
    expect((await run([specOf(task)], policy))[0]).toMatchObject({ stop: 'failed', failure: 'odd gave a reply that cannot be recorded: tokens: needs a whole number of at least 0, not 0.5.' })
  })
})

describe('replay', () => {
  it('gives the STM and LTM that the memories really held, at every step of any episode', async () => {
    const summarising: Careless = { ...defaultCareless, add: 0.8, add_small_talk: 0.5, update: 0.4, delete: 0.3, filter: 0.4, summarise: 0.4, wrong_id: 0.2, break_format: 0.1 }
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(...scriptedNames), async (seed, name) => {
        const world = worldTask({ seed, index: 0, split: 'train', difficulty: randomDifficulty(createRandom(seed)) })
        const { memory, embedder } = memoryOf()
        const spec = specOf(world, { seed })
        const scripted = scriptedPolicy(name, () => world, summarising)
        // What the policy was asked with, and what the store held then.
        const held: { conversation: readonly ChatMessage[]; entries: MemoryRecord[] }[] = []
        const policy = heeding(scripted, async (stream, asked) => {
          for (const { request: { aside, conversation } } of asked) if (!aside) held.push({ conversation, entries: await memory.list(spec.key) })
          return stream.serve(asked)
        })
        const [trajectory] = await runEpisodes([spec], { policy, memory, embedder, counter: wordCounter })
        if (!trajectory) throw new Error('no trajectory')
        const imported: Trajectory = recordSchema.parse(JSON.parse(JSON.stringify(trajectory)))
        expect(held).toHaveLength(imported.steps.length)
        for (const [i, step] of imported.steps.entries()) {
          const context = contextAt(imported, step.id.step, 'prompt')
          expect(conversationOf(context)).toEqual(held[i]?.conversation)
          expect(memoryAt(imported, step.id.step, 'prompt')).toEqual(held[i]?.entries)
          expect(step.prompt).toEqual(context.map((message) => message.id))
          expect(step.prompt_tokens).toBe(context.reduce((sum, message) => sum + message.tokens, 0))
        }
        expect(memoryAt(imported, imported.steps.length - 1, 'after')).toEqual(await memory.list(spec.key))
      }),
      { numRuns: 60 },
    )
  })
})
