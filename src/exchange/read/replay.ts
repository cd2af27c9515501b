// An episode that this playground wrote in another program's form, played again from its replies: the environment, the agent
// and the memory do what they did, so that every event is there again. What does not come out as the file says is not taken.
import { fit } from '../../core/fit.ts'
import { isObject } from '../../core/is-object.ts'
import { playEpisode } from '../../core/episode/play.ts'
import { HashEmbedder } from '../../core/memory/hash-embedder.ts'
import { InMemoryStore } from '../../core/memory/in-memory-store.ts'
import { embedderKey } from '../../core/memory/store.ts'
import { AbortError, type TokenCounter } from '../../core/policy/policy.ts'
import type { Generation, Trajectory } from '../../core/record/trajectory.ts'
import { sameData } from '../../core/same-data.ts'
import { formatReply } from '../../core/agents/agemem/protocol/parser.ts'
import { notesSchema } from '../notes.ts'
import { transcriptOf } from '../transcript.ts'
import { openAiMessage, type OpenAiMessage } from '../viewers/openai.ts'
import type { Conversation, Heard } from './conversation.ts'

const argumentsOf = (json: string): Record<string, unknown> => {
  const given: unknown = JSON.parse(json)
  return isObject(given) ? given : {}
}

/** A reply in the words of the protocol. */
function written({ message: { content, reasoning_content: think = '', tool_calls: calls } }: Heard): string {
  return formatReply(think, calls ? { calls: calls.map(({ function: of }) => ({ name: of.name, arguments: argumentsOf(of.arguments) })) } : { answer: content ?? '' })
}

/** Gives each message the tokens that it had, in the order in which messages are made. */
function recordedCounter(name: string, tokens: readonly number[]): TokenCounter {
  const left = [...tokens]
  return { name, count: () => left[0] ?? 0, message: () => left.shift() ?? 0 }
}

/** Calls by their places, since ids are of the form, not of the episode. */
const comparable = ({ role, content, name, reasoning_content: think, tool_calls: calls }: OpenAiMessage) => ({
  role, content, name, think, calls: calls?.map(({ function: of }) => [of.name, argumentsOf(of.arguments)]),
})

/** null: the file does not carry what it takes, or it came out otherwise. */
export async function replayed({ heard, notes: given, asides: asideFacts }: Conversation): Promise<Trajectory | null> {
  const read = fit(notesSchema, given)
  if (!read.success) return null
  const notes = read.data
  const embedder = new HashEmbedder()
  // What was changed by hand in an episode is in no list of messages.
  if (notes.setup.branch || notes.embedder !== embedderKey(embedder)) return null
  const spoken = heard.filter(({ message }) => message.role === 'assistant')
  if (spoken.length !== notes.replies.length) return null
  const whole = (said: (typeof notes.replies)[number], facts: Heard['facts'], text: () => string): Generation => ({
    ...said,
    text: said.text ?? text(),
    token_ids: said.token_ids ?? facts?.token_ids ?? null,
    logprobs: said.logprobs ?? facts?.logprobs ?? null,
  })
  try {
    const replies = notes.replies.map((said, i) => whole(said, spoken[i]?.facts, () => (spoken[i] ? written(spoken[i]) : '')))
    const asides = notes.asides.map(({ purpose, generation }, i) => ({ purpose, generation: whole(generation, asideFacts[i], () => '') }))
    const { agent, embedder: _, ...setup } = notes.setup
    const spec = { key: 'replayed', id: notes.id, task: notes.task, setup, seed: notes.seed, settings: notes.settings, agent }
    const play = playEpisode(spec, { policy: notes.policy, memory: new InMemoryStore(embedder), embedder, counter: recordedCounter(notes.token_counter, notes.message_tokens) })
    let next = await play.next()
    while (!next.done) {
      const { purpose } = next.value
      const at = asides.findIndex((aside) => aside.purpose === purpose)
      const reply = at >= 0 ? asides.splice(at, 1)[0]?.generation : replies.shift()
      next = reply ? await play.next(reply) : await play.throw(new AbortError())
    }
    const { status, stop, failure, verdicts } = notes
    const trajectory: Trajectory = { ...next.value, status, stop, failure, ...(verdicts ? { verdicts } : {}), ...(status === 'complete' ? {} : { answer: null }) }
    const same = sameData(transcriptOf(trajectory).map(openAiMessage).map(comparable), heard.map(({ message }) => comparable(message)))
    return same && replies.length === 0 && (next.value.status === 'complete') === (status === 'complete') ? trajectory : null
  } catch {
    return null
  }
}
