// A conversation that somebody else's program held, as an episode to look at. It has what the file says and no more: where it
// calls tools by the names of ours, the long-term memory follows from what they came to; nothing scores it.
import { embedderKey } from '../../core/memory/store.ts'
import { HashEmbedder } from '../../core/memory/hash-embedder.ts'
import { dot } from '../../core/dot.ts'
import { clockStart, clockTick } from '../../core/episode/recorder.ts'
import { settingsPresets } from '../../core/episode/settings.ts'
import { isObject } from '../../core/is-object.ts'
import { readMemoryLines } from '../../core/agents/agemem/memory-lines.ts'
import { formatReply } from '../../core/agents/agemem/protocol/parser.ts'
import type { Task } from '../../core/environments/question/task.ts'
import { wordCounter } from '../../core/policy/word-counter.ts'
import { contextTokens } from '../../core/record/context.ts'
import type { CallRecord, ContextMessage, EpisodeEvent, MemoryRecord, MessageKind, Role, Step, Trajectory } from '../../core/record/trajectory.ts'
import { wellFormed } from '../../core/text.ts'
import type { Conversation, Heard } from './conversation.ts'

const embedder = new HashEmbedder()

function argumentsIn(json: string): Record<string, unknown> {
  try {
    const given: unknown = JSON.parse(json)
    return isObject(given) ? given : { value: given }
  } catch {
    return { text: json }
  }
}

const kinds: readonly MessageKind[] = ['memories', 'notice', 'summary']

function kindOf({ role, name }: Heard['message'], last: boolean): MessageKind {
  if (role === 'system') return 'system'
  return kinds.find((kind) => kind === name) ?? (last ? 'query' : 'message')
}

/** What a call of a tool of ours changed, as far as its result says. */
class Memory {
  readonly #entries = new Map<string, MemoryRecord>()

