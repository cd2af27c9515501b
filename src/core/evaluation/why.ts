// Why an episode ended as it did: one reason, read off its record and the score of its answer. Data, no words: the page
// makes a sentence of it. Follows each fact that the answer needs from where it was told to where the answer was given.
import {
  isQuestion,
  neededFacts,
  referredMessages,
  states,
  type Fact,
  type Task,
} from '../environments/question/task.ts'
import { admitsIgnorance } from '../environments/question/judge.ts'
import { memoryAt } from '../record/replay.ts'
import type { Step, Trajectory } from '../record/trajectory.ts'
import { successFrom } from './metrics.ts'
import {
  answerProvenance,
  deliveries,
  departures,
  writings,
  type AnswerProvenance,
  type Writing,
} from './provenance.ts'

/** How the answer came out; `unknown`: it said that it does not know. */
export type Outcome = 'right' | 'partly' | 'wrong' | 'unknown' | 'none' | 'stopped'

/** What happened to a fact that the answer needs. Steps count from 0. */
export type Loss =
  /** An update of the memory that held it put something else there. */
  | { kind: 'overwritten'; step: number; memory: string; fact: string; by: string }
  | { kind: 'deleted'; step: number; memory: string; fact: string }
  /** The memory still has the value of before, for the correction was not stored. */
  | { kind: 'stale'; step: number; memory: string; fact: string; old: string }
  /** What was stored when it was told does not state it. */
  | { kind: 'garbled'; step: number; memory: string; fact: string; stored: string }
  | { kind: 'never-stored'; step: number; fact: string }
  /** It is in the memory, and nothing searched for it once the context had been emptied. */
  | { kind: 'not-searched'; step: number; memory: string; fact: string }
  /** The memory was searched, and the entry was not among what was found. */
  | { kind: 'not-found'; step: number; memory: string; fact: string; query: string }
  /** It had been found, and was taken out of the context again. */
  | { kind: 'filtered' | 'summarised'; step: number; fact: string }

export type Reason =
  /** Every needed fact was stored, found again and stood in the context. */
  | { kind: 'remembered'; step: number; facts: number; updated: number }
  /** Right, though a needed fact was not there. */
  | { kind: 'guessed'; step: number; fact: string }
  | Loss
  /** All that it needs stood in the context. */
  | { kind: 'misread'; step: number; fact: string }
  /** As before, and what had been corrected stood there too. */
  | { kind: 'took-the-old'; step: number; memory: string; fact: string; old: string }
  /** The last replies broke the protocol. */
  | { kind: 'format'; step: number; rule: Step['violations'][number]['rule'] }
  | { kind: 'rounds'; step: number; searches: number }
  | { kind: 'overflow'; step: number }
  | { kind: 'stopped'; step: number }
  /** It came to its end elsewhere, and nothing here can say how right it was. */
  | { kind: 'unscored'; step: number }
  | { kind: 'failed'; step: number }
  /** Nothing more can be said: the task has no facts to follow. */
  | { kind: 'judged'; step: number }

export type ReasonKind = Reason['kind']

/** The outcome with its reason. */
export interface Why {
  outcome: Outcome
  reason: Reason
  /** What the answer needed and did not have, in all; the reason tells of one of them. */
  missing: number
}

/** What is looked up once for all facts. */
interface Traces {
  trajectory: Trajectory
  task: Task
  written: ReadonlyMap<string, readonly Writing[]>
}

/** The step that told it; 0 where the record does not say. */
function toldAt({ trajectory: { steps }, task }: Traces, fact: Fact): number {
  const step = steps.findIndex(({ before }) =>
    before.some(
      (event) =>
        event.type === 'stm.append' &&
        referredMessages(task, event.message.about).some(({ facts }) => facts.includes(fact.id)),
    ),
  )
  return Math.max(0, step)
}

/** The last write after which no memory states the fact, where one had; null: none ever had. */
function lossOf({ written }: Traces, fact: Fact): Loss | null {
  const losses = [...written].flatMap(([memory, all]): Loss[] => {
    const had = all.findLastIndex((each) => each.type !== 'delete' && states(each.content, fact))
    const after = all[had + 1]
    if (had < 0 || !after) return []
    if (after.type === 'delete') return [{ kind: 'deleted', step: after.step, memory, fact: fact.text }]
    return [{ kind: 'overwritten', step: after.step, memory, fact: fact.text, by: after.content }]
  })
  return losses.sort((a, b) => a.step - b.step).at(-1) ?? null
}

/** All that a fact corrects, directly or through others. */
function outdatedBy(task: Task, fact: Fact): Fact[] {
  return task.facts
    .filter((each) => each.superseded_by === fact.id)
    .flatMap((each) => [each, ...outdatedBy(task, each)])
}

const atTheEnd = (trajectory: Trajectory) => memoryAt(trajectory, trajectory.steps.length - 1, 'after')

/** Why a fact that was never in the memory is not there. */
function neverThere(traces: Traces, fact: Fact): Loss {
  const { trajectory, task, written } = traces
  const told = toldAt(traces, fact)
  for (const old of outdatedBy(task, fact)) {
    const entry = atTheEnd(trajectory).find(({ content }) => states(content, old))
    if (entry) return { kind: 'stale', step: told, memory: entry.id, fact: fact.text, old: entry.content }
  }
  const turn = trajectory.steps[told]?.turn
  for (const [memory, all] of written) {
    const here = all.find(({ step, type }) => {
      const at = trajectory.steps[step]
      return type !== 'delete' && step >= told && at?.phase === 'build' && at.turn === turn
    })
    const others = here && task.facts.some((each) => each.id !== fact.id && states(here.content, each))
    if (here && !others) return { kind: 'garbled', step: here.step, memory, fact: fact.text, stored: here.content }
  }
  return { kind: 'never-stored', step: told, fact: fact.text }
}

