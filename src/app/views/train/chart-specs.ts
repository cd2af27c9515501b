// Every chart of a run: which quantities it draws, under which names, in which colours. Data, no drawing.
import type { EvaluationMetrics, StepMetrics } from '../../../core/training/metrics.ts'
import { termGroups } from '../../../core/reward/term.ts'
import { terms, termsIn } from '../../../core/reward/terms.ts'
import { namesOf } from '../../../core/table.ts'
import { toolNames } from '../../../core/agents/agemem/tools/index.ts'
import { decimal, integer, signed, wholePercent } from '../../format.ts'
import type { TermName } from '../../glossary.ts'
import { rewardColor, wordsOf } from '../../reward/catalogue.ts'
import { lookOfTool } from '../../ui/tools.tsx'
import { quantile, type Band, type Series } from './series.ts'

/** On held-out tasks, with its 95 % interval where there is one. */
interface HeldOut {
  value: number
  low: number
  high: number
}

export interface LineSpec extends Series<StepMetrics> {
  /** Plain and short: it stands beside the value. */
  title: string
  /** A CSS colour. */
  color: string
  /** SVG dashes, so that colour is not all that tells lines apart. */
  dash?: string
  /** Its read-out is what the step itself had, however strongly the line is smoothed: a spike is to be read, not guessed. */
  measured?: boolean
  held?: (evaluation: EvaluationMetrics) => HeldOut | null
}

interface BandSpec extends Band<StepMetrics> {
  title: string
  color: string
  /** How strong its fill is. */
  opacity: number
}

export interface ChartSpec {
  id: string
  /** Plain words. */
  title: string
  /** The name that TRL or the paper has for it. */
  name: string
  term: TermName
  lines: readonly LineSpec[]
  bands?: readonly BandSpec[]
  /** Ends of the y axis; the data decide where null. */
  ends?: [low: number | null, high: number | null]
  show: (value: number) => string
}

const two = (value: number) => decimal(value)
/** Small and large numbers alike in three digits: 0.0041, 12.3 */
const digits = (value: number) => (value === 0 ? '0' : Math.abs(value) < 0.001 ? value.toExponential(1).replace('e-', 'e−') : Number(value.toPrecision(3)).toString().replace('-', '−'))

const within = (value: number, [low, high]: readonly [number, number]): HeldOut => ({ value, low, high })

const train = 'var(--chart-train)'
const line = (id: string, title: string, value: (step: StepMetrics) => number | null, rest: Partial<LineSpec> = {}): LineSpec => ({ id, title, value, color: train, smooth: true, ...rest })

const reward: ChartSpec = {
  id: 'reward',
  title: 'Reward',
  name: 'reward, group_reward_std',
  term: 'reward',
  lines: [line('reward', 'mean', ({ reward: mean }) => mean, { held: ({ summary }) => within(summary.reward.total, summary.intervals.reward.total) })],
  bands: [{ id: 'group_reward_std', title: '± σ in a group', color: train, opacity: 0.13, range: ({ reward: mean, group_reward_std: std }) => [mean - std, mean + std] }],
  show: signed,
}

const success: ChartSpec = {
  id: 'success',
  title: 'Right answers',
  name: 'success, answered',
  term: 'success',
  lines: [
    line('success', 'exactly right', (step) => step.success, { held: ({ summary }) => within(summary.success_rate, summary.intervals.success_rate) }),
    line('answered', 'answered at all', (step) => step.answered, { color: 'var(--chart-quiet)', dash: '2 3', smooth: false }),
  ],
  ends: [0, 1],
  show: wholePercent,
}

type Component = keyof StepMetrics['components']
const component = (id: Component, title: string, color: string, dash?: string): LineSpec =>
  line(id, title, ({ components }) => components[id] ?? null, { color, dash, smooth: false })

/** terms: those of eq. 16 and the penalty. parts: what the terms are made of. */
export type RewardDetail = 'terms' | 'parts'

const groupColors = { context: 'var(--stm)', memory: 'var(--ltm)' } as const
/** Within a term of eq. 16 the parts share a hue. */
const partDashes = [undefined, '6 3', '2 3', '10 3 2 3']

