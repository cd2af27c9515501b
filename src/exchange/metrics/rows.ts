// The metrics of a run as rows of numbers: by TRL's names where TRL has the quantity, the rest under `agemem/`.
import type { EvaluationMetrics } from '../../core/evaluation/evaluation-metrics.ts'
import type { StepMetrics } from '../../core/training/metrics.ts'

export interface MetricRow {
  step: number
  /** Seconds since 1970: when it was finished, as far as is known. */
  time: number
  values: ReadonlyMap<string, number>
}

export interface RunMetrics {
  name: string
  /** When the first step began, seconds since 1970. */
  began: number
  steps: readonly StepMetrics[]
  evaluations: readonly EvaluationMetrics[]
}

/** Numbers of nested data; lists are no one number. */
function flat(value: unknown, path: string, into: Map<string, number>): void {
  if (typeof value === 'number' && Number.isFinite(value)) into.set(path, value)
  else if (typeof value === 'boolean') into.set(path, value ? 1 : 0)
  else if (typeof value === 'object' && value !== null && !Array.isArray(value)) for (const [name, each] of Object.entries(value)) flat(each, `${path}/${name}`, into)
}

/** What TRL's GRPOTrainer logs under these names, of what a step has. */
function byTrl(of: StepMetrics): [name: string, value: number | null][] {
  const calls = Object.values(of.tool_calls.total).reduce((sum, each) => sum + each, 0)
  return [
    ['loss', of.loss],
    ['reward', of.reward],
    ['reward_std', of.reward_std],
    ['frac_reward_zero_std', of.frac_reward_zero_std],
    ['kl', of.kl],
    ['entropy', of.entropy],
    ['clip_ratio/region_mean', of.clip_ratio],
    ['grad_norm', of.grad_norm],
    ['learning_rate', of.learning_rate],
    ['step_time', of.seconds.total],
    ['tools/call_frequency', calls],
    ['tools/failure_frequency', calls === 0 ? 0 : of.tool_errors / calls],
    ...Object.entries(of.components).map(([name, value]): [string, number | null] => [`rewards/${name}/mean`, value ?? null]),
  ]
}

/** Fields of a step that are said under TRL's names, or are no number. */
const saidByTrl: ReadonlySet<string> = new Set<keyof StepMetrics>(['step', 'loss', 'reward', 'reward_std', 'frac_reward_zero_std', 'kl', 'entropy', 'clip_ratio', 'grad_norm', 'learning_rate', 'components'])

/** One row a step. */
export function stepRows({ began, steps }: RunMetrics): MetricRow[] {
  let time = began
  return steps.map((of) => {
    time += of.seconds.total
    const values = new Map(byTrl(of).flatMap(([name, value]) => (value === null || !Number.isFinite(value) ? [] : [[name, value] as const])))
    for (const [name, value] of Object.entries(of)) {
      if (name === 'warnings') values.set('agemem/warnings', of.warnings.length)
      else if (!saidByTrl.has(name)) flat(value, `agemem/${name}`, values)
    }
    return { step: of.step, time, values }
  })
}

/** One row an evaluation on held-out tasks: means, and the ends of their intervals under `low` and `high`. */
export function evaluationRows(run: RunMetrics): MetricRow[] {
  const times = new Map(stepRows(run).map(({ step, time }) => [step, time]))
  return run.evaluations.map(({ step, summary: { intervals, reward, ...summary } }) => {
    const values = new Map<string, number>([['eval_reward', reward.total]])
    flat(reward, 'eval_rewards', values)
    flat(summary, 'agemem/eval', values)
    const [low, high] = intervals.reward.total
    values.set('agemem/eval/reward_low', low)
    values.set('agemem/eval/reward_high', high)
    return { step, time: times.get(step) ?? run.began, values }
  })
}
