// What a chart is: data, no drawing. One file a chart in this folder, and its line in index.ts; its words stand in the
// catalogue under its name, and without them it is called by that name.
import type { EvaluationMetrics, StepMetrics } from '../../../../core/training/metrics.ts'
import type { TermName } from '../../../glossary.ts'
import { t } from '../../../locales/index.ts'
import type { Band, Series } from '../series.ts'
import type { Unit } from '../axis.ts'

/** Whether a chart has anything to show of one of these runs, or is to say that there is nothing yet. */
export function isFor({ only }: ChartSpec, runs: readonly { steps: readonly StepMetrics[] }[]): boolean {
  return only === undefined || runs.some(({ steps }) => steps.some(only))
}

/** On held-out tasks, with its 95 % interval where there is one. */
export interface HeldOut {
  value: number
  low: number
  high: number
}

export interface LineSpec extends Series<StepMetrics> {
  /** Left out: as the catalogue has it. */
  title?: () => string
  /** A CSS colour. */
  color: string
  /** SVG dashes, so that colour is not all that tells lines apart. */
  dash?: string
  /** Its read-out is what the step itself had, however strongly the line is smoothed: a spike is to be read. */
  measured?: boolean
  /** What other runs of the same plan had lies behind it. */
  recorded?: boolean
  held?: (evaluation: EvaluationMetrics) => HeldOut | null
}

export interface BandSpec extends Band<StepMetrics> {
  color: string
  /** How strong its fill is. */
  opacity: number
}

/** In which order one reads them: what it earns, what it does, how it learns. */
export const chartGroups = ['earns', 'does', 'learns'] as const
export type ChartGroup = (typeof chartGroups)[number]

export interface ChartSpec {
  group: ChartGroup
  /** The name that TRL or the paper has for it. */
  name: string
  term: TermName
  unit: Unit
  /** Ends of the y axis; the data decide where null. */
  ends?: readonly [low: number | null, high: number | null]
  /** What can be chosen to be drawn, by name; the first one is, until somebody chooses. */
  choices?: readonly string[]
  lines: (choice: string) => readonly LineSpec[]
  bands?: readonly BandSpec[]
  /** Whether a step has any of it; left out: every run is to have it. The chart is there for runs of which a step has. */
  only?: (step: StepMetrics) => boolean
  /** Each line has a small chart of its own, all on one scale. */
  multiples?: boolean
}

export const within = (value: number, [low, high]: readonly [number, number]): HeldOut => ({ value, low, high })

/** A line of what was measured in training, smoothed; `rest` says what is different. */
export const line = (id: string, value: (step: StepMetrics) => number | null, rest: Partial<LineSpec> = {}): LineSpec => ({
  id,
  value,
  color: 'var(--chart-train)',
  smooth: true,
  ...rest,
})

/** A chart of one number that an update reports. */
export function ofUpdate(id: 'kl' | 'entropy' | 'clip_ratio' | 'grad_norm' | 'loss', rest: Pick<ChartSpec, 'term' | 'unit' | 'ends'>): ChartSpec {
  return { group: 'learns', name: id, ...rest, lines: () => [line(id, (step) => step[id], { measured: true })] }
}

const word = (words: Readonly<Record<string, string>>, name: string) => words[name] ?? name.replaceAll('_', ' ')

export const chartTitle = (id: string): string => word(t().charts.titles, id)
export const lineTitle = ({ id, title }: LineSpec): string => title?.() ?? word(t().charts.lines, id)
export const choiceName = (choice: string): string => word(t().charts.choices, choice)
