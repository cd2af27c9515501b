// Acts in episodes of the world as somebody would whose habits are given as probabilities: nano learns to act from it.
// Whatever it does it does right: arguments are exact, and it answers what stands in its context, nothing else.
// (mistakes.ts makes the slips that it recovers from.)
import { createRandom, type Random } from '../random.ts'
import type { Habits } from './demonstrator-habits.ts'
import type { Embedder } from '../memory/store.ts'
import type { Generation } from '../record/trajectory.ts'
import type { Fact } from '../environments/question/task.ts'
import type { WorldProblem } from '../environments/question/sources/world.ts'
import { relations } from '../environments/question/sources/world-relations.ts'
import { formatReply } from '../agents/agemem/protocol/parser.ts'
import { correctedCall, spoil, type Mistake } from './mistakes.ts'
import { fill } from '../environments/question/sources/phrases/phrases.ts'
import * as phrases from './demonstrator-phrases.ts'
import { streamOf } from '../policy/ask.ts'
import type { GenerateRequest, Policy } from '../policy/policy.ts'
import { follow, seenStatements, statementsOf, stem, type Missing, type Deduction, type Statement } from './deduction.ts'
import { memoryOf, readConversation, toldDistractors, toldFacts, type ConversationState } from './conversation-state.ts'
import { call, say, use, type Move } from './move.ts'
import { wordCounter } from '../policy/word-counter.ts'

/** Everything that one reply is decided on. */
interface ReplyState {
  problem: WorldProblem
  conversation: ConversationState
  statements: Statement[]
  habits: Habits
  random: Random
  /** Messages since the beginning, or since the context was reset. */
  length: number
}

/** A thought that opens the reply to a message. */
function thought({ random }: ReplyState, act: phrases.Act, slots: { s?: string | null; id?: string | null } = {}): string {
  const usable = phrases.thoughts[act].filter((text) => (slots.s || !text.includes('{s}')) && (slots.id || !text.includes('{id}')))
  return fill(random.pick(usable), { s: slots.s ?? '', id: slots.id ?? '' })
}

const listen = (state: ReplyState): Move => say(thought(state, 'listen'), state.random.pick(phrases.said.heard))

/** The last call failed: once more, as it should have been. */
function recover(state: ReplyState): Move | null {
  const last = state.conversation.done.at(-1)
  if (!last?.result.startsWith('Error: ')) return null
  const target = outdatedEntry(state, toldFacts(state.conversation, state.problem.task))
  const corrected = correctedCall(last.call, target?.id ?? null)
  return corrected && use(state.random.pick(phrases.recovering), corrected)
}

/** The entry that one of these facts corrects, where the conversation shows it. */
function outdatedEntry({ conversation, problem }: ReplyState, told: readonly Fact[]): { id: string; fact: Fact } | null {
  for (const fact of told) {
    const outdated = problem.task.facts.find((each) => each.superseded_by === fact.id)
    const id = outdated ? memoryOf(conversation, outdated.text) : null
    if (id !== null) return { id, fact }
  }
  return null
}

/** Facts of the message that hold and are not stored yet, as far as the conversation shows. */
function newFacts({ conversation, problem }: ReplyState): Fact[] {
  const told = toldFacts(conversation, problem.task)
  return told.filter((fact) => !told.some((other) => other.id === fact.superseded_by) && memoryOf(conversation, fact.text) === null)
}

function subjectOf(state: ReplyState, fact: Fact | undefined): string | null {
  return state.statements.find((statement) => statement.fact === fact?.id)?.triple.subject ?? null
}

const addAll = (facts: readonly Fact[]) => facts.map((fact) => call('Add_memory', { content: fact.text }))

/** Stage 1, a message that tells facts. */
function build(state: ReplyState): Move {
  const { habits, random } = state
  const fresh = newFacts(state)
  const corrected = outdatedEntry(state, fresh)
  if (corrected) {
    const { id, fact } = corrected
    const slots = { s: subjectOf(state, fact), id }
    const others = fresh.filter((each) => each.id !== fact.id)
    const luck = random.next()
    if (luck < habits.update) return use(thought(state, 'update', slots), call('Update_memory', { memory_id: id, content: fact.text }), ...addAll(others))
    if (luck < habits.update + habits.delete) return use(thought(state, 'delete', slots), call('Delete_memory', { memory_id: id, confirmation: true }))
  } else if (fresh.some(isCorrection(state)) && random.chance(habits.update * 0.3)) {
    // The old entry is not among the related memories; it may be there all the same.
    return use(thought(state, 'look-up'), call('Retrieve_memory', { query: lookUpQuery(state, fresh) }))
  }
  if (fresh.length === 0 || !random.chance(habits.add)) return listen(state)
  const slots = { s: fresh.length === 1 ? subjectOf(state, fresh[0]) : null }
  return use(thought(state, 'add', slots), ...addAll(fresh))
}

