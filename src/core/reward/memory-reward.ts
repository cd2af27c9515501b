// The three terms of R_memory (eq. 22 to 25), each with the evidence that it rests on. Knows no weights. What a
// language model judges in the paper is decided here by the facts that a text states.
import type { Step, Trajectory } from '../episode/trajectory.ts'
import { neededFacts, states, type Fact, type Task } from '../task.ts'

export interface StoredEntry {
  id: string
  /** As it stood at the end of stage 1, or when it was deleted. */
  content: string
  good: boolean
  why: 'states a fact' | 'states no fact' | 'states only what was corrected'
}

export interface Storage {
  /** N_high_quality / max(1, N_total). */
  value: number
  /** Everything that stage 1 stored, in order. */
  entries: StoredEntry[]
}

/** Ids of the facts whose message was delivered in stage 1. */
function toldFacts(task: Task, steps: readonly Step[]): Set<string> {
  const lines = new Set<string>()
  for (const step of steps) {
    if (step.stage !== 1) continue
    for (const event of step.before) {
      if (event.type === 'stm.append' && event.message.kind === 'message') {
        for (const line of event.message.content.split('\n')) lines.add(line)
      }
    }
  }
  return new Set(task.build.filter(({ text }) => text.split('\n').every((line) => lines.has(line))).flatMap(({ facts }) => facts))
}

/**
 * Eq. 23: the share of what stage 1 stored that is worth storing: that states one of the task's facts. An entry
 * counts as it stood at the end of stage 1, one deleted in stage 1 as it was then. An entry that states only what was
 * corrected later in stage 1 does not count, unless the agent deleted it. 0 when nothing was stored.
 */
export function storage(trajectory: Trajectory): Storage {
  const { task, steps } = trajectory
  const stored = new Map<string, { content: string; deleted: boolean }>()
  for (const step of steps) {
    if (step.stage !== 1) continue
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

export interface Maintenance {
  value: 0 | 1
  /** 1 also when every try failed: the published code's reading. */
  attempted: 0 | 1
  calls: { step: number; tool: string; ok: boolean; memory: string | null }[]
}

/** Eq. 24: 1 when the agent updated or deleted an entry, in any stage. */
export function maintenance(trajectory: Trajectory): Maintenance {
  const calls = trajectory.steps.flatMap((step, index) =>
    step.calls
      .filter(({ name }) => name === 'Update_memory' || name === 'Delete_memory')
      .map(({ name, ok, arguments: args }) => {
        const id = args['memory_id']
        return { step: index, tool: name, ok, memory: typeof id === 'string' ? id : null }
      }),
  )
  return { value: calls.some((call) => call.ok) ? 1 : 0, attempted: calls.length > 0 ? 1 : 0, calls }
}

export interface Relevance {
  value: number
  /** Each memory once, as it was when last retrieved. */
  memories: { id: string; content: string; relevant: boolean }[]
}

/**
 * Eq. 25, by fact: of the distinct memories that the agent itself retrieved in stages 2 and 3, the share that states
 * a fact the answer needs. 0 when it retrieved none. A language model can judge the same memories instead.
 */
export function relevance(trajectory: Trajectory): Relevance {
  const contents = new Map<string, string>()
  for (const step of trajectory.steps) {
    if (step.stage === 1) continue
    for (const event of step.after) {
      if (event.type === 'ltm.retrieve' && event.call !== null) for (const hit of event.hits) contents.set(hit.id, hit.content)
    }
  }
  const needed = neededFacts(trajectory.task)
  const memories = [...contents].map(([id, content]) => ({ id, content, relevant: needed.some((fact) => states(content, fact)) }))
  return { value: memories.filter((memory) => memory.relevant).length / Math.max(1, memories.length), memories }
}

/** Share of tool calls that worked, 0 without a call: the tool-use term of the published code. */
export function toolUse(trajectory: Trajectory): { value: number; ok: number; calls: number } {
  const calls = trajectory.steps.flatMap((step) => step.calls)
  const ok = calls.filter((call) => call.ok).length
  return { value: ok / Math.max(1, calls.length), ok, calls: calls.length }
}
