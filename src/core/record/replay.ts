// STM and LTM at any step of a trajectory, replayed from its events.
import { applyToContext, contextTokens } from './context.ts'
import type { ContextMessage, EpisodeEvent, LtmEvent, MemoryRecord, Step, StmEvent, Trajectory } from './trajectory.ts'

/** What of a step moves the memories. */
type Moves = Pick<Step, 'before' | 'after'>

/** before: as the step found it. prompt: once the environment moved, what the policy saw. after: when it is over. */
type Moment = 'before' | 'prompt' | 'after'

export function isStmEvent(event: EpisodeEvent): event is StmEvent {
  return event.type.startsWith('stm.')
}

/** Entries of the LTM after an event, oldest first. */
function applyToMemory(memory: readonly MemoryRecord[], event: LtmEvent): MemoryRecord[] {
  switch (event.type) {
    case 'ltm.add':
      return [...memory, event.entry]
    case 'ltm.update':
      return memory.map((entry) => (entry.id === event.after.id ? event.after : entry))
    case 'ltm.delete':
      return memory.filter((entry) => entry.id !== event.entry.id)
    case 'ltm.retrieve':
      return [...memory]
  }
}

/** The events up to a moment of a step, in order. Steps beyond the end give the end. */
function eventsUntil(steps: readonly Moves[], index: number, moment: Moment): EpisodeEvent[] {
  const events: EpisodeEvent[] = []
  for (const [i, step] of steps.entries()) {
    if (i > index) break
    if (i === index && moment === 'before') break
    for (const event of step.before) events.push(event)
    if (i === index && moment === 'prompt') break
    for (const event of step.after) events.push(event)
  }
  return events
}

/** C_t at a moment of step `index`. */
export function contextAt(trajectory: { steps: readonly Moves[] }, index: number, moment: Moment): ContextMessage[] {
  let context: ContextMessage[] = []
  for (const event of eventsUntil(trajectory.steps, index, moment)) {
    if (isStmEvent(event)) context = applyToContext(context, event)
  }
  return context
}

/**
 * Tokens in the window once step `index` is over: those of its prompt, which is exact where the policy reports them,
 * with what its messages and edits changed since.
 */
export function tokensAfter(trajectory: Pick<Trajectory, 'steps'>, index: number): number {
  const step = trajectory.steps[Math.min(index, trajectory.steps.length - 1)]
  if (!step) return 0
  return Math.max(0, step.prompt_tokens + contextTokens(contextAt(trajectory, index, 'after')) - contextTokens(contextAt(trajectory, index, 'prompt')))
}

/** M_t at a moment of step `index`, oldest entry first. */
export function memoryAt(trajectory: { steps: readonly Moves[] }, index: number, moment: Moment): MemoryRecord[] {
  let memory: MemoryRecord[] = []
  for (const event of eventsUntil(trajectory.steps, index, moment)) {
    if (!isStmEvent(event)) memory = applyToMemory(memory, event)
  }
  return memory
}
