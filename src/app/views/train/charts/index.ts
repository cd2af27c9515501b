// The table of charts, in the order in which one reads them within their group.
import { advantages } from './advantages.ts'
import { clipRatio } from './clip-ratio.ts'
import { components } from './components.ts'
import { contextTokens } from './context-tokens.ts'
import { currency } from './currency.ts'
import { entropy } from './entropy.ts'
import { formatViolations } from './format-violations.ts'
import { gradNorm } from './grad-norm.ts'
import { kl } from './kl.ts'
import { learningRate } from './learning-rate.ts'
import { loss } from './loss.ts'
import { ltmSize } from './ltm-size.ts'
import { memoryQuality } from './memory-quality.ts'
import { replies } from './replies.ts'
import { reward } from './reward.ts'
import { samplingDifference } from './sampling-difference.ts'
import { samplingRatio } from './sampling-ratio.ts'
import { seconds } from './seconds.ts'
import type { ChartSpec } from './spec.ts'
import { success } from './success.ts'
import { toolCalls } from './tool-calls.ts'
import { zeroVariance } from './zero-variance.ts'

export const charts: Readonly<Record<string, ChartSpec>> = {
  reward,
  success,
  currency,
  components,
  tool_calls: toolCalls,
  memory_quality: memoryQuality,
  ltm_size: ltmSize,
  context_tokens: contextTokens,
  replies,
  format_violations: formatViolations,
  advantages,
  frac_reward_zero_std: zeroVariance,
  kl,
  entropy,
  clip_ratio: clipRatio,
  sampling_difference: samplingDifference,
  sampling_ratio: samplingRatio,
  grad_norm: gradNorm,
  loss,
  learning_rate: learningRate,
  seconds,
}
