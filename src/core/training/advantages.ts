// From the rewards of a group (K rollouts of one task) to the advantage of each rollout (§3.4, eq. 5). Pure arithmetic:
// knows no policy and no task.

/**
 * sample: eq. 5, σ_G with 1/(K−1). population: σ_G with 1/K, as in the reading notes. none: Dr. GRPO (Liu et al. 2025),
 * r − μ_G without σ. leave-one-out: RLOO (Ahmadian et al. 2024), r minus the mean of the K−1 others, without σ.
 * decoupled: GDPO (Liu et al. 2026, arXiv 2601.05242): each term of the reward as `sample` within the group, then their
 * weighted sum once more; a term in which the rollouts hardly differ is not drowned by one in which they do. (GDPO does
 * the second over the batch; here it is the group, so that a group's numbers are its own.)
 */
export const advantageForms = ['sample', 'population', 'none', 'leave-one-out', 'decoupled'] as const
export type AdvantageForm = (typeof advantageForms)[number]

export interface AdvantageOptions {
  form: AdvantageForm
  /** ε of eq. 5, added to σ_G. The paper gives no value; TRL has 1e-4. */
  epsilon: number
}

const defaultAdvantages: AdvantageOptions = { form: 'sample', epsilon: 1e-6 }

/** A term of the reward and its weight, with what each rollout of the group got for it. */
export interface RewardTerm {
  name: string
  weight: number
  values: readonly number[]
}

export interface GroupAdvantages {
  /** A_T of each rollout, in the order of the rewards. */
  advantages: number[]
  /** μ_G. */
  mean: number
  /** σ_G: population form for `population`, sample form for all others; 0 for a group of one. */
  std: number
  /** All rewards are equal (or there is only one): every advantage is 0 and the group teaches nothing. */
  zero_variance: boolean
  /** Of the form `decoupled`: how far each rollout is from the mean of each term, in σ of that term; σ of their weighted sum. */
  decoupled?: { terms: { name: string; weight: number; scores: number[] }[]; std: number }
}

/** Rewards closer than this are equal: sums of thirds differ in the last bits. */
const tolerance = 1e-9

/**
 * Eq. 5 over the terminal rewards of one group.
 * @param terms what the rewards are made of; only the form `decoupled` looks at them, and without any takes the rewards
 * @throws RangeError when a reward is not a finite number.
 */
export function groupAdvantages(rewards: readonly number[], options: AdvantageOptions = defaultAdvantages, terms: readonly RewardTerm[] = []): GroupAdvantages {
  if (options.form === 'decoupled' && terms.length > 0) return decoupledAdvantages(rewards, options, terms)
  if (!rewards.every(Number.isFinite)) throw new RangeError(`A reward is not a finite number: ${rewards.join(', ')}.`)
  const k = rewards.length
  const mean = k === 0 ? 0 : rewards.reduce((sum, r) => sum + r, 0) / k
  const zero = rewards.every((r) => Math.abs(r - mean) <= tolerance)
  if (zero) return { advantages: rewards.map(() => 0), mean, std: 0, zero_variance: true }
  const squares = rewards.reduce((sum, r) => sum + (r - mean) ** 2, 0)
  const std = Math.sqrt(squares / (options.form === 'population' ? k : k - 1))
  return { advantages: rewards.map((r) => advantage(r - mean, k, std, options)), mean, std, zero_variance: false }
}

function decoupledAdvantages(rewards: readonly number[], { epsilon }: AdvantageOptions, terms: readonly RewardTerm[]): GroupAdvantages {
  const sample = { form: 'sample', epsilon } as const
  const scored = terms.map(({ name, weight, values }) => ({ name, weight, scores: groupAdvantages(values, sample).advantages }))
  const sums = rewards.map((_, i) => scored.reduce((sum, { weight, scores }) => sum + weight * (scores[i] ?? 0), 0))
  const { advantages, std, zero_variance } = groupAdvantages(sums, sample)
  const { mean, std: spread } = groupAdvantages(rewards, sample)
  return { advantages, mean, std: spread, zero_variance, decoupled: { terms: scored, std } }
}

function advantage(deviation: number, k: number, std: number, { form, epsilon }: AdvantageOptions): number {
  switch (form) {
    case 'sample':
    case 'decoupled':
    case 'population':
      return deviation / (std + epsilon)
    case 'none':
      return deviation
    case 'leave-one-out':
      // r − (Kμ − r)/(K−1) = (r − μ)·K/(K−1).
      return (deviation * k) / (k - 1)
  }
}

/** Deviation of all rewards of a step, whatever their group, with 1/(N−1): TRL's reward_std. 0 of fewer than two. */
export function batchStd(rewards: readonly number[]): number {
  const n = rewards.length
  if (n < 2) return 0
  const mean = rewards.reduce((sum, r) => sum + r, 0) / n
  return Math.sqrt(rewards.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (n - 1))
}

/** Share of groups whose rewards are all equal: TRL's frac_reward_zero_std. 0 without groups. */
export function zeroVarianceShare(groups: readonly GroupAdvantages[]): number {
  return groups.filter((group) => group.zero_variance).length / Math.max(1, groups.length)
}