const isCorrection =
  ({ problem }: ReplyState) =>
  (fact: Fact): boolean =>
    problem.task.facts.some((each) => each.superseded_by === fact.id)

function lookUpQuery(state: ReplyState, facts: readonly Fact[]): string {
  const fact = facts.find(isCorrection(state))
  const triple = state.statements.find((statement) => statement.fact === fact?.id)?.triple
  return triple ? stem(triple.subject, triple.relation) : state.conversation.incoming
}

/** A reply after the calls of this turn. */
function settle(state: ReplyState): Move {
  const { conversation, random } = state
  const last = conversation.done.at(-1)?.call.name
  const fresh = newFacts(state)
  if (last === 'Retrieve_memory') {
    const corrected = outdatedEntry(state, fresh)
    if (corrected) {
      const { id, fact } = corrected
      return use(thought(state, 'update', { s: subjectOf(state, fact), id }), call('Update_memory', { memory_id: id, content: fact.text }))
    }
    if (fresh.length > 0) return use(thought(state, 'add', { s: subjectOf(state, fresh[0]) }), ...addAll(fresh))
  }
  if (last === 'Delete_memory' && fresh.length > 0) return use(thought(state, 'add', { s: subjectOf(state, fresh[0]) }), ...addAll(fresh))
  const stored = last === 'Add_memory' || last === 'Update_memory'
  return say(random.pick(phrases.settled), random.pick(stored ? phrases.said.stored : phrases.said.cleared))
}

