// Three stages (§3.3): facts are told, then the context is cleared and distractors come, then the question is asked.
import type { Observation } from '../../record/observation.ts'
import type { EpisodeSettings } from '../../record/trajectory.ts'
import { wellFormed } from '../../text.ts'
import { reference, type Task, type TaskMessage } from './task.ts'

export const questionPhases = ['build', 'resist', 'answer'] as const
export type QuestionPhase = (typeof questionPhases)[number]

type Limits = Pick<EpisodeSettings, 'n_max' | 'exchanges'>

/** Splits messages into at most `turns` turns, keeping order; the first turns take the surplus. */
function turnsOf(messages: readonly TaskMessage[], turns: number): TaskMessage[][] {
  const count = Math.min(turns, messages.length)
  let at = 0
  return Array.from({ length: count }, (_, i) => {
    const size = Math.floor(messages.length / count) + (i < messages.length % count ? 1 : 0)
    at += size
    return messages.slice(at - size, at)
  })
}

/** All that is heard, in order, whatever is replied. */
export function questionObservations(task: Task, { n_max, exchanges }: Limits): Observation[] {
  const told = (phase: 'build' | 'resist') => {
    const refs = new Map(task[phase].map((message, i) => [message, reference(phase, i)]))
    return turnsOf(task[phase], n_max[phase]).map((turn): Observation => {
      const text = wellFormed(turn.map((message) => message.text).join('\n'))
      const about = turn.map((message) => refs.get(message) ?? '')
      return { messages: [{ role: 'user', kind: 'message', text, about }], phase, resets: false, exchanges }
    })
  }
  const query: Observation = {
    messages: [{ role: 'user', kind: 'query', text: task.query, about: ['query'] }],
    phase: 'answer',
    resets: false,
    exchanges: n_max.answer,
  }
  const later = [...told('resist'), query]
  return [...told('build'), ...later.map((each, i) => (i === 0 ? { ...each, resets: true } : each))]
}
