// What one step changed in both memories, as rows to show: everything that stands after it, and what it took away,
// still in its place. Pure.
import { contextAt, memoryAt } from '../../core/record/replay.ts'
import type { ContextMessage, EpisodeEvent, MemoryRecord, Step, Trajectory } from '../../core/record/trajectory.ts'
import { recordOf } from '../../core/table.ts'
import { t } from '../locales/index.ts'
import { toolNames, type ToolName } from '../../core/agents/agemem/tools/index.ts'

type Gone = 'filtered' | 'summarised' | 'reset'

export interface ContextRow {
  message: ContextMessage
  /** It came in this step. */
  fresh: boolean
  /** It left in this step. */
  gone: Gone | null
  /** What the filter of this step made of it. */
  similarity: { value: number; threshold: number } | null
}

const eventsOf = (trajectory: Pick<Trajectory, 'steps'>, index: number): EpisodeEvent[] => {
  const step = trajectory.steps[index]
  return step ? [...step.before, ...step.after] : []
}

/** The context after step `index`, with what the step removed. */
export function contextRows(trajectory: Pick<Trajectory, 'steps'>, index: number): ContextRow[] {
  let rows: ContextRow[] = contextAt(trajectory, index, 'before').map((message) => ({ message, fresh: false, gone: null, similarity: null }))
  const leave = (ids: readonly string[], gone: Gone) => {
    rows = rows.map((row) => (ids.includes(row.message.id) && row.gone === null ? { ...row, gone } : row))
  }
  for (const event of eventsOf(trajectory, index)) {
    switch (event.type) {
      case 'stm.append':
        rows = [...rows, { message: event.message, fresh: true, gone: null, similarity: null }]
        break
      case 'stm.filter':
        rows = rows.map((row) => {
          const found = event.similarities.find((each) => each.id === row.message.id)
          return found ? { ...row, similarity: { value: found.similarity, threshold: event.threshold } } : row
        })
        leave(event.removed, 'filtered')
        break
      case 'stm.summarise': {
        leave(event.removed, 'summarised')
        const last = rows.findLastIndex((row) => event.removed.includes(row.message.id))
        rows = rows.toSpliced(last < 0 ? rows.length : last + 1, 0, { message: event.message, fresh: true, gone: null, similarity: null })
        break
      }
      case 'stm.reset':
        leave(event.removed, 'reset')
        break
      case 'stm.edit':
        rows = rows.map((row) => (row.message.id === event.message.id ? { ...row, message: event.message } : row))
        break
      default:
    }
  }
  return rows
}

export interface MemoryRow {
  entry: MemoryRecord
  change: 'added' | 'updated' | 'deleted' | null
  /** The text before this step's update. */
  was: string | null
  /** The best similarity with which it was retrieved in this step, and by whom. */
  retrieved: { similarity: number; by: 'agent' | 'environment' } | null
}

/** The long-term memory after step `index`, with what the step deleted; oldest first. */
export function memoryRows(trajectory: Pick<Trajectory, 'steps'>, index: number): MemoryRow[] {
  let rows: MemoryRow[] = memoryAt(trajectory, index, 'before').map((entry) => ({ entry, change: null, was: null, retrieved: null }))
  for (const event of eventsOf(trajectory, index)) {
    switch (event.type) {
      case 'ltm.add':
        rows = [...rows, { entry: event.entry, change: 'added', was: null, retrieved: null }]
        break
      case 'ltm.update':
        rows = rows.map((row) =>
          row.entry.id === event.after.id ? { ...row, entry: event.after, change: row.change === 'added' ? 'added' : 'updated', was: row.was ?? event.before.content } : row,
        )
        break
      case 'ltm.delete':
        rows = rows.map((row) => (row.entry.id === event.entry.id ? { ...row, change: 'deleted' } : row))
        break
      case 'ltm.retrieve':
        rows = rows.map((row) => {
          const hit = event.hits.find((each) => each.id === row.entry.id)
          if (!hit || (row.retrieved && row.retrieved.similarity >= hit.similarity)) return row
          return { ...row, retrieved: { similarity: hit.similarity, by: event.call === null ? 'environment' : 'agent' } }
        })
        break
      default:
    }
  }
  return rows
}

/** How often each tool was called up to and including step `index`, and how many of those calls failed. */
export function toolCounts(trajectory: Pick<Trajectory, 'steps'>, index: number): Record<ToolName, { calls: number; failed: number }> {
  const counts = recordOf(toolNames, () => ({ calls: 0, failed: 0 }))
  for (const step of trajectory.steps.slice(0, index + 1)) {
    for (const call of step.calls) {
      const tool = toolNames.find((name) => name === call.name)
      if (!tool) continue
      counts[tool].calls++
      if (!call.ok) counts[tool].failed++
    }
  }
  return counts
}

const ownTools = { 'ltm.add': 'Add_memory', 'ltm.update': 'Update_memory', 'ltm.delete': 'Delete_memory' } as const

/** What the agent did to the long-term memory after the reply without a call of the policy's, by the tools that do the same. */
export function ownChanges({ after }: Pick<Step, 'after'>): ToolName[] {
  return after.flatMap((event) => {
    if (event.call !== null) return []
    return event.type === 'ltm.add' || event.type === 'ltm.update' || event.type === 'ltm.delete' ? [ownTools[event.type]] : []
  })
}

/** What happened in a step, in a few words, for labels and for screen readers. */
export function describeStep(trajectory: Pick<Trajectory, 'steps'>, index: number): string {
  const step = trajectory.steps[index]
  if (!step) return ''
  const words = t().episode.did
  const parts = step.calls.map((call) => (call.ok ? call.name : words.failed(call.name)))
  if (step.answer !== null) parts.push(step.phase === 'answer' ? words.answers(step.answer) : words.replies)
  if (parts.length === 0) parts.push(words.unreadable)
  const own = ownChanges(step)
  for (const name of toolNames) {
    const times = own.filter((each) => each === name).length
    if (times > 0) parts.push(words.itself(name, times))
  }
  if (step.before.some((event) => event.type === 'stm.reset')) parts.unshift(words.reset)
  return words.join(parts)
}