  async event(call: number, { name, arguments: given, ok, result }: CallRecord, step: number): Promise<EpisodeEvent[]> {
    if (!ok) return []
    const text = (key: string) => (typeof given[key] === 'string' ? given[key] : '')
    const time = clockStart + step * clockTick
    const before = this.#entries.get(text('memory_id'))
    switch (name) {
      case 'Add_memory': {
        const id = /\b(m\d+)\b/.exec(result)?.[1] ?? `m${this.#entries.size + 1}`
        if (text('content') === '' || this.#entries.has(id)) return []
        const entry: MemoryRecord = { id, content: text('content'), metadata: { created: time, updated: time, source_step: step, tags: [], type: text('memory_type') || null, extra: {} } }
        this.#entries.set(id, entry)
        return [{ type: 'ltm.add', call, entry }]
      }
      case 'Update_memory': {
        if (!before || text('content') === '') return []
        const after = { ...before, content: text('content'), metadata: { ...before.metadata, updated: time, source_step: step } }
        this.#entries.set(before.id, after)
        return [{ type: 'ltm.update', call, before, after }]
      }
      case 'Delete_memory':
        return before && this.#entries.delete(before.id) ? [{ type: 'ltm.delete', call, entry: before }] : []
      case 'Retrieve_memory': {
        const found = readMemoryLines(result)
        // The file does not say how near they were: compared anew, by words.
        const [query, ...texts] = await embedder.embed([text('query'), ...found.map(({ content }) => content)])
        const hits = found.map((hit, i) => ({ ...hit, similarity: query && texts[i] ? dot(query, texts[i]) : 0 }))
        return [{ type: 'ltm.retrieve', call, query: text('query'), hits }]
      }
      default:
        return []
    }
  }
}

/** The question is what the user said last; before it, the messages to build on. */
function taskOf({ heard }: Conversation, id: string): Task {
  const users = heard.flatMap(({ message: { role, name, content } }) => (role === 'user' && name === undefined && content !== null ? [wellFormed(content)] : []))
  return {
    id,
    source: 'own',
    kind: 'conversation',
    split: 'none',
    facts: [],
    build: users.slice(0, -1).map((text) => ({ text, kind: 'small-talk', facts: [] })),
    resist: [],
    query: users.at(-1) ?? 'A conversation without a user',
    answer: '',
    aliases: [],
  }
}

const resultsAfter = (heard: readonly Heard[], at: number): Heard['message'][] => {
  const end = heard.findIndex(({ message }, i) => i > at && message.role !== 'tool')
  return heard.slice(at + 1, end < 0 ? undefined : end).map(({ message }) => message)
}

/** @param place among the conversations of its file, from 0 */
export async function watchable(conversation: Conversation, place: number): Promise<Trajectory> {
  const { heard, agent, model } = conversation
  const id = (conversation.id ?? `conversation-${place + 1}`).slice(0, 200)
  const lastUser = heard.findLastIndex(({ message }) => message.role === 'user' && message.name === undefined)
  const memory = new Memory()
  const steps: Step[] = []
  const context: ContextMessage[] = []
  let made = 0
  let before: EpisodeEvent[] = []
  const appended = (role: Role, kind: MessageKind, said: string, call: number | null): EpisodeEvent => {
    const content = wellFormed(said)
    const message = { id: `c${made++}`, role, kind, content, tokens: wordCounter.count(content) }
    context.push(message)
    return { type: 'stm.append', call, message }
  }
  const ids = { run: 'imported', batch: 0, task: id, rollout: place }
  let turn = -1
  let exchange = 0
  let answered: string | null = null
  let taken = -1
  for (const [at, { message, facts = {}, errors }] of heard.entries()) {
    if (at <= taken) continue
    if (message.role !== 'assistant') {
      if (message.role === 'user') {
        turn = at === lastUser ? 0 : turn + 1
        exchange = 0
      }
      // A result whose call is not there is something that was said to the agent.
      before.push(appended(message.role === 'tool' ? 'tool' : message.role, message.role === 'tool' ? 'memories' : kindOf(message, at === lastUser), message.content ?? '', null))
      continue
    }
    const index = steps.length
    const results = message.tool_calls ? resultsAfter(heard, at) : []
    taken = at + results.length
    const calls = (message.tool_calls ?? []).map(({ id: callId, function: of }, i): CallRecord => {
      const back = results.find(({ tool_call_id: answers }) => answers === callId) ?? (results[i]?.tool_call_id === undefined ? results[i] : undefined)
      const result = wellFormed(back?.content ?? '')
      const error = errors?.get(callId) ?? (/^error\b/i.test(result) ? 'failed' : null)
      return { name: of.name, arguments: argumentsIn(wellFormed(of.arguments)), ok: error === null, error, result }
    })
    const said = wellFormed(message.content ?? '')
    const spoken = message.reasoning_content === undefined ? '' : wellFormed(message.reasoning_content)
    // What is said beside calls is no answer yet: it goes with the thought.
    const think = calls.length > 0 ? [...new Set([spoken, said])].filter((part) => part !== '').join('\n\n') : spoken
    const answer = calls.length > 0 ? null : said
    const text = formatReply(think, answer === null ? { calls: calls.map(({ name, arguments: given }) => ({ name, arguments: given })) } : { answer })
    const { prompt_tokens: reported, tokens = wordCounter.count(text), token_ids = null, logprobs = null } = facts
    const prompt = context.map((each) => each.id)
    const promptTokens = reported ?? contextTokens(context)
    const after: EpisodeEvent[] = [appended('assistant', 'reply', text, null)]
    for (const [i, call] of calls.entries()) {
      after.push(...(await memory.event(i, call, index)))
      after.push(appended('tool', 'result', call.result, i))
    }
    steps.push({
      id: { ...ids, step: index },
      phase: at > lastUser ? 'answer' : 'build',
      turn: Math.max(0, turn),
      exchange: exchange++,
      before,
      prompt,
      prompt_tokens: promptTokens,
      overflow: false,
      reply: { text, tokens, token_ids, logprobs: token_ids && logprobs?.length === token_ids.length ? logprobs : null, finish: 'stop', ...(reported === undefined ? {} : { prompt_tokens: reported }) },
      think: think === '' ? null : think,
      answer,
      calls,
      asides: [],
      violations: [],
      after,
    })
    before = []
    if (answer !== null) answered = answer
  }
  const most = Math.max(1, ...steps.map(({ prompt_tokens: each, reply }) => each + reply.tokens))
  return {
    schema_version: 2,
    id: ids,
    task: taskOf(conversation, id),
    policy: model ?? agent ?? 'another program',
    setup: { agent: agent ?? 'conversation', policy: { kind: 'named', name: model ?? agent ?? 'another program' }, embedder: embedder.name, source: { kind: 'file', name: null } },
    seed: 0,
    settings: { ...settingsPresets.playground, t_max: most },
    embedder: embedderKey(embedder),
    token_counter: wordCounter.name,
    // It came to its end, which nothing here can score.
    status: 'partial',
    stop: null,
    failure: null,
    answer: answered,
    steps,
  }
}
