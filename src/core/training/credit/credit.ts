// The rules by which the steps of a group's rollouts get their advantages.
import { broadcast } from './broadcast.ts'
import type { Credit } from './group.ts'
import { lastStage } from './last-stage.ts'
import { stepNormalised } from './step-normalised.ts'

export const credits = {
  broadcast,
  'step-normalised': stepNormalised,
  'last-stage': lastStage,
} satisfies Record<string, Credit>

export type CreditForm = keyof typeof credits
