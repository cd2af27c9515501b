// Named settings of the reward, one for each way in which the sources put it together.
import type { RewardWeights } from './reward.ts'

const third = 1 / 3
const thirds = {
  alpha: { compression: third, preventive: third, preservation: third },
  beta: { storage: third, maintenance: third, relevance: third },
}

export const rewardPresets = {
  /** C.4: 1/3 each. The default. */
  paper: { task: third, context: third, memory: third, tool_use: 0, ...thirds, penalty: { rounds: 1, context: 0.5 }, clip: null },
  /** §4.1: 1.0 each. */
  'paper-unit': { task: 1, context: 1, memory: 1, tool_use: 0, ...thirds, penalty: { rounds: 1, context: 0.5 }, clip: null },
  /** The published training code: a tool-use term, a clip, and failed updates count as maintenance. */
  'published-code': {
    task: 0.5,
    context: 0.15,
    memory: 0.15,
    tool_use: 0.2,
    ...thirds,
    failed_maintenance: true,
    penalty: { rounds: 1, context: 0.5 },
    clip: [-1, 1],
  },
  /** The baseline of Tables 4 and 5: the task term alone. */
  'answer-only': { task: 1, context: 0, memory: 0, tool_use: 0, ...thirds, penalty: { rounds: 0, context: 0 }, clip: null },
} as const satisfies Record<string, RewardWeights>

export type RewardPreset = keyof typeof rewardPresets
