// Acts in episodes of the world as somebody would whose habits are given as probabilities: nano learns to act from it.
// Whatever it does it does right: arguments are exact, and it answers what stands in its context, nothing else.
// (mistakes.ts makes the slips that it recovers from.)
import { createRandom, type Random } from '../random.ts'
import type { Embedder } from '../memory/store.ts'
import type { Generation, ToolCall } from '../record/trajectory.ts'
import type { Fact } from '../environments/question/task.ts'
import type { WorldProblem } from '../environments/question/sources/world.ts'
import { relations } from '../environments/question/sources/world-relations.ts'
import { formatReply } from '../agents/agemem/protocol/parser.ts'
import { correctedCall, spoil, type Mistake } from './mistakes.ts'
import { fill } from '../environments/question/sources/phrases/phrases.ts'
import * as phrases from './demonstrator-phrases.ts'
import { AbortError, type GenerateRequest, type Policy } from '../policy/policy.ts'
import { follow, seenStatements, statementsOf, stem, type Missing, type Sight, type Statement } from './sight.ts'
import { readSituation, toldDistractors, toldFacts, type Situation } from './situation.ts'
import { wordCounter } from '../policy/word-counter.ts'

/** Probabilities, each where there is an occasion for it. */
export interface Habits {
  /** Stores the facts that a message tells. */
  add: number
  /** Stores a message of small talk. */
  add_small_talk: number
  /** Stores a distractor of stage 2. */
  add_distractor: number
  /** Updates the entry that a message corrects, if it sees it; … */
  update: number
  /** … or deletes it. */
  delete: number
  /** Takes a distractor out of the context. */
  filter: number
  /** Summarises the conversation, at each message once there is something to summarise. */
  summarise: number
  /** Searches its memory before it answers. */
  retrieve: number
  /** Searches again in other words when the first search brought nothing of use. */
  persist: number
  /** Makes a mistake in a reply, to recover from in the next. */
  mistake: number
}

/** How an agent acts before it was trained with rewards: it talks, searches and answers, and hardly tends its memory. */
export const untrainedHabits: Habits = {
  add: 0.55,
  add_small_talk: 0.2,
  add_distractor: 0.05,
  update: 0.07,
  delete: 0.01,
  filter: 0.012,
  summarise: 0.004,
  retrieve: 0.85,
  persist: 0.25,
  mistake: 0.01,
}

/** Every tool in use: from these episodes nano learns how, not how often. */
export const versatileHabits: Habits = {
  add: 0.92,
  add_small_talk: 0.1,
  add_distractor: 0.05,
  update: 0.7,
  delete: 0.12,
  filter: 0.15,
  summarise: 0.04,
  retrieve: 0.85,
  persist: 0.25,
  mistake: 0.03,
}

interface Move {
  think: string
  action: { calls: ToolCall[] } | { answer: string }
}

/** Everything that one reply is decided on. */
interface Scene {
  problem: WorldProblem
  situation: Situation
  statements: Statement[]
  habits: Habits
  random: Random
  /** Messages since the beginning, or since the context was reset. */
  length: number
}

const call = (name: string, args: Record<string, unknown>): ToolCall => ({ name, arguments: args })
const say = (think: string, answer: string): Move => ({ think, action: { answer } })
const use = (think: string, ...calls: ToolCall[]): Move => ({ think, action: { calls } })

/** A thought that opens the reply to a message. */
function thought({ random }: Scene, act: phrases.Act, slots: { s?: string | null; id?: string | null } = {}): string {
  const usable = phrases.thoughts[act].filter((text) => (slots.s || !text.includes('{s}')) && (slots.id || !text.includes('{id}')))
  return fill(random.pick(usable), { s: slots.s ?? '', id: slots.id ?? '' })
}

const listen = (scene: Scene): Move => say(thought(scene, 'listen'), scene.random.pick(phrases.said.heard))

/** The memory that holds these words, if the conversation shows one. */
function memoryOf({ known }: Situation, content: string): string | null {
  for (const [id, held] of known) if (held === content) return id
  return null
}

/** The last call failed: once more, as it should have been. */
function recover(scene: Scene): Move | null {
  const last = scene.situation.done.at(-1)
  if (!last?.result.startsWith('Error: ')) return null
  const target = outdatedEntry(scene, toldFacts(scene.situation, scene.problem.task))
  const corrected = correctedCall(last.call, target?.id ?? null)
  return corrected && use(scene.random.pick(phrases.recovering), corrected)
}

