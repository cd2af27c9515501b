// The procedural world: tasks about people, organisations and places, drawn from a seed. Puts together what is told in
// stages 1 and 2 and what is asked; structure, names and wordings are in the files beside it.
import { z } from 'zod'
import { mustFit } from '../../../fit.ts'
import { createRandom, hash32, type Random } from '../../../random.ts'
import { states, type Fact, type Task, type TaskMessage } from '../task.ts'
import { containsPhrase } from '../../../text.ts'
import type { NameSplit } from './names.ts'
import { smallTalk } from './phrases/small-talk.ts'
import { createCast, type Cast } from './world-cast.ts'
import { canonical, correct, createPicker, distract, mentions, misleadingKinds, tell, topicalKinds, type DistractorContext } from './world-messages.ts'
import { answerRelation, poseQuestion, questionKinds, wordQuestion, type QuestionKind } from './world-questions.ts'
import { deriveAnswer, fits, relationNames, relations, type Question, type Triple } from './world-relations.ts'
import { wordings } from './world-values.ts'

const share = z.number().min(0).max(1)
const weight = z.number().min(0).max(1)

export const worldDifficultySchema = z
  .object({
    /** Facts worth storing that hold at the end of stage 1; a question that needs more raises it. */
    facts: z.number().int().min(1).max(8),
    /** How often a question of one hop comes, relative to the other three. */
    one_hop: weight,
    /** … of two hops: what holds of somebody's employer, manager, town … */
    two_hop: weight,
    /** … of the older or earlier of two. */
    comparison: weight,
    /** … of one hop, about a fact that is corrected. */
    update: weight,
    /** Messages of stage 2. */
    distractors: z.number().int().min(0).max(12),
    /** Share of the distractors that mislead (a namesake, a colleague, an outdated value); the others are on topic. */
    distractor_closeness: share,
    /** Messages of stage 1 with nothing worth storing. */
    small_talk: z.number().int().min(0).max(8),
    /** Probability that a fact is corrected later in stage 1. Questions of kind update always have it. */
    update_share: share,
  })
  .refine((of) => of.one_hop + of.two_hop + of.comparison + of.update > 0, {
    path: ['one_hop'],
    message: 'One of one_hop, two_hop, comparison and update must be above 0.',
  })
export type WorldDifficulty = z.infer<typeof worldDifficultySchema>

export const defaultDifficulty: WorldDifficulty = {
  facts: 3,
  one_hop: 0.3,
  two_hop: 0.3,
  comparison: 0.2,
  update: 0.2,
  distractors: 3,
  distractor_closeness: 0.5,
  small_talk: 2,
  update_share: 0.35,
}

/** Anywhere in the space of difficulties, edges included. */
export function randomDifficulty(random: Random): WorldDifficulty {
  const edge = () => (random.chance(0.2) ? random.int(2) : random.next())
  const weights = { one_hop: edge(), two_hop: edge(), comparison: edge(), update: edge() }
  if (Object.values(weights).every((each) => each === 0)) weights.one_hop = 1
  return {
    facts: 1 + random.int(8),
    ...weights,
    distractors: random.int(13),
    distractor_closeness: edge(),
    small_talk: random.int(9),
    update_share: edge(),
  }
}

interface WorldRequest {
  seed: number
  index: number
  split: NameSplit
  difficulty: WorldDifficulty
}

/** A task with the structure that it was made from. */
export interface WorldProblem {
  task: Task
  question: Question
  /** What holds at the end of stage 1. */
  facts: Triple[]
}

/** The index-th task of the seed and split. Deterministic; tasks of one seed are independent of each other. */
export function worldTask(request: WorldRequest): Task {
  return worldProblem(request).task
}

/** worldTask, with the structure beneath. */
export function worldProblem({ seed, index, split, difficulty }: WorldRequest): WorldProblem {
  const random = createRandom(seed).fork(`world/${split}`).fork(index)
  const kind = drawKind(random.fork('kind'), difficulty)
  const cast = createCast(random.fork('cast'), split)
  const posed = poseQuestion(kind, random.fork('question'), cast, difficulty.facts)
  const updates = random.fork('update')
  const corrected = kind === 'update' || updates.chance(difficulty.update_share)

  const facts = [...posed.needed, ...posed.extra]
  // A corrected fact that a one-hop question asks for would make it an update question: there must be another.
  const total = Math.max(difficulty.facts, facts.length, kind === 'one-hop' && corrected ? 2 : 1)
  const fillers = random.fork('fillers')
  while (facts.length < total) facts.push(filler(facts, posed.question, fillers, cast))

  const answer = deriveAnswer(facts, posed.question)
  if (answer === null) throw new Error('The world posed a question that its facts do not answer.')
  const [, ...aliases] = wordings(relations[answerRelation(posed.question)].value, answer)
  const answers = [answer, ...aliases]

  const target = corrected ? updates.pick(correctable(kind, facts, posed.needed)) : null
  const superseded = target && { ...target, value: cast.fresh(relations[target.relation].value) }
  const pick = createPicker(random.fork('templates'))
  const needed = new Set(posed.needed)
  const told = tellAll({ facts, needed, target, superseded, chatter: difficulty.small_talk, random: random.fork('stage1'), pick })
  const current = told.facts.filter((fact) => fact.superseded_by === null)
  const context = { random: random.fork('stage2'), cast, pick, facts, superseded, needed: posed.needed, answer }

  return {
    question: posed.question,
    facts,
    task: {
      id: taskId(seed, index, split, difficulty),
      source: 'world',
      kind,
      split,
      facts: told.facts,
      build: told.messages,
      resist: distractAll(context, difficulty, current, answers),
      query: wordQuestion(posed.question, random.fork('query')),
      answer,
      aliases,
    },
  }
}

