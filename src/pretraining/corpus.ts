// Episodes as training sequences: replies whose prompt extends the one before share a sequence, a context edit begins
// a new one. Says which tokens carry loss, and where there is something to be copied or answered.
import type { CorpusEpisode, Exchange } from './corpus-episodes.ts'
import { endMark } from './nano-tokenizer.ts'
import type { Tokenizer } from '../models/files/tokenizer.ts'

/** A stretch of tokens of which exactly one wording is right. */
interface Span {
  /** copy: the fact given to Add_memory or Update_memory. answer: the value in the final answer. */
  kind: 'copy' | 'answer'
  /** Kind of the task's question. */
  question: string
  /** Index of the first token, and of the one behind the last. */
  from: number
  to: number
}

export interface CorpusSequence {
  ids: number[]
  /** Indices of the policy's own tokens that are to be learnt. */
  policy: number[]
  /** Those of them that must be exactly right: facts that are copied, and all of what leads to the answer. */
  exact: number[]
  /** Those that tell which act was chosen about a message of stages 1 and 2: the first word of the thought. */
  choices: number[]
  /** Indices of the environment's tokens, as far as the episode shows them for the first time. */
  environment: number[]
  spans: Span[]
}

interface Draft extends CorpusSequence {
  /** The text so far, in the words of the chat template. */
  text: string
}

const encoder = new TextEncoder()
const bytes = (text: string) => encoder.encode(text).length

/** Tokens that overlap text[from, to): index of the first one and of the one behind the last. Its tokens add up to the text. */
function tokensOf(tokenizer: Tokenizer, text: string, ids: readonly number[], from: number, to: number): { from: number; to: number } {
  const stream = tokenizer.stream()
  const [start, end] = [bytes(text.slice(0, from)), bytes(text.slice(0, to))]
  let at = 0
  let first = ids.length
  for (const [i, id] of ids.entries()) {
    if (at >= end) return { from: first, to: i }
    at += bytes(stream.push([id]))
    if (at > start && first > i) first = i
  }
  return { from: first, to: ids.length }
}

/** Where the first word of the thought is: it tells the act. */
function firstWord(reply: string): { from: number; to: number } | null {
  const found = /^<think>[\p{L}\d]+/u.exec(reply)
  return found && { from: '<think>'.length, to: found[0].length }
}

/** Places in a reply where one wording is right. */
function rightPlaces({ reply, phase, purpose }: Exchange, { problem }: CorpusEpisode): Omit<Span, 'question'>[] {
  if (purpose === 'summarise') return []
  const facts = new Set(problem.task.facts.map((fact) => JSON.stringify(fact.text).slice(1, -1)))
  const places = [...reply.matchAll(/"content":"((?:[^"\\]|\\.)*)"/g)]
    .filter((match) => facts.has(match[1] ?? ''))
    .map((match): Omit<Span, 'question'> => ({ kind: 'copy', from: match.index + '"content":"'.length, to: match.index + match[0].length - 1 }))
  const opened = reply.indexOf('<answer>')
  if (phase !== 'answer' || opened < 0) return places
  const answer = reply.slice(opened)
  const [value] = [problem.task.answer, ...problem.task.aliases].filter((wording) => answer.includes(wording)).sort((a, b) => b.length - a.length)
  if (value === undefined) return places
  const from = opened + answer.indexOf(value)
  return [...places, { kind: 'answer', from, to: from + value.length }]
}

/** Appends what the conversation has beyond the draft. @param fresh the episode has not shown it before */
function prompt(draft: Draft, tokenizer: Tokenizer, chat: string, fresh: boolean): void {
  const added = tokenizer.encodeChatText(chat.slice(draft.text.length))
  if (fresh) draft.environment.push(...added.map((_, i) => draft.ids.length + i))
  draft.ids.push(...added)
  draft.text = chat
}

/** Appends the reply and its end, with what there is to be learnt of it. */
function reply(draft: Draft, tokenizer: Tokenizer, exchange: Exchange, episode: CorpusEpisode): void {
  const text = exchange.reply
  const ids = tokenizer.encode(text)
  const start = draft.ids.length
  draft.ids.push(...ids, ...tokenizer.encode(endMark))
  draft.text += text + endMark
  if (exchange.failed) return
  const word = exchange.phase !== 'answer' && exchange.opens ? firstWord(text) : null
  const choice = word ? tokensOf(tokenizer, text, ids, word.from, word.to) : { from: 0, to: 0 }
  for (let i = 0; start + i < draft.ids.length; i++) {
    const tells = i >= choice.from && i < choice.to
    if (tells && episode.manner === 'versatile') continue
    draft.policy.push(start + i)
    if (tells) draft.choices.push(start + i)
  }
  const exact = new Set<number>()
  for (const { kind, from, to } of rightPlaces(exchange, episode)) {
    const place = tokensOf(tokenizer, text, ids, from, to)
    draft.spans.push({ kind, question: episode.problem.task.kind, from: start + place.from, to: start + place.to })
    for (let i = place.from; i < place.to; i++) exact.add(start + i)
  }
  if (exchange.phase === 'answer' || exchange.purpose === 'summarise') for (const i of ids.keys()) exact.add(start + i)
  draft.exact.push(...[...exact].sort((a, b) => a - b))
}

/**
 * The sequences of an episode, none longer than `limit` tokens: what does not fit, and what follows it in the same
 * sequence, is left out.
 * @param tokenizer nano's: its tokens add up to the text, and its template closes replies with the end mark
 */
export function sequencesOf(episode: CorpusEpisode, tokenizer: Tokenizer, limit: number): CorpusSequence[] {
  const drafts: Draft[] = []
  let main: Draft | null = null
  let full = false
  let before: Exchange | null = null
  for (const exchange of episode.exchanges) {
    const chat = tokenizer.chat(exchange.conversation)
    const [system] = exchange.conversation
    const begins = before === null || (before.phase === 'build' && exchange.phase !== 'build')
    before = exchange
    const side = exchange.purpose === 'summarise'
    const extending: Draft | null = !side && main && chat.startsWith(main.text) ? main : null
    if (extending && full) continue
    const draft: Draft = extending ?? { ids: [], policy: [], exact: [], choices: [], environment: [], spans: [], text: '' }
    if (!extending && system && begins) {
      // The system message is always the same: nothing to learn there.
      const opening = tokenizer.chat([system])
      prompt(draft, tokenizer, opening.slice(0, opening.indexOf(system.content) + system.content.length), false)
    }
    const kept = { ids: draft.ids.length, environment: draft.environment.length, policy: draft.policy.length, exact: draft.exact.length, choices: draft.choices.length, spans: draft.spans.length }
    prompt(draft, tokenizer, chat, begins || extending !== null)
    reply(draft, tokenizer, exchange, episode)
    const fits = draft.ids.length <= limit
    if (!fits) {
      draft.ids.length = kept.ids
      draft.environment.length = kept.environment
      draft.policy.length = kept.policy
      draft.exact.length = kept.exact
      draft.choices.length = kept.choices
      draft.spans.length = kept.spans
    }
    if (!side) {
      main = draft
      full = !fits
    }
    if (!extending) drafts.push(draft)
  }
  return drafts.filter((draft) => draft.policy.length > 0).map(({ ids, policy, exact, choices, environment, spans }) => ({ ids, policy, exact, choices, environment, spans }))
}
