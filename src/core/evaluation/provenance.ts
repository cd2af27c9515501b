// Where things came from and where they went: who wrote a memory, what took a message out of the context, what an
// answer rests on. Read off a trajectory's events; knows nothing of rewards or of how it is shown.
import { isQuestion, neededFacts, statedIn, states, type Fact } from '../environments/question/task.ts'
import { contextAt } from '../record/replay.ts'
import type { ContextMessage, EpisodeEvent, EventOf, MessageKind, Step, Trajectory } from '../record/trajectory.ts'

/** One write to a memory. */
export interface Writing {
  step: number
  /** Index of the call in the step's reply. */
  call: number | null
  type: 'add' | 'update' | 'delete'
  content: string
}

/** Every write to every memory, by memory id, oldest first. */
export function writings(steps: readonly Step[]): Map<string, Writing[]> {
  const found = new Map<string, Writing[]>()
  const note = (id: string, writing: Writing) => found.set(id, [...(found.get(id) ?? []), writing])
  for (const [step, { before, after }] of steps.entries()) {
    for (const event of [...before, ...after]) {
      const { call } = event
      if (event.type === 'ltm.add') note(event.entry.id, { step, call, type: 'add', content: event.entry.content })
      if (event.type === 'ltm.update') note(event.after.id, { step, call, type: 'update', content: event.after.content })
      if (event.type === 'ltm.delete') note(event.entry.id, { step, call, type: 'delete', content: event.entry.content })
    }
  }
  return found
}

/** The write that gave a memory the content it has at the end of step `at`; null when nothing had written it yet. */
export function writingAt(all: ReadonlyMap<string, readonly Writing[]>, id: string, at: number): Writing | null {
  return all.get(id)?.findLast((writing) => writing.step <= at && writing.type !== 'delete') ?? null
}

/** How a message left the context. */
export type Departure =
  | { how: 'filtered'; step: number; similarity: number; threshold: number }
  | { how: 'summarised'; step: number; into: string }
  | { how: 'reset'; step: number }

/** For each message that left the context, by id: when and how. */
export function departures(steps: readonly Step[]): Map<string, Departure> {
  const gone = new Map<string, Departure>()
  for (const [step, { before, after }] of steps.entries()) {
    for (const event of [...before, ...after]) {
      switch (event.type) {
        case 'stm.filter':
          for (const id of event.removed) {
            const similarity = event.similarities.find((each) => each.id === id)?.similarity ?? event.threshold
            gone.set(id, { how: 'filtered', step, similarity, threshold: event.threshold })
          }
          break
        case 'stm.summarise':
          for (const id of event.removed) gone.set(id, { how: 'summarised', step, into: event.message.id })
          break
        case 'stm.reset':
          for (const id of event.removed) gone.set(id, { how: 'reset', step })
          break
        default:
      }
    }
  }
  return gone
}

/** A retrieval together with the message that carried its hits into the context. */
interface Delivery {
  step: number
  event: EventOf<'ltm.retrieve'>
  /** Null when nothing was found and no message was made of it. */
  message: string | null
}

function deliveriesOf(events: readonly EpisodeEvent[], step: number): Delivery[] {
  return events.flatMap((event, at) => {
    if (event.type !== 'ltm.retrieve') return []
    const carrier = events.slice(at + 1).find((later): later is EventOf<'stm.append'> => later.type === 'stm.append' && later.call === event.call)
    return [{ step, event, message: carrier?.message.id ?? null }]
  })
}

/** All retrievals, the environment's own of stage 1 included, in order. */
export function deliveries(steps: readonly Step[]): Delivery[] {
  return steps.flatMap((step, at) => [...deliveriesOf(step.before, at), ...deliveriesOf(step.after, at)])
}

/** A place in the context where a fact stood when the answer was given. */
export interface Source {
  message: string
  kind: MessageKind
  /** The step in which the message came into the context. */
  step: number
  /** The memory that states the fact, when a retrieval brought it. */
  memory: { id: string; content: string; similarity: number; written: number | null } | null
}

export interface AnswerProvenance {
  /** The step that answered. */
  step: number
  answer: string
  /** Each fact that the answer is derived from, and where it stood; no sources: it was not there. */
  facts: { fact: Fact; sources: Source[] }[]
}

function arrivals(steps: readonly Step[]): Map<string, number> {
  const arrived = new Map<string, number>()
  for (const [step, { before, after }] of steps.entries()) {
    for (const event of [...before, ...after]) {
      if (event.type === 'stm.append' || event.type === 'stm.summarise') arrived.set(event.message.id, step)
    }
  }
  return arrived
}

const information = new Set<MessageKind>(['message', 'memories', 'result', 'summary'])

function sourcesOf(fact: Fact, context: readonly ContextMessage[], trajectory: Pick<Trajectory, 'steps'>): Source[] {
  const written = writings(trajectory.steps)
  const arrived = arrivals(trajectory.steps)
  const carried = deliveries(trajectory.steps)
  return context.flatMap((message): Source[] => {
    if (!information.has(message.kind)) return []
    const step = arrived.get(message.id) ?? 0
    const delivery = carried.find((each) => each.message === message.id)
    if (delivery) {
      return delivery.event.hits
        .filter((hit) => states(hit.content, fact))
        .map((hit) => ({ message: message.id, kind: message.kind, step, memory: { ...hit, written: writingAt(written, hit.id, step)?.step ?? null } }))
    }
    return statedIn(message.content, fact) ? [{ message: message.id, kind: message.kind, step, memory: null }] : []
  })
}

/** What the final answer rests on: the needed facts and where each stood in the context. Null without an answer, and for tasks that rest on none. */
export function answerProvenance(trajectory: Pick<Trajectory, 'steps' | 'task'>): AnswerProvenance | null {
  const { task } = trajectory
  if (!isQuestion(task)) return null
  const step = trajectory.steps.findLastIndex((each) => each.phase === 'answer' && each.answer !== null)
  const answer = trajectory.steps[step]?.answer
  if (answer === null || answer === undefined) return null
  const context = contextAt(trajectory, step, 'prompt')
  const facts = neededFacts(task).map((fact) => ({ fact, sources: sourcesOf(fact, context, trajectory) }))
  return { step, answer, facts }
}