/** The entry that one of these facts corrects, where the conversation shows it. */
function outdatedEntry({ situation, problem }: Scene, told: readonly Fact[]): { id: string; fact: Fact } | null {
  for (const fact of told) {
    const outdated = problem.task.facts.find((each) => each.superseded_by === fact.id)
    const id = outdated ? memoryOf(situation, outdated.text) : null
    if (id !== null) return { id, fact }
  }
  return null
}

/** Facts of the message that hold and are not stored yet, as far as the conversation shows. */
function newFacts({ situation, problem }: Scene): Fact[] {
  const told = toldFacts(situation, problem.task)
  return told.filter((fact) => !told.some((other) => other.id === fact.superseded_by) && memoryOf(situation, fact.text) === null)
}

function subjectOf(scene: Scene, fact: Fact | undefined): string | null {
  return scene.statements.find((statement) => statement.fact === fact?.id)?.triple.subject ?? null
}

const addAll = (facts: readonly Fact[]) => facts.map((fact) => call('Add_memory', { content: fact.text }))

/** Stage 1, a message that tells facts. */
function build(scene: Scene): Move {
  const { habits, random } = scene
  const fresh = newFacts(scene)
  const corrected = outdatedEntry(scene, fresh)
  if (corrected) {
    const { id, fact } = corrected
    const slots = { s: subjectOf(scene, fact), id }
    const others = fresh.filter((each) => each.id !== fact.id)
    const luck = random.next()
    if (luck < habits.update) return use(thought(scene, 'update', slots), call('Update_memory', { memory_id: id, content: fact.text }), ...addAll(others))
    if (luck < habits.update + habits.delete) return use(thought(scene, 'delete', slots), call('Delete_memory', { memory_id: id, confirmation: true }))
  } else if (fresh.some(isCorrection(scene)) && random.chance(habits.update * 0.3)) {
    // The old entry is not among the related memories; it may be there all the same.
    return use(thought(scene, 'look-up'), call('Retrieve_memory', { query: lookUpQuery(scene, fresh) }))
  }
  if (fresh.length === 0 || !random.chance(habits.add)) return listen(scene)
  const slots = { s: fresh.length === 1 ? subjectOf(scene, fresh[0]) : null }
  return use(thought(scene, 'add', slots), ...addAll(fresh))
}

const isCorrection =
  ({ problem }: Scene) =>
  (fact: Fact): boolean =>
    problem.task.facts.some((each) => each.superseded_by === fact.id)

function lookUpQuery(scene: Scene, facts: readonly Fact[]): string {
  const fact = facts.find(isCorrection(scene))
  const triple = scene.statements.find((statement) => statement.fact === fact?.id)?.triple
  return triple ? stem(triple.subject, triple.relation) : scene.situation.incoming
}

