// The advantage divided by the number of steps T_k, so that every trajectory weighs the same.
import type { Credit } from './group.ts'

export const stepNormalised: Credit = (group) =>
  group.map(({ trajectory: { steps }, advantage }) => steps.map(() => advantage / steps.length))
