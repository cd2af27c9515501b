// What verl calls settings of a run, and with it Trinity-RFT, whose trainer it is. Names as in verl/trainer/config of verl 0.9.1.
import { learningRateAt, type TrainConfig } from '../training/config.ts'

export function lossAggregation({ aggregation }: TrainConfig): 'token-mean' | 'seq-mean-token-mean' | 'seq-mean-token-sum-norm' {
  switch (aggregation) {
    case 'token-mean':
      return 'token-mean'
    case 'sequence-mean':
      return 'seq-mean-token-mean'
    case 'dr-grpo':
      return 'seq-mean-token-sum-norm'
  }
}

/** Bounds of ρ. Nothing is clipped twice here: c of dual-clip PPO is out of reach. */
export const clipBounds = ({ clip }: TrainConfig) => ({ low: clip?.low ?? 1, high: clip?.high ?? 1e6, c: 1e6 })

/** Of the gradient's norm; as good as none where the run has none. */
export const normBound = ({ max_norm }: TrainConfig): number => max_norm ?? 1e6

/** It has no straight line: a cosine ends at the same rate. */
export const scheduleOf = (config: TrainConfig) =>
  config.schedule === 'linear'
    ? { lr_scheduler_type: 'cosine', min_lr_ratio: learningRateAt(config, config.steps) / config.learning_rate }
    : { lr_scheduler_type: 'constant', min_lr_ratio: 1 }

/** What of these two is not the same, for tables. */
export const verlWords = {
  schedule: ({ schedule }: TrainConfig, place: string) => (schedule === 'constant' ? `\`${place}\`` : `\`${place}\`: a cosine, where this run has a straight line; both end at the same rate`),
  reference: ({ reference, beta }: TrainConfig) => (reference === 'start' && beta > 0 ? 'the base model; a run here that began from an adapter keeps to that one' : 'the base model'),
  norm: ({ max_norm }: TrainConfig, place: string) => (max_norm === null ? `\`${place}\`: a bound so high that nothing is clipped` : `\`${place}\``),
  temperature: ({ episode }: TrainConfig) => (episode.temperature === 1 ? '' : `; log π is taken at the temperature that tokens are sampled with: this run sampled at ${episode.temperature} and took it at 1`),
  exploration: ({ exploration, episode }: TrainConfig) => (exploration === null ? 'none here' : `one temperature, ${episode.temperature}; that of this run went there from ${exploration.temperature} in its first ${exploration.steps} steps`),
}
