// Two episodes of the same task on one time line: the moments that both have in common, by stage and turn. Pure.
import { largestOf } from '../../core/extremes.ts'
import { stages, type Stage, type Step } from '../../core/record/trajectory.ts'

/** A turn of the environment, or a reply of stage 3. */
interface Moment {
  stage: Stage
  /** Message of stages 1 and 2, or reply of stage 3, from 0. */
  turn: number
  /** Index of the last step of each episode that belongs to it; the one before where an episode has none. */
  at: number[]
}

/** Which turn a step belongs to: in stage 3 there is one message and many replies. */
const placeOf = ({ stage, turn, exchange }: Step) => (stage === 3 ? exchange : turn)

/** The common moments of episodes of one task, in order. */
export function momentsOf(episodes: readonly { steps: readonly Step[] }[]): Moment[] {
  const moments: Moment[] = []
  for (const stage of stages) {
    const last = largestOf(episodes.flatMap(({ steps }) => steps.filter((step) => step.stage === stage).map(placeOf)), -1)
    for (let turn = 0; turn <= last; turn++) {
      const at = episodes.map(({ steps }, i) => {
        const own = steps.findLastIndex((step) => step.stage === stage && placeOf(step) === turn)
        // An episode that has no such turn stays where it was.
        return own >= 0 ? own : (moments.at(-1)?.at[i] ?? 0)
      })
      moments.push({ stage, turn, at })
    }
  }
  return moments
}
