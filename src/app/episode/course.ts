// What happened around a reply, in its order: what was heard, what else the policy was asked, what the agent changed by
// itself. What tools changed stands with their calls. Pure.
import type { Branch } from '../../core/record/setup.ts'
import type { Aside, EpisodeEvent, EventOf, Step } from '../../core/record/trajectory.ts'

/** A change of the long-term memory. */
export type MemoryEvent = EventOf<'ltm.add' | 'ltm.update' | 'ltm.delete'>

export type CourseItem =
  | { kind: 'event'; event: EpisodeEvent }
  | { kind: 'aside'; aside: Aside }
  /** Somebody changed it, to see what follows. */
  | { kind: 'by-hand'; event: EventOf<'stm.edit'> | MemoryEvent }

/** What came before the reply, and what after it that no call did. */
export interface Course {
  before: CourseItem[]
  after: CourseItem[]
}

export const isMemoryEvent = (event: EpisodeEvent): event is MemoryEvent =>
  event.type === 'ltm.add' || event.type === 'ltm.update' || event.type === 'ltm.delete'

/** The change of a what-if: the last thing before the reply of its step. */
function byHand({ before }: Step, branch: Branch | undefined, index: number): EpisodeEvent | undefined {
  if (branch?.step !== index || branch.change.what !== 'memory') return undefined
  return before.findLast(isMemoryEvent)
}

/** @param index of the step in its episode. @param branch of the episode's setup */
export function courseOf(step: Step, index: number, branch: Branch | undefined): Course {
  const changed = byHand(step, branch, index)
  // Records of before say nothing of the place: they asked beside the reply for calls alone.
  const asides = step.asides.filter(({ call }) => call === null).map((aside) => ({ aside, at: aside.events ?? 0 }))
  const course: Course = { before: [], after: [] }
  const take = (to: CourseItem[], place: number, last: boolean) => {
    while (asides[0] && (last || asides[0].at <= place)) {
      const [next] = asides.splice(0, 1)
      if (next) to.push({ kind: 'aside', aside: next.aside })
    }
  }
  for (const [i, event] of step.before.entries()) {
    take(course.before, i, false)
    course.before.push(event.type === 'stm.edit' || (event === changed && isMemoryEvent(event)) ? { kind: 'by-hand', event } : { kind: 'event', event })
  }
  take(course.before, step.before.length, false)
  for (const [i, event] of step.after.entries()) {
    take(course.after, step.before.length + i, false)
    if (event.call === null) course.after.push({ kind: 'event', event })
  }
  take(course.after, 0, true)
  return course
}