function rewardParts(detail: RewardDetail): ChartSpec {
  const whole: LineSpec[] = [
    component('task', wordsOf('task').short, rewardColor('task')),
    component('context', 'context', groupColors.context, '6 3'),
    component('memory', 'memory', groupColors.memory, '10 3 2 3'),
    component('penalty', 'penalty', rewardColor('penalty'), '2 3'),
    ...termsIn(null).flatMap((name) => (terms[name].added ? [component(name, wordsOf(name).short, rewardColor(name), '4 2')] : [])),
  ]
  const parts: LineSpec[] = namesOf(termGroups).flatMap((group) => termsIn(group).map((name, i) => component(name, wordsOf(name).short, rewardColor(name), partDashes[i % partDashes.length])))
  return { id: 'components', title: 'What the reward is made of', name: 'R_task, R_context, R_memory, P', term: 'components', lines: detail === 'terms' ? whole : parts, show: two }
}

const toolDashes = ['', '6 3', '2 3', '', '6 3', '2 3']

/** Which stages the calls are counted in. */
export type ToolStages = keyof StepMetrics['tool_calls']

function tools(within: ToolStages): ChartSpec {
  const lines = toolNames.map((name, i) => line(name, lookOfTool(name).word, ({ tool_calls }) => tool_calls[within][name], { color: `var(--${lookOfTool(name).hue})`, dash: toolDashes[i % toolDashes.length] || undefined, smooth: false }))
  return { id: 'tools', title: 'Tool calls per episode', name: 'tool_calls', term: 'toolCalls', lines, ends: [0, null], show: two }
}

const sortedAdvantages = ({ groups }: StepMetrics) => groups.flatMap(({ advantages }) => advantages).sort((a, b) => a - b)

const advantages: ChartSpec = {
  id: 'advantages',
  title: 'Advantages',
  name: 'A_T',
  term: 'advantage',
  lines: [
    line('advantage_max', 'largest', (step) => sortedAdvantages(step).at(-1) ?? null, { color: 'var(--advantage-up)', smooth: false }),
    line('advantage_median', 'median', (step) => quantile(sortedAdvantages(step), 0.5), { color: 'var(--chart-quiet)', dash: '2 3', smooth: false }),
    line('advantage_min', 'smallest', (step) => sortedAdvantages(step)[0] ?? null, { color: 'var(--advantage-down)', dash: '6 3', smooth: false }),
  ],
  bands: [
    { id: 'advantage_upper', title: 'upper quarter', color: 'var(--advantage-up)', opacity: 0.16, range: (step) => [quantile(sortedAdvantages(step), 0.75), sortedAdvantages(step).at(-1) ?? NaN] },
    { id: 'advantage_middle', title: 'middle half', color: 'var(--chart-quiet)', opacity: 0.22, range: (step) => [quantile(sortedAdvantages(step), 0.25), quantile(sortedAdvantages(step), 0.75)] },
    { id: 'advantage_lower', title: 'lower quarter', color: 'var(--advantage-down)', opacity: 0.16, range: (step) => [sortedAdvantages(step)[0] ?? NaN, quantile(sortedAdvantages(step), 0.25)] },
  ],
  show: signed,
}

const memory: ChartSpec = {
  id: 'memory_quality',
  title: 'Memory quality',
  name: 'MQ, fact_recall, fact_precision',
  term: 'quality',
  lines: [
    line('memory_quality', 'MQ', (step) => step.memory_quality, { color: 'var(--ltm)', held: ({ summary }) => within(summary.memory_quality, summary.intervals.memory_quality) }),
    line('fact_recall', 'facts kept', (step) => step.fact_recall, { color: 'var(--chart-quiet)', dash: '6 3', smooth: false }),
    line('fact_precision', 'entries of use', (step) => step.fact_precision, { color: 'var(--chart-quiet)', dash: '2 3', smooth: false }),
  ],
  ends: [0, 1],
  show: two,
}

const size: ChartSpec = {
  id: 'ltm_size',
  title: 'Entries in long-term memory',
  name: 'ltm_size',
  term: 'ltm',
  lines: [line('ltm_size', 'at the end', ({ ltm_size }) => ltm_size, { color: 'var(--ltm)', held: ({ ltm_size, intervals }) => within(ltm_size, intervals?.ltm_size ?? [ltm_size, ltm_size]) })],
  ends: [0, null],
  show: two,
}

