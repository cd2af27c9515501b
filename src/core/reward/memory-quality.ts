// MQ (C.2): how well the LTM at the end of an episode matches the facts that hold. Not part of the reward.
import { memoryAt } from '../record/replay.ts'
import type { Trajectory } from '../record/trajectory.ts'
import { latestOf } from '../environments/question/currency.ts'
import { currentFacts, states, isQuestion, type Fact } from '../environments/question/task.ts'

export interface MemoryQuality {
  /** MQ: harmonic mean of precision and recall, in [0,1]. */
  value: number
  /** Entries that state a current fact, of all entries; 0 for an empty LTM. */
  precision: number
  /** Current facts that some entry states, of all current facts. */
  recall: number
  entries: { id: string; content: string; states: string[] }[]
  facts: { fact: Fact; stored: boolean }[]
  /** Corrected facts: right when some entry states the new one and none states only the old one. */
  updates: { outdated: Fact; current: Fact; right: boolean }[]
}

/** The deterministic form of the paper's LLM rubric: fact-level F1 (all covered, none irrelevant). A task without facts has 0. */
export function memoryQuality(trajectory: Trajectory): MemoryQuality {
  const { steps } = trajectory
  const task = isQuestion(trajectory.task) ? trajectory.task : null
  const current = task ? currentFacts(task) : []
  const entries = memoryAt(trajectory, steps.length - 1, 'after').map(({ id, content }) => ({
    id,
    content,
    states: current.filter((fact) => states(content, fact)).map((fact) => fact.id),
  }))
  const facts = current.map((fact) => ({ fact, stored: entries.some((entry) => entry.states.includes(fact.id)) }))
  const precision = entries.filter((entry) => entry.states.length > 0).length / Math.max(1, entries.length)
  const recall = facts.filter((each) => each.stored).length / Math.max(1, facts.length)
  const updates = (task?.facts ?? [])
    .filter((fact) => fact.superseded_by !== null)
    .map((outdated) => {
      const now = latestOf(task?.facts ?? [], outdated)
      const stale = entries.some((entry) => states(entry.content, outdated) && !states(entry.content, now))
      return { outdated, current: now, right: !stale && entries.some((entry) => states(entry.content, now)) }
    })
  return { value: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall), precision, recall, entries, facts, updates }
}
