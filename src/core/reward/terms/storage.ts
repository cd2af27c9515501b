// Eq. 23: how much of what stage 1 stored is worth storing. What a language model judges in the paper is decided here by
// the facts that a text states.
import type { Step, Trajectory } from '../../record/trajectory.ts'
import { isQuestion, questionIn, referredMessages, states, type Fact, type Task } from '../../environments/question/task.ts'
import { term } from '../term.ts'

interface StoredEntry {
  id: string
  /** As it stood at the end of stage 1, or when it was deleted. */
  content: string
  good: boolean
  why: 'states a fact' | 'states no fact' | 'states only what was corrected'
}

interface Storage {
  /** N_high_quality / max(1, N_total). */
  value: number
  /** Everything that stage 1 stored, in order. */
  entries: StoredEntry[]
}

/** Ids of the facts that were told in stage 1. */
function toldFacts(task: Task, steps: readonly Step[]): Set<string> {
  const told = steps.filter(({ phase }) => phase === 'build').flatMap(({ before }) => before)
  const messages = told.flatMap((event) => (event.type === 'stm.append' ? referredMessages(task, event.message.about) : []))
  return new Set(messages.flatMap(({ facts }) => facts))
}

/**
 * Eq. 23: the share of what stage 1 stored that is worth storing: that states one of the task's facts. An entry
 * counts as it stood at the end of stage 1, one deleted in stage 1 as it was then. An entry that states only what was
 * corrected later in stage 1 does not count, unless the agent deleted it. 0 when nothing was stored.
 */
function measure(trajectory: Trajectory): Storage {
  const { steps } = trajectory
  const task = questionIn(trajectory.task)
  const stored = new Map<string, { content: string; deleted: boolean }>()
  for (const step of steps) {
    if (step.phase !== 'build') continue
    for (const event of step.after) {
      if (event.type === 'ltm.add') stored.set(event.entry.id, { content: event.entry.content, deleted: false })
      const id = event.type === 'ltm.update' ? event.after.id : event.type === 'ltm.delete' ? event.entry.id : null
      const entry = id === null ? undefined : stored.get(id)
      if (entry && event.type === 'ltm.update') entry.content = event.after.content
      if (entry && event.type === 'ltm.delete') entry.deleted = true
    }
  }
  const told = toldFacts(task, steps)
  const corrected = (fact: Fact) => fact.superseded_by !== null && told.has(fact.superseded_by)
  const entries = [...stored].map(([id, { content, deleted }]): StoredEntry => {
    const stated = task.facts.filter((fact) => states(content, fact))
    const good = stated.length > 0 && (deleted || !stated.every(corrected))
    return { id, content, good, why: stated.length === 0 ? 'states no fact' : good ? 'states a fact' : 'states only what was corrected' }
  })
  return { value: entries.filter((entry) => entry.good).length / Math.max(1, entries.length), entries }
}

export const storage = term({ group: 'memory', equation: 23, kind: 'quantity', applies: isQuestion, measure: measure })