/** A reply after the calls of this turn. */
function settle(scene: Scene): Move {
  const { situation, random } = scene
  const last = situation.done.at(-1)?.call.name
  const fresh = newFacts(scene)
  if (last === 'Retrieve_memory') {
    const corrected = outdatedEntry(scene, fresh)
    if (corrected) {
      const { id, fact } = corrected
      return use(thought(scene, 'update', { s: subjectOf(scene, fact), id }), call('Update_memory', { memory_id: id, content: fact.text }))
    }
    if (fresh.length > 0) return use(thought(scene, 'add', { s: subjectOf(scene, fresh[0]) }), ...addAll(fresh))
  }
  if (last === 'Delete_memory' && fresh.length > 0) return use(thought(scene, 'add', { s: subjectOf(scene, fresh[0]) }), ...addAll(fresh))
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
async function converse(scene: Scene, embedder: Embedder): Promise<Move> {
  const { situation, problem, habits, random, length } = scene
  if (situation.done.length > 0) return recover(scene) ?? settle(scene)
  const distractors = toldDistractors(situation, problem.task)
  if (length > 6 && random.chance(habits.summarise)) {
    return use(thought(scene, 'summarise'), call('Summary_context', { span: random.chance(0.75) ? 'all' : String(2 + random.int(3)) }))
  }
  if (distractors.length > 0) {
    if (random.chance(habits.filter)) return use(thought(scene, 'filter'), call('Filter_context', { criteria: await criteriaFor(situation.incoming, embedder, 0.6) }))
    return random.chance(habits.add_distractor) ? addTalk(scene) : listen(scene)
  }
  if (toldFacts(situation, problem.task).length > 0) return build(scene)
  return random.chance(habits.add_small_talk) ? addTalk(scene) : listen(scene)
}

function addTalk(scene: Scene): Move {
  const [line = ''] = scene.situation.incoming.split('\n')
  return use(thought(scene, 'add-chat'), call('Add_memory', { content: line }))
}

/** Words to search for what is missing; the first search may be for the question as it was put. */
function queryFor(missing: Missing, scene: Scene, first: boolean): string {
  const luck = scene.random.next()
  if (luck < 0.15 && first) return scene.problem.task.query
  if (luck < 0.25) return missing.subject
  if (luck < 0.4) return `${phrases.topics[missing.relation]} ${missing.subject}`
  return stem(missing.subject, missing.relation)
}

const retrieve = (query: string, random: Random) => call('Retrieve_memory', random.chance(0.1) ? { query, top_k: 5 } : { query })

/** The reasoning so far: what was found, in the words in which it was found. */
function reasoning({ because, comparison }: Sight): string[] {
  const texts = because.map((statement) => statement.text)
  // A third fact follows from the comparison of the first two.
  return comparison === null ? texts : [...texts.slice(0, 2), comparison, ...texts.slice(2)]
}

/** Stage 3: search as long as something is missing and not yet searched for, then answer by what is there. */
function answer(scene: Scene): Move {
  const { situation, problem, habits, random } = scene
  const corrected = recover(scene)
  if (corrected) return corrected
  const sight = follow(problem.question, seenStatements(situation, scene.statements))
  if (sight.answer) return conclude(scene, sight)
  const searches = situation.done.filter((each) => each.call.name === 'Retrieve_memory')
  const known = reasoning(sight).join(' ')
  const [missing] = sight.missing
  if (searches.length === 0 && missing && random.chance(habits.retrieve)) {
    // Two things may be looked for at once.
    const wanted = sight.missing.length > 1 && random.chance(0.4) ? sight.missing : [missing]
    return use(fill(random.pick(phrases.searching), { s: missing.subject }), ...wanted.map((each) => retrieve(queryFor(each, scene, true), random)))
  }
  const asked = (each: Missing) => searches.some(({ call: { arguments: args } }) => aims(args['query'], each))
  const next = searches.length > 0 && searches.length < 4 ? sight.missing.find((each) => !asked(each)) : undefined
  const broad = searches.some((each) => each.call.arguments['query'] === problem.task.query)
  if (next && sight.because.length > 0) {
    return use([known, fill(random.pick(phrases.searchingOn), { s: next.subject })].join(' '), retrieve(queryFor(next, scene, false), random))
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

function conclude(scene: Scene, sight: Sight): Move {
  const { random, situation } = scene
  const triple = sight.answer
  if (!triple) return say(random.pick(phrases.ignorant), random.pick(phrases.said.unknown))
  const { value, relation } = triple
  const template = random.pick(phrases.answersFor(relations[relation].value, relation))
  const [only] = sight.because
  const id = sight.because.length === 1 && only ? memoryOf(situation, only.text) : null
  const think = id !== null && random.chance(0.2) ? fill(random.pick(phrases.pointing), { id }) : reasoning(sight).join(' ')
  return say(think, fill(template, { v: value }))
}

/** What the messages told that may matter, each fact once and as it now stands. */
function summary({ problem, random, statements }: Scene, prompt: string): string {
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
 * The demonstrator for problems of the world. `findProblem` gives the one that a request is for.
 * @throws Error from generate() when the problem is not known
 */
export function demonstrator(findProblem: (task: string) => WorldProblem | undefined, { habits, embedder }: DemonstratorOptions): Policy {
  const reply = async ({ conversation, purpose, episode, seed }: GenerateRequest): Promise<Generation> => {
    const problem = findProblem(episode.task)
    if (!problem) throw new Error(`The demonstrator does not know task ${episode.task}.`)
    const random = createRandom(seed)
    const situation = readSituation(conversation, problem.task)
    const scene: Scene = { problem, situation, statements: statementsOf(problem), habits, random, length: conversation.length }
    const text = purpose === 'summarise' ? summary(scene, conversation.at(-1)?.content ?? '') : await act(scene, embedder)
    return { text, tokens: wordCounter.count(text), token_ids: null, logprobs: null, finish: 'stop' }
  }
  return {
    name: 'demonstrator',
    generate: async (requests, { signal }) => {
      if (signal?.aborted) throw new AbortError()
      return Promise.all(requests.map(reply))
    },
  }
}

async function act(scene: Scene, embedder: Embedder): Promise<string> {
  const move = scene.situation.asked ? answer(scene) : await converse(scene, embedder)
  const slip: Mistake | null = scene.random.fork('mistake').chance(scene.habits.mistake) ? spoil(move.action, scene.random.fork('how')) : null
  if (slip === null) return formatReply(move.think, move.action)
  return 'text' in slip ? slip.text.replace('{think}', () => move.think) : formatReply(move.think, slip)
}
