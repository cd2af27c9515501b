// The composite reward (§3.5, eq. 16 to 26): components apart from weights, so that new weights re-score at once.
import { z } from 'zod'

const unit = z.number()

/** What was measured on one trajectory; independent of weights. */
export const componentsSchema = z.object({
  /** Eq. 17: judge score in [0,1], −1 without an answer. */
  task: unit,
  /** Eq. 19. */
  compression: unit,
  /** Eq. 20. */
  preventive: unit,
  /** Eq. 21. */
  preservation: unit,
  /** Eq. 23. */
  storage: unit,
  /** Eq. 24. */
  maintenance: unit,
  /** Eq. 24 as the published code has it: a failed update or delete counts too. */
  maintenance_attempted: unit,
  /** Eq. 25. */
  relevance: unit,
  /** Share of tool calls that worked; 0 without a call. Only in the published code's reward. */
  tool_use: unit,
  /** Eq. 26, first indicator. */
  rounds_exceeded: z.boolean(),
  /** Eq. 26, second indicator. */
  context_exceeded: z.boolean(),
})
export type RewardComponents = z.infer<typeof componentsSchema>
export type ComponentName = Exclude<keyof RewardComponents, 'maintenance_attempted' | 'rounds_exceeded' | 'context_exceeded'>

export interface RewardWeights {
  task: number
  context: number
  memory: number
  tool_use: number
  /** α of eq. 18: shares of the context term. */
  alpha: { compression: number; preventive: number; preservation: number }
  /** β of eq. 22: shares of the memory term. */
  beta: { storage: number; maintenance: number; relevance: number }
  /** maintenance counts failed updates and deletes too, as in the published code. */
  failed_maintenance?: boolean
  /** Subtracted when the indicator holds (eq. 26). */
  penalty: { rounds: number; context: number }
  /** The total is clipped to this range; null: it is not. */
  clip: [number, number] | null
}

/** The reward with its parts, as exported. */
export interface Reward {
  task: number
  context: { compression: number; preventive: number; preservation: number; total: number }
  memory: { storage: number; maintenance: number; relevance: number; total: number }
  tool_use: number
  penalty: number
  total: number
}

/** How a component came to its value, with this episode's own numbers, for people. */
export interface Derivation {
  component: ComponentName | 'penalty'
  value: number
  /** Number of the paper's equation; null for what only the published code has. */
  equation: number | null
  /** Points of the total that it brings under the weights in force; null when none were given. */
  contribution: number | null
  /** "3 of 4 stored entries are supporting facts." */
  sentence: string
  /** The items that were counted, for the ones that count. */
  items: { label: string; counted: boolean }[]
}