const context: ChartSpec = {
  id: 'context_tokens',
  title: 'Context at the answer',
  name: 'context_tokens',
  term: 'contextTokens',
  lines: [line('context_tokens', 'tokens', ({ context_tokens }) => context_tokens, { color: 'var(--stm)', held: ({ context_tokens, intervals }) => within(context_tokens, intervals?.context_tokens ?? [context_tokens, context_tokens]) })],
  ends: [0, null],
  show: integer,
}

const exchange: ChartSpec = {
  id: 'replies',
  title: 'Replies of an episode',
  name: 'replies, tool_errors',
  term: 'step',
  lines: [
    line('replies', 'replies', ({ replies }) => replies),
    line('tool_errors', 'calls that failed', ({ tool_errors }) => tool_errors, { color: 'var(--bad)', dash: '2 3', smooth: false }),
  ],
  ends: [0, null],
  show: digits,
}

const format: ChartSpec = {
  id: 'format',
  title: 'Broken format',
  name: 'format_violations, clipped_replies',
  term: 'violation',
  lines: [
    line('format_violations', 'of the replies', ({ format_violations }) => format_violations, { color: 'var(--warn)', held: ({ format_violations: { mean, low, high } }) => ({ value: mean, low, high }) }),
    line('clipped_replies', 'cut off', ({ clipped_replies }) => clipped_replies, { color: 'var(--chart-quiet)', dash: '2 3', smooth: false }),
  ],
  ends: [0, null],
  show: wholePercent,
}

/** What an update reports, or is set to. */
const one = (id: 'kl' | 'entropy' | 'clip_ratio' | 'grad_norm' | 'loss' | 'learning_rate', title: string, term: TermName, unit: string, ends?: ChartSpec['ends']): ChartSpec => ({
  id,
  title,
  name: id,
  term,
  // The learning rate is set and not measured: there is nothing to smooth.
  lines: [line(id, unit, (step) => step[id], { measured: true, smooth: id !== 'learning_rate' })],
  ends,
  show: digits,
})

const idle: ChartSpec = {
  id: 'frac_reward_zero_std',
  title: 'Groups that teach nothing',
  name: 'frac_reward_zero_std',
  term: 'zeroVariance',
  lines: [line('frac_reward_zero_std', 'of the groups', (step) => step.frac_reward_zero_std)],
  ends: [0, 1],
  show: wholePercent,
}

const seconds: ChartSpec = {
  id: 'seconds',
  title: 'Time of a step',
  name: 'seconds',
  term: 'stepTime',
  lines: [
    line('seconds_rollout', 'rollouts', (step) => step.seconds.rollout, { color: 'var(--stage-3)', smooth: false }),
    line('seconds_update', 'update', (step) => step.seconds.update, { color: 'var(--stage-3)', dash: '6 3', smooth: false }),
    line('seconds_total', 'in all', (step) => step.seconds.total, { color: 'var(--chart-quiet)', dash: '2 3', smooth: false }),
  ],
  ends: [0, null],
  show: (value) => `${digits(value)} s`,
}

interface ChartGroup {
  title: string
  charts: readonly ChartSpec[]
}

/** The charts in the order in which one reads them: what it earns, what it does, how it learns. */
export function chartGroups(detail: RewardDetail, stages: ToolStages): ChartGroup[] {
  return [
    { title: 'What it earns', charts: [reward, success, rewardParts(detail)] },
    { title: 'What it does', charts: [tools(stages), memory, size, context, exchange, format] },
    {
      title: 'How it learns',
      charts: [
        advantages,
        idle,
        one('kl', 'Distance from the base model', 'kl', 'nats a token', [0, null]),
        one('entropy', 'Openness of its choices', 'entropy', 'nats a token', [0, null]),
        one('clip_ratio', 'Tokens held back by the clip', 'clipRatio', 'of the tokens', [0, null]),
        one('grad_norm', 'Length of the gradient', 'gradNorm', 'norm', [0, null]),
        one('loss', 'Loss', 'loss', 'mean'),
        one('learning_rate', 'Learning rate', 'learningRate', 'of the step', [0, null]),
        seconds,
      ],
    },
  ]
}
