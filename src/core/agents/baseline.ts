// Agents that a policy speaks through without tools of its own: it only answers questions, and the memory is tended around
// it. What comes into the context before an answer, and what becomes of a turn afterwards, is each agent's own.
import type { Observation } from '../record/observation.ts'
import type { Hit } from '../record/trajectory.ts'
import { formatReply, parseReply } from './agemem/protocol/parser.ts'
import { prose } from './agemem/protocol/plain-grammar.ts'
import { memoryLine } from './agemem/memory-lines.ts'
import type { AgentKind, Body, Play, ReplyForm } from './agent.ts'
import { acknowledgement, formatNotice, lookUp, openings, toolNotice } from './baseline-prompts.ts'

/** `<think>…</think><answer>…</answer>`: AgeMem's reply without its tools. */
export const answerForm: ReplyForm = {
  stop: ['</answer>'],
  grammar: `root ::= "<think>" prose "</think>" "\\n"? "<answer>" prose "</answer>"\nprose ::= ${prose}\n`,
}

/** What an agent does around the replies. */
export interface Tending {
  /** Before an answer: brings what is known into the context. */
  recall?: (queries: readonly string[], body: Body) => Play<void>
  /** After a turn in which something was told, as part of its step: what the memory takes in. One text a message. */
  tend?: (told: readonly string[], body: Body) => Play<void>
}

interface Baseline extends Pick<AgentKind, 'line' | 'follows' | 'asides'> {
  /** It has a long-term memory, and its system message says so. */
  remembers: boolean
  create: () => Tending
}

/** One reply. @returns what it answered; `full`: the window had no room for it */
async function* exchange(body: Body): Play<{ answer: string | null; full: boolean }> {
  const reply = yield* body.act(answerForm)
  if (reply.finish === 'overflow') {
    const message = `The window of ${body.window.toLocaleString('en')} tokens was full, so there was no room for a reply.`
    body.understand({ think: null, answer: null, violations: [{ rule: 'window-full', position: 0, message, recovered: false }] })
    return { answer: null, full: true }
  }
  const { think, answer, calls, violations } = parseReply(reply.text)
  const called = calls.length > 0
  body.understand({
    think,
    answer,
    violations: called ? [...violations, { rule: 'other-protocol', position: 0, message: toolNotice, recovered: false }] : violations,
  })
  if (answer === null) body.context.append('tool', 'notice', called ? toolNotice : formatNotice(violations.map(({ message }) => message)))
  return { answer, full: false }
}

async function* answerTo(body: Body, exchanges: number): Play<string | null> {
  for (let i = 0; i < exchanges; i++) {
    const { answer, full } = yield* exchange(body)
    if (answer !== null) return answer
    if (full) break
  }
  return null
}

/** What was told in a turn: one text a message, whose lines may have come together (questionObservations). */
const toldIn = ({ messages }: Observation): string[] =>
  messages.filter(({ kind }) => kind === 'message').flatMap(({ text }) => text.split('\n')).filter((text) => text.trim() !== '')

/**
 * What is told in passing is acknowledged in fixed words, so that the policy is asked for nothing but answers; what is
 * asked of it (messages of kind `query`) it answers, in as many tries as the environment gives.
 */
export function baseline({ line, follows, asides, remembers, create }: Baseline): AgentKind {
  return {
    line,
    follows,
    tools: false,
    asides,
    opening: ({ prompt }) => openings[prompt](remembers),
    create: () => {
      const { recall, tend } = create()
      return {
        async *turn(observation, body) {
          const queries = observation.messages.filter(({ kind }) => kind === 'query').map(({ text }) => text)
          const told = toldIn(observation)
          let reply: string | null = acknowledgement.answer
          if (queries.length > 0) {
            if (recall) yield* recall(queries, body)
            reply = yield* answerTo(body, observation.exchanges)
          } else {
            body.speak(formatReply(acknowledgement.think, { answer: reply }))
            body.understand({ ...acknowledgement, violations: [] })
          }
          if (tend && told.length > 0) yield* tend(told, body)
          return reply
        },
      }
    },
  }
}

/**
 * Puts what was found into the context. Who knows the prompt in few words alone was trained on memories that a search of
 * its own brought, so there the agent writes that search; others find the lines beside the question.
 */
export async function* bring(query: string, hits: Hit[], body: Body): Play<void> {
  const lines = hits.map(memoryLine).join('\n')
  if (body.settings.prompt === 'full') {
    body.memory.deliver(query, hits)
    if (hits.length > 0) body.context.append('tool', 'memories', lines)
    return
  }
  const call = { name: 'Retrieve_memory', arguments: { query } }
  body.speak(formatReply(lookUp, { calls: [call] }))
  body.understand({ think: lookUp, answer: null, violations: [] })
  yield* body.call(call, () => {
    body.memory.deliver(query, hits)
    return Promise.resolve({ result: hits.length > 0 ? lines : 'Nothing found.' })
  })
}

/** Brings the memories nearest to what is asked, by the settings' top_k. */
export async function* recallNearest(queries: readonly string[], body: Body): Play<void> {
  for (const query of queries) {
    yield* bring(query, await body.memory.search(query, { topK: body.settings.top_k }), body)
  }
}
