// Two episodes of the same task on one time line: the moments that both have in common, by phase and turn. Pure.
import { largestOf } from '../../../core/extremes.ts'
import type { Step, Trajectory } from '../../../core/record/trajectory.ts'
import { phasesOf, type PhaseLook } from '../../ui/phases.ts'

/** A turn of the environment, or a reply to the question. */
interface Moment {
  phase: PhaseLook
  /** Message of the phase, or reply to the question, from 0. */
  turn: number
  /** Index of the last step of each episode that belongs to it; the one before where an episode has none. */
  at: number[]
}

/** Which turn a step belongs to: of the question there is one message and many replies. */
const placeOf = ({ phase, turn, exchange }: Step) => (phase === 'answer' ? exchange : turn)

/** The common moments of episodes of one task, in order. */
export function momentsOf(episodes: readonly Pick<Trajectory, 'task' | 'steps'>[]): Moment[] {
  const moments: Moment[] = []
  const [first] = episodes
  const phases = first ? phasesOf({ task: first.task, steps: episodes.flatMap(({ steps }) => steps) }) : []
  for (const phase of phases) {
    const last = largestOf(episodes.flatMap(({ steps }) => steps.filter((step) => step.phase === phase.phase).map(placeOf)), -1)
    for (let turn = 0; turn <= last; turn++) {
      const at = episodes.map(({ steps }, i) => {
        const own = steps.findLastIndex((step) => step.phase === phase.phase && placeOf(step) === turn)
        // An episode that has no such turn stays where it was.
        return own >= 0 ? own : (moments.at(-1)?.at[i] ?? 0)
      })
      moments.push({ phase, turn, at })
    }
  }
  return moments
}
