// Every step gets the advantage of its trajectory, stages 1 and 2 included (§3.4).
import type { Credit } from './group.ts'

export const broadcast: Credit = (group) => group.map(({ trajectory, advantage }) => trajectory.steps.map(() => advantage))