/** What a filter is told to take out of the message: from its first name on where that is like enough, else all of it. */
async function criteriaFor(message: string, embedder: Embedder, theta: number): Promise<string> {
  const [first = message] = message.split('\n')
  const plain = first.replace(/[.!?]+$/, '')
  const opensWithName = /^\p{Lu}\p{Ll}+(?:'s)? \p{Lu}\p{Ll}/u.test(plain)
  const named = opensWithName ? undefined : /(?<=[a-z,:;] )\p{Lu}\p{Ll}+ .*$/u.exec(plain)?.[0]
  const candidates = [...(named === undefined ? [] : [named]), plain]
  const [whole, ...vectors] = await embedder.embed([message, ...candidates])
  const alike = (vector: Float32Array | undefined) => vector?.reduce((sum, x, i) => sum + x * (whole?.[i] ?? 0), 0) ?? 0
  // A margin, so that what is learnt from this works on other messages too.
  return candidates.find((_, i) => alike(vectors[i]) >= theta + 0.1) ?? message
}

/** Replies to a message of stages 1 and 2. */
async function converse(state: ReplyState, embedder: Embedder): Promise<Move> {
  const { conversation, problem, habits, random, length } = state
  if (conversation.done.length > 0) return recover(state) ?? settle(state)
  const distractors = toldDistractors(conversation, problem.task)
  if (length > 6 && random.chance(habits.summarise)) {
    return use(thought(state, 'summarise'), call('Summary_context', { span: random.chance(0.75) ? 'all' : String(2 + random.int(3)) }))
  }
  if (distractors.length > 0) {
    if (random.chance(habits.filter)) return use(thought(state, 'filter'), call('Filter_context', { criteria: await criteriaFor(conversation.incoming, embedder, 0.6) }))
    return random.chance(habits.add_distractor) ? addTalk(state) : listen(state)
  }
  if (toldFacts(conversation, problem.task).length > 0) return build(state)
  return random.chance(habits.add_small_talk) ? addTalk(state) : listen(state)
}

function addTalk(state: ReplyState): Move {
  const [line = ''] = state.conversation.incoming.split('\n')
  return use(thought(state, 'add-chat'), call('Add_memory', { content: line }))
}

/** Words to search for what is missing; the first search may be for the question as it was put. */
function queryFor(missing: Missing, state: ReplyState, first: boolean): string {
  const luck = state.random.next()
  if (luck < 0.15 && first) return state.problem.task.query
  if (luck < 0.25) return missing.subject
  if (luck < 0.4) return `${phrases.topics[missing.relation]} ${missing.subject}`
  return stem(missing.subject, missing.relation)
}

const retrieve = (query: string, random: Random) => call('Retrieve_memory', random.chance(0.1) ? { query, top_k: 5 } : { query })

/** The reasoning so far: what was found, in the words in which it was found. */
function reasoning({ because, comparison }: Deduction): string[] {
  const texts = because.map((statement) => statement.text)
  // A third fact follows from the comparison of the first two.
  return comparison === null ? texts : [...texts.slice(0, 2), comparison, ...texts.slice(2)]
}

/** Stage 3: search as long as something is missing and not yet searched for, then answer by what is there. */
function answer(state: ReplyState): Move {
  const { conversation, problem, habits, random } = state
  const corrected = recover(state)
  if (corrected) return corrected
  const deduction = follow(problem.question, seenStatements(conversation, state.statements))
  if (deduction.answer) return conclude(state, deduction)
  const searches = conversation.done.filter((each) => each.call.name === 'Retrieve_memory')
  const known = reasoning(deduction).join(' ')
  const [missing] = deduction.missing
  if (searches.length === 0 && missing && random.chance(habits.retrieve)) {
    // Two things may be looked for at once.
    const wanted = deduction.missing.length > 1 && random.chance(0.4) ? deduction.missing : [missing]
    return use(fill(random.pick(phrases.searching), { s: missing.subject }), ...wanted.map((each) => retrieve(queryFor(each, state, true), random)))
  }
  const asked = (each: Missing) => searches.some(({ call: { arguments: args } }) => aims(args['query'], each))
  const next = searches.length > 0 && searches.length < 4 ? deduction.missing.find((each) => !asked(each)) : undefined
  const broad = searches.some((each) => each.call.arguments['query'] === problem.task.query)
  if (next && deduction.because.length > 0) {
    return use([known, fill(random.pick(phrases.searchingOn), { s: next.subject })].join(' '), retrieve(queryFor(next, state, false), random))
  }
  if (missing && searches.length > 0 && searches.length < 3 && (next || !broad) && random.chance(habits.persist)) {
    const query = next ? stem(next.subject, next.relation) : problem.task.query
    return use([known, random.pick(phrases.searchingAgain)].filter(Boolean).join(' '), retrieve(query, random))
  }
  return say(random.pick(phrases.ignorant), random.pick(phrases.said.unknown))
}

/** Does the query look for this, and not only for the question as a whole? */
function aims(query: unknown, { subject, relation }: Missing): boolean {
  if (typeof query !== 'string') return false
  return query === subject || query === stem(subject, relation) || query === `${phrases.topics[relation]} ${subject}`
}

function conclude(state: ReplyState, deduction: Deduction): Move {
  const { random, conversation } = state
  const triple = deduction.answer
  if (!triple) return say(random.pick(phrases.ignorant), random.pick(phrases.said.unknown))
  const { value, relation } = triple
  const template = random.pick(phrases.answersFor(relations[relation].value, relation))
  const [only] = deduction.because
  const id = deduction.because.length === 1 && only ? memoryOf(conversation, only.text) : null
  const think = id !== null && random.chance(0.2) ? fill(random.pick(phrases.pointing), { id }) : reasoning(deduction).join(' ')
  return say(think, fill(template, { v: value }))
}

/** What the messages told that may matter, each fact once and as it now stands. */
function summary({ problem, random, statements }: ReplyState, prompt: string): string {
  const lines = new Set(prompt.split('\n').map((line) => line.replace(/^\[m\d+\] /, '')))
  const told = problem.task.build.filter((message) => message.text.split('\n').every((line) => lines.has(line))).flatMap((message) => message.facts)
  const earlier = [...lines].filter((line) => line.startsWith('Summary: '))
  const stated = statements.filter(({ fact, text }) => told.includes(fact) || lines.has(text) || earlier.some((line) => line.includes(text)))
  const current = stated.filter(({ supersededBy }) => !stated.some(({ fact }) => fact === supersededBy))
  return current.length === 0 ? random.pick(phrases.emptySummaries) : current.map(({ text }) => text).join(' ')
}

interface DemonstratorOptions {
  habits: Habits
  /** Checks that a filter's criteria will do. */
  embedder: Embedder
}

/**
 * The demonstrator for problems of the world. `findProblem` gives the one that a thread plays.
 * @throws Error when it is asked and the problem is not known
 */
export function demonstrator(findProblem: (thread: string) => WorldProblem | undefined, { habits, embedder }: DemonstratorOptions): Policy {
  const reply = async ({ conversation, purpose, thread, seed }: GenerateRequest): Promise<Generation> => {
    const problem = findProblem(thread)
    if (!problem) throw new Error(`The demonstrator does not know the task of ${thread}.`)
    const random = createRandom(seed)
    const state: ReplyState = { problem, conversation: readConversation(conversation, problem.task), statements: statementsOf(problem), habits, random, length: conversation.length }
    const text = purpose === 'summarise' ? summary(state, conversation.at(-1)?.content ?? '') : await act(state, embedder)
    return { text, tokens: wordCounter.count(text), token_ids: null, logprobs: null, finish: 'stop' }
  }
  return { name: 'demonstrator', open: (options) => streamOf(reply, options) }
}

async function act(state: ReplyState, embedder: Embedder): Promise<string> {
  const move = state.conversation.asked ? answer(state) : await converse(state, embedder)
  const slip: Mistake | null = state.random.fork('mistake').chance(state.habits.mistake) ? spoil(move.action, state.random.fork('how')) : null
  if (slip === null) return formatReply(move.think, move.action)
  return 'text' in slip ? slip.text.replace('{think}', () => move.think) : formatReply(move.think, slip)
}
