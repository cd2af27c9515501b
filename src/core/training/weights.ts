// What each token weighs in the loss: all that aggregation is. Pure arithmetic; knows no rewards and no micro-batches, so
// that cutting a step into micro-batches differently changes nothing.
import type { Aggregation } from './config.ts'

interface WeightScale {
  /** Rollouts of the step, also those that teach nothing. */
  rollouts: number
  /** L_max: tokens of a reply at most. */
  responseLimit: number
}

/**
 * The weight of every token of each reply, given the replies' lengths. For token-mean and sequence-mean the weights of
 * all tokens sum to 1; for dr-grpo the divisor is a constant instead.
 */
export function tokenWeights(aggregation: Aggregation, lengths: readonly number[], { rollouts, responseLimit }: WeightScale): number[] {
  switch (aggregation) {
    case 'token-mean': {
      const tokens = lengths.reduce((sum, length) => sum + length, 0)
      return lengths.map(() => 1 / Math.max(1, tokens))
    }
    case 'sequence-mean': {
      const replies = lengths.filter((length) => length > 0).length
      return lengths.map((length) => 1 / Math.max(1, replies * length))
    }
    case 'dr-grpo':
      return lengths.map(() => 1 / Math.max(1, rollouts * responseLimit))
  }
}
