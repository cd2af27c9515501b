// Eq. 24: an entry was updated or deleted.
import type { Trajectory } from '../../record/trajectory.ts'
import { always, term } from '../term.ts'

interface Maintenance {
  value: 0 | 1
  /** 1 also when every try failed: the published code's reading. */
  attempted: 0 | 1
  calls: { step: number; tool: string; ok: boolean; memory: string | null }[]
}

/** What an agent changed by itself, with no call of a reply behind it; what was changed by hand (Setup.branch) is not its doing. */
function ownChanges({ steps, setup }: Trajectory): Maintenance['calls'] {
  return steps.flatMap(({ before, after }, step) =>
    [...(setup.branch?.step === step ? [] : before), ...after].flatMap((event) => {
      // Where metadata alone is new (links, keywords), nothing of what is remembered changed.
      if (event.type === 'ltm.update' && event.call === null && event.before.content !== event.after.content) return [{ step, tool: 'Update_memory', ok: true, memory: event.after.id }]
      if (event.type === 'ltm.delete' && event.call === null) return [{ step, tool: 'Delete_memory', ok: true, memory: event.entry.id }]
      return []
    }),
  )
}

/** Eq. 24: 1 when the agent updated or deleted an entry, in any stage. */
function measure(trajectory: Trajectory): Maintenance {
  const called = trajectory.steps.flatMap((step, index) =>
    step.calls
      .filter(({ name }) => name === 'Update_memory' || name === 'Delete_memory')
      .map(({ name, ok, arguments: args }) => {
        const id = args['memory_id']
        return { step: index, tool: name, ok, memory: typeof id === 'string' ? id : null }
      }),
  )
  const calls = [...called, ...ownChanges(trajectory)]
  return { value: calls.some((call) => call.ok) ? 1 : 0, attempted: calls.length > 0 ? 1 : 0, calls }
}

export const maintenance = term({ group: 'memory', equation: 24, kind: 'indicator', applies: always, measure: measure })