function taskId(seed: number, index: number, split: NameSplit, difficulty: WorldDifficulty): string {
  const plain = `world-${split}-${seed}-${index}`
  const written = JSON.stringify(mustFit(worldDifficultySchema, difficulty, 'The difficulty does not fit: '))
  return written === JSON.stringify(defaultDifficulty) ? plain : `${plain}-${hash32(written).toString(16).padStart(8, '0')}`
}

function drawKind(random: Random, difficulty: WorldDifficulty): QuestionKind {
  const weights: Record<QuestionKind, number> = {
    'one-hop': difficulty.one_hop,
    'two-hop': difficulty.two_hop,
    comparison: difficulty.comparison,
    update: difficulty.update,
  }
  let left = random.next() * questionKinds.reduce((sum, kind) => sum + weights[kind], 0)
  for (const kind of questionKinds) {
    left -= weights[kind]
    if (left < 0) return kind
  }
  return questionKinds.find((kind) => weights[kind] > 0) ?? 'one-hop'
}

/** Which facts a correction may hit. */
function correctable(kind: QuestionKind, facts: readonly Triple[], needed: readonly Triple[]): readonly Triple[] {
  switch (kind) {
    case 'update':
      return needed
    case 'one-hop':
      return facts.filter((fact) => !needed.includes(fact))
    case 'two-hop':
    case 'comparison':
      return facts
  }
}

/** One more fact, of somebody the task knows already or of somebody new, that changes nothing about the answer. */
function filler(facts: readonly Triple[], question: Question, random: Random, cast: Cast): Triple {
  const asked = answerRelation(question)
  const entities = facts.flatMap(({ subject, relation, value }) => {
    const { subject: subjectKind, value: valueKind } = relations[relation]
    const known = [{ name: subject, kind: subjectKind }]
    if (valueKind === 'person' || valueKind === 'organisation' || valueKind === 'place') known.push({ name: value, kind: valueKind })
    return known
  })
  for (;;) {
    if (random.chance(0.5)) {
      const { name, kind } = random.pick(entities)
      const relation = random.pick(relationNames.filter((each) => relations[each].subject === kind))
      if (!fits(facts, name, relation)) continue
      return { subject: name, relation, value: cast.fresh(relations[relation].value) }
    }
    const relation = random.chance(0.35) ? asked : random.pick(relationNames)
    return { subject: cast.fresh(relations[relation].subject), relation, value: cast.fresh(relations[relation].value) }
  }
}

interface Telling {
  facts: readonly Triple[]
  needed: ReadonlySet<Triple>
  /** The fact that is told wrongly first, and how. */
  target: Triple | null
  superseded: Triple | null
  chatter: number
  random: Random
  pick: (templates: readonly string[]) => string
}

/** Stage 1: the facts in random order among small talk, the correction some time after what it corrects. */
function tellAll({ facts, needed, target, superseded, chatter, random, pick }: Telling): { facts: Fact[]; messages: TaskMessage[] } {
  type Item = { triple: Triple; corrects: boolean } | null
  const firstTold = (fact: Triple) => (fact === target && superseded ? superseded : fact)
  const items: Item[] = random.shuffle<Item>([
    ...facts.map((fact) => ({ triple: firstTold(fact), corrects: false })),
    ...Array.from({ length: chatter }, () => null),
  ])
  if (target) {
    const original = items.findIndex((item) => item?.triple === superseded)
    const earliest = Math.min(original + 2, items.length)
    items.splice(earliest + random.int(items.length - earliest + 1), 0, { triple: target, corrects: true })
  }
  const ids = new Map<Triple, string>()
  for (const item of items) if (item) ids.set(item.triple, `f${ids.size + 1}`)
  const idOf = (triple: Triple) => ids.get(triple) ?? ''

  const messages = items.map((item): TaskMessage => {
    if (!item) return { text: pick(smallTalk), kind: 'small-talk', facts: [] }
    const { triple, corrects } = item
    if (!corrects || !superseded) return { text: tell(triple, random, pick), kind: 'fact', facts: [idOf(triple)] }
    return { text: correct(triple, superseded, random, pick), kind: 'correction', facts: [idOf(triple)] }
  })
  const listed = items.flatMap((item): Fact[] => {
    if (!item) return []
    const { triple } = item
    return [
      {
        id: idOf(triple),
        text: canonical(triple),
        keys: [[triple.subject], shortest(wordings(relations[triple.relation].value, triple.value))],
        needed: needed.has(triple),
        superseded_by: triple === superseded && target ? idOf(target) : null,
      },
    ]
  })
  return { facts: listed, messages }
}

/** Wordings that no other wording is part of: enough to find any of them. */
function shortest(all: readonly string[]): string[] {
  return all.filter((one) => !all.some((other) => other !== one && containsPhrase(one, other)))
}

/** Stage 2: no message has the answer in it or states what holds. */
function distractAll(context: DistractorContext, difficulty: WorldDifficulty, current: readonly Fact[], answers: readonly string[]): TaskMessage[] {
  const { random } = context
  const close = Math.round(difficulty.distractors * difficulty.distractor_closeness)
  const texts = new Set<string>()
  while (texts.size < difficulty.distractors) {
    const text = distract(random.pick(texts.size < close ? misleadingKinds : topicalKinds), context)
    if (text === null || mentions(text, answers) || current.some((fact) => states(text, fact))) continue
    texts.add(text)
  }
  return random.shuffle([...texts]).map((text) => ({ text, kind: 'distractor', facts: [] }))
}
