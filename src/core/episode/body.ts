// What an agent reaches in an episode: both memories and the policy, with all that it does recorded.
import type { Body, CallOutcome, ContextEditor, MemoryEditor, Play, Work } from '../agents/agent.ts'
import type { Embedder, MemoryStore } from '../memory/store.ts'
import { conversationOf } from '../policy/conversation.ts'
import { createRandom } from '../random.ts'
import { heard, type Recorder } from './recorder.ts'

interface BodyParts {
  recorder: Recorder
  store: MemoryStore
  /** Name of the episode's entries in the store, and of its thread. */
  key: string
  embedder: Embedder
  /** Tokens that the policy takes at once; undefined: it has no limit of its own. */
  window: number | undefined
  /** Done before the policy is asked for the reply of a step, once everything was heard. */
  beforeReply?: (memory: MemoryEditor) => Promise<void>
}

function contextOf(recorder: Recorder): ContextEditor {
  return {
    get messages() {
      return recorder.context
    },
    get round() {
      return recorder.round
    },
    append: (role, kind, text) => { recorder.append(role, kind, text) },
    filter(criteria, threshold, similarities) {
      const removed = similarities.filter(({ similarity }) => similarity >= threshold).map(({ id }) => id)
      recorder.change({ type: 'stm.filter', call: recorder.cause, criteria, threshold, similarities: [...similarities], removed })
      return removed
    },
    summarise(span, messages, text) {
      const removed = messages.map(({ id }) => id)
      const message = recorder.message('tool', 'summary', text)
      recorder.change({ type: 'stm.summarise', call: recorder.cause, span, removed, message })
    },
  }
}

function memoryOf({ recorder, store, key }: BodyParts): MemoryEditor {
  const written = () => ({ updated: recorder.time, source_step: recorder.at })
  return {
    async add(content, metadata) {
      const entry = await store.add(key, content, { created: recorder.time, ...written(), ...metadata })
      recorder.change({ type: 'ltm.add', call: recorder.cause, entry })
      return entry
    },
    async update(id, content, metadata) {
      const { metadata: old } = await store.get(key, id)
      const { before, after } = await store.update(key, id, content, { ...old, ...metadata, ...written() })
      recorder.change({ type: 'ltm.update', call: recorder.cause, before, after })
      return after
    },
    async delete(id) {
      const entry = await store.delete(key, id)
      recorder.change({ type: 'ltm.delete', call: recorder.cause, entry })
      return entry
    },
    search: (query, options) => store.search(key, query, options),
    deliver: (query, hits) => { recorder.change({ type: 'ltm.retrieve', call: recorder.cause, query, hits }) },
    list: () => store.list(key),
  }
}

/** An id that does not exist is the agent's mistake: it is told so. Its error's name outlives the way between workers. */
async function* outcomeOf(work: () => Work): Play<CallOutcome> {
  try {
    const working = work()
    return Symbol.asyncIterator in working ? yield* working : await working
  } catch (error) {
    if (error instanceof Error && error.name === 'MemoryNotFoundError') return { result: `Error: ${error.message}`, error: 'unknown-id' }
    throw error
  }
}

export function bodyOf(parts: BodyParts): Body {
  const { recorder, embedder, key } = parts
  const { settings, seed, id } = recorder.trajectory
  const memory = memoryOf(parts)
  return {
    settings,
    window: parts.window ?? settings.t_max,
    get promptTokens() {
      return recorder.step.prompt_tokens
    },
    context: contextOf(recorder),
    memory,
    embedder,
    random: createRandom(`${seed}/${id.task}/${id.rollout}/agent`),
    async *act(form) {
      recorder.endStep()
      await parts.beforeReply?.(memory)
      const conversation = conversationOf(recorder.context)
      const reply = heard(yield { ...form, purpose: 'act', conversation, thread: key, seed: recorder.seedFor('act') })
      recorder.openStep(reply)
      return reply
    },
    speak(text) {
      recorder.endStep()
      recorder.openStep(heard({ text, tokens: 0, token_ids: null, logprobs: null, finish: 'stop' }))
    },
    understand({ think, answer, violations }) {
      const { step } = recorder
      step.think = think
      step.answer = answer
      step.violations = violations
    },
    async *ask(purpose, conversation, form, unread) {
      const request = { ...form, purpose, conversation, thread: key, aside: true, seed: recorder.seedFor(purpose) }
      const generation = heard(yield request)
      recorder.aside(request, generation, unread?.(generation) ?? null)
      return generation
    },
    async *call(call, work) {
      recorder.beginCall()
      const { result, error = null } = yield* outcomeOf(work)
      const record = { ...call, ok: error === null, error, result }
      recorder.endCall(record)
      return record
    },
  }
}