/** Why a fact that the memory has did not stand in the context. */
function notBrought({ trajectory: { steps } }: Traces, fact: Fact, memory: string): Loss {
  const after = steps.findIndex(({ before }) => before.some(({ type }) => type === 'stm.reset'))
  const searches = deliveries(steps).filter(({ step, event }) => step >= after && event.call !== null)
  const gone = departures(steps)
  for (const { message, event, step } of searches.toReversed()) {
    if (message === null || !event.hits.some(({ content }) => states(content, fact))) continue
    const left = gone.get(message)
    if (left && left.how !== 'reset') return { kind: left.how, step: left.step, fact: fact.text }
    return { kind: 'not-found', step, memory, fact: fact.text, query: event.query }
  }
  const last = searches.at(-1)
  if (!last) return { kind: 'not-searched', step: steps.length - 1, memory, fact: fact.text }
  return { kind: 'not-found', step: last.step, memory, fact: fact.text, query: last.event.query }
}

/** What happened to a fact that did not stand in the context when the answer was given. */
function fateOf(traces: Traces, fact: Fact): Loss {
  const there = atTheEnd(traces.trajectory).find(({ content }) => states(content, fact))
  return there ? notBrought(traces, fact, there.id) : (lossOf(traces, fact) ?? neverThere(traces, fact))
}

/** What is told first when several facts are missing: the mistake that most is to be learnt from. */
const tellingOrder: readonly Loss['kind'][] = [
  'overwritten',
  'deleted',
  'filtered',
  'summarised',
  'stale',
  'garbled',
  'never-stored',
  'not-found',
  'not-searched',
]

function mainLoss(losses: readonly Loss[]): Loss | null {
  return [...losses].sort((a, b) => tellingOrder.indexOf(a.kind) - tellingOrder.indexOf(b.kind))[0] ?? null
}

/** All was there and the answer is another one: an outdated value stood beside it, or there is no reason to be seen. */
function misread({ task, trajectory: { steps } }: Traces, { step, answer, facts }: AnswerProvenance): Reason {
  for (const { fact } of facts) {
    for (const old of outdatedBy(task, fact)) {
      for (const { event } of deliveries(steps).filter((each) => each.message !== null && each.event.call !== null)) {
        const hit = event.hits.find(({ content }) => states(content, old) && !states(content, fact))
        const told = old.keys.flat().some((phrase) => !fact.keys.flat().includes(phrase) && answer.includes(phrase))
        if (hit && told) return { kind: 'took-the-old', step, memory: hit.id, fact: fact.text, old: hit.content }
      }
    }
  }
  return { kind: 'misread', step, fact: facts[0]?.fact.text ?? '' }
}

function withoutAnswer({ steps, stop }: Trajectory): Reason {
  const step = Math.max(0, steps.length - 1)
  if (stop === 'overflow') return { kind: 'overflow', step }
  const broken = steps.at(-1)?.violations.find(({ recovered }) => !recovered)
  if (broken) return { kind: 'format', step, rule: broken.rule }
  const answering = steps.filter(({ phase }) => phase === 'answer')
  return {
    kind: 'rounds',
    step,
    searches: answering.flatMap(({ calls }) => calls).filter(({ name }) => name === 'Retrieve_memory').length,
  }
}

/** How many of the facts are corrections that an update brought into the memory. */
function updatesAmong({ task, written }: Traces, facts: readonly Fact[]): number {
  const updates = [...written.values()].flat().filter(({ type }) => type === 'update')
  return facts.filter(
    (fact) => outdatedBy(task, fact).length > 0 && updates.some(({ content }) => states(content, fact)),
  ).length
}

function outcomeOf(answer: string, score: number): Outcome {
  if (score >= successFrom) return 'right'
  if (score > 0) return 'partly'
  return admitsIgnorance(answer) ? 'unknown' : 'wrong'
}

/**
 * Why the episode ended as it did.
 * @param score R_task, the score of the answer as it counts; of an episode that is not complete it is not looked at
 */
export function whyOf(trajectory: Trajectory, score: number): Why {
  const { task, steps, status, stop, answer } = trajectory
  const step = Math.max(0, steps.length - 1)
  if (status !== 'complete')
    return { outcome: 'stopped', reason: { kind: stop === 'failed' ? 'failed' : stop === null ? 'unscored' : 'stopped', step }, missing: 0 }
  if (answer === null) return { outcome: 'none', reason: withoutAnswer(trajectory), missing: 0 }
  const outcome = outcomeOf(answer, score)
  const provenance = answerProvenance(trajectory)
  if (!isQuestion(task) || !provenance || provenance.facts.length === 0)
    return { outcome, reason: { kind: 'judged', step }, missing: 0 }
  const traces: Traces = { trajectory, task, written: writings(steps) }
  const missing = provenance.facts.filter(({ sources }) => sources.length === 0).map(({ fact }) => fact)
  const [first] = missing
  if (outcome === 'right') {
    const facts = neededFacts(task)
    const reason: Reason = first
      ? { kind: 'guessed', step: provenance.step, fact: first.text }
      : { kind: 'remembered', step: provenance.step, facts: facts.length, updated: updatesAmong(traces, facts) }
    return { outcome, reason, missing: missing.length }
  }
  const loss = mainLoss(missing.map((fact) => fateOf(traces, fact)))
  return { outcome, reason: loss ?? misread(traces, provenance), missing: missing.length }
}
