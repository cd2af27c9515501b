// What a run has taught so far, as kinds and numbers: the first steps against the newest, and only what chance hardly makes.
// Pure; knows no words.
import type { EvaluationMetrics, StepMetrics } from '../../../core/training/metrics.ts'
import type { Measured } from './chart-rows.ts'

/** What may change: each a share. */
export const learnedKinds = ['facts', 'updates', 'retrieves', 'filters', 'distractors', 'format'] as const
export type LearnedKind = (typeof learnedKinds)[number]

export type Direction = 'up' | 'down' | 'same'

/** A share at the start and now. */
export interface Change {
  from: number
  to: number
  direction: Direction
}

export interface Finding extends Change {
  kind: LearnedKind
}

export interface Learned {
  /** Finished steps. */
  steps: number
  /** Habits that have changed beyond chance, the clearest first. null: too few steps to tell. */
  findings: Finding[] | null
  /** Right answers in training, whose first steps may be sampled more freely; null: too few steps to tell. */
  right: Change | null
  /** Right answers on held-out tasks, always sampled alike: the first test against the last; null: there are not two. */
  heldOut: Change | null
  /** Steps after which recorded runs of the same plan had more right answers than at their start; null: none had, or none is known. */
  usual: number | null
}

/** A share of so many. */
interface Sample {
  value: number
  of: number
}

/** Steps at each end that are held against each other, at most and at least. */
const window = { most: 8, least: 3 }
/** Of this many findings one speaks. */
const most = 3

/** 97.5 % of Student's t, by degrees of freedom 4, 6 … 14: w steps at each end leave 2w − 2. */
const critical: Readonly<Record<number, number>> = { 4: 2.776, 6: 2.447, 8: 2.306, 10: 2.228, 12: 2.179, 14: 2.145 }

interface Compared extends Change {
  /** How many standard errors lie between; the sign is the direction. */
  score: number
}

function moments(samples: readonly Sample[]): { mean: number; error: number } {
  const n = samples.length
  const mean = samples.reduce((sum, { value }) => sum + value, 0) / n
  const spread = n < 2 ? 0 : samples.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / (n - 1)
  const trials = samples.reduce((sum, { of }) => sum + of, 0)
  // Steps that happen to agree are no surer than that many trials can be; half a trial each way, so that 0 and 1 are not certain.
  const smooth = (mean * trials + 0.5) / (trials + 1)
  return { mean, error: Math.max(spread / n, (smooth * (1 - smooth)) / Math.max(1, trials)) }
}

/** The first samples against the last (Welch's t); null when they are too few. */
export function compared(samples: readonly Sample[]): Compared | null {
  const n = Math.min(window.most, Math.floor(samples.length / 2))
  if (n < window.least) return null
  const before = moments(samples.slice(0, n))
  const now = moments(samples.slice(-n))
  const score = (now.mean - before.mean) / Math.sqrt(before.error + now.error)
  const limit = critical[2 * n - 2] ?? 2.145
  return { from: before.mean, to: now.mean, score, direction: score > limit ? 'up' : score < -limit ? 'down' : 'same' }
}

/** Two estimates with their intervals: what their normal intervals tell apart. */
function comparedTests(first: Sample, last: Sample): Compared {
  const error = ({ value, of }: Sample) => {
    const smooth = (value * of + 0.5) / (of + 1)
    return (smooth * (1 - smooth)) / Math.max(1, of)
  }
  const score = (last.value - first.value) / Math.sqrt(error(first) + error(last))
  return { from: first.value, to: last.value, score, direction: score > 1.96 ? 'up' : score < -1.96 ? 'down' : 'same' }
}

type Habit = keyof NonNullable<StepMetrics['habits']>
const habitOf: Partial<Record<LearnedKind, Habit>> = { facts: 'add_fact', updates: 'update_correction', retrieves: 'retrieve_first', filters: 'filter_episode', distractors: 'add_distractor' }

const sampleOf = (step: StepMetrics, habit: Habit): Sample[] => {
  const found = step.habits?.[habit]
  return found && found.of > 0 ? [{ value: found.done / found.of, of: found.of }] : []
}

/** From the steps; of runs that counted no habits in them from the first and the last test. */
function changeOf(kind: LearnedKind, steps: readonly StepMetrics[], evaluations: readonly EvaluationMetrics[]): Compared | null {
  const habit = habitOf[kind]
  if (!habit) return compared(steps.map((step) => ({ value: step.format_violations, of: Math.round(step.replies * step.episodes) })))
  const samples = steps.flatMap((step) => sampleOf(step, habit))
  if (samples.length > 0) return compared(samples)
  const [first] = evaluations
  const last = evaluations.at(-1)
  const [before, now] = [first?.habits[habit], last?.habits[habit]]
  return first !== last && before && now ? comparedTests({ value: before.mean, of: before.n }, { value: now.mean, of: now.n }) : null
}

const rightOf = (steps: readonly StepMetrics[]) => compared(steps.map(({ success, episodes }) => ({ value: success, of: episodes })))

/** The first step after which a run had more right answers than at its start, and still has; null: there was none. */
export function betterFrom(steps: readonly StepMetrics[]): number | null {
  for (let n = 2 * window.least; n <= steps.length; n++) {
    if (rightOf(steps.slice(0, n))?.direction === 'up') return steps[n - 1]?.step ?? null
  }
  return null
}

/** @param recorded other runs of the same plan */
export function learnedOf({ steps, evaluations }: Measured, recorded: readonly Measured[]): Learned {
  const changes = learnedKinds.flatMap((kind) => {
    const change = changeOf(kind, steps, evaluations)
    return change ? [{ kind, ...change }] : []
  })
  const clear = changes.filter(({ direction }) => direction !== 'same').sort((a, b) => Math.abs(b.score) - Math.abs(a.score))
  const right = rightOf(steps)
  const [test] = evaluations
  const newest = evaluations.at(-1)
  const held = test && newest && test !== newest ? comparedTests({ value: test.summary.success_rate, of: test.tasks }, { value: newest.summary.success_rate, of: newest.tasks }) : null
  const usual = recorded.flatMap((run) => betterFrom(run.steps) ?? []).sort((a, b) => a - b)
  return {
    steps: steps.length,
    findings: right === null ? null : clear.slice(0, most).map(({ kind, from, to, direction }) => ({ kind, from, to, direction })),
    right: right && { from: right.from, to: right.to, direction: right.direction },
    heldOut: held && { from: held.from, to: held.to, direction: held.direction },
    usual: usual[Math.floor((usual.length - 1) / 2)] ?? null,
  }
}
