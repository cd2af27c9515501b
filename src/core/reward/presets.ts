// Named settings of the reward, one for each way in which the sources put it together.
import { recordOf } from '../table.ts'
import type { RewardWeights } from './reward.ts'
import { termsIn } from './terms.ts'

const third = 1 / 3
/** Shares of the parts that the paper has; others are not in it. */
const thirds = {
  alpha: { ...recordOf(termsIn('context'), () => 0), compression: third, preventive: third, preservation: third },
  beta: { ...recordOf(termsIn('memory'), () => 0), storage: third, maintenance: third, relevance: third },
}
const paper: RewardWeights = {
  task: third,
  context: third,
  memory: third,
  ...recordOf(termsIn(null).filter((name) => name !== 'task'), () => 0),
  ...thirds,
  penalty: { rounds: 1, context: 0.5 },
  clip: null,
}

export const rewardPresets = {
  /** C.4: 1/3 each. The default. */
  paper,
  /** §4.1: 1.0 each. */
  'paper-unit': { ...paper, task: 1, context: 1, memory: 1 },
  /** The published training code: a tool-use term, a clip, and failed updates count as maintenance. */
  'published-code': { ...paper, task: 0.5, context: 0.15, memory: 0.15, tool_use: 0.2, failed_maintenance: true, clip: [-1, 1] },
  /** The baseline of Tables 4 and 5: the task term alone. */
  'answer-only': { ...paper, task: 1, context: 0, memory: 0, penalty: { rounds: 0, context: 0 } },
  /** The answer and its currency, as in Supersede (arXiv 2606.27472), which pays for values that hold. */
  supersede: { ...paper, task: 1, context: 0, memory: 0, currency: 1, penalty: { rounds: 0, context: 0 } },
} satisfies Record<string, RewardWeights>

export type RewardPreset = keyof typeof rewardPresets
