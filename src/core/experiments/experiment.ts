// What an experiment is: conditions × data × seeds, what is measured, and the paper's table or figure that it mirrors. One file
// each; the table is experiments.ts.
import type { AgentName } from '../agents/agents.ts'
import type { DataName } from './data.ts'
import type { MeasureName } from './measures.ts'
import type { TrainingName } from './trainings.ts'

/** A condition: who tends the memory, and how the policy was trained. */
export interface Arm {
  name: string
  /** In files, as the paper calls it. */
  label: string
  agent: AgentName
  /** null: the policy as it comes. */
  training: TrainingName | null
}

/** A number of the paper's, which has no interval, beside one of ours. */
export interface PaperNumber {
  model: 'Qwen2.5-7B' | 'Qwen3-4B'
  arm: string
  column: ColumnName
  /** In our unit: shares of 1. */
  value: number
}

/** average: the mean over the data, each weighing the same. */
export type ColumnName = DataName | 'average' | MeasureName

export interface Experiment {
  title: string
  /** Of arXiv 2601.01885. */
  mirrors: string
  arms: readonly Arm[]
  data: readonly DataName[]
  /** The first one is what the experiment is about. */
  measures: readonly MeasureName[]
  /** What stands side by side: with `data` the first measure on each. */
  columns: 'data' | 'measures'
  /** With `data`: measures that stand beside it, over all data that has occasions for them. */
  beside?: readonly MeasureName[]
  /** The arm that differences are to. */
  against: string
  /** Rewards step by step are kept, of arms that are trained. */
  curves?: true
  paper: readonly PaperNumber[]
}

export const experiment = (given: Experiment): Experiment => given

const models = ['Qwen2.5-7B', 'Qwen3-4B'] as const

/** A column of a table of the paper: arm to the values of both models, null where the paper has none that is known. */
export function paperColumn(column: ColumnName, values: Readonly<Record<string, readonly [number | null, number | null]>>, scale = 1): PaperNumber[] {
  return Object.entries(values).flatMap(([arm, both]) =>
    models.flatMap((model, i) => {
      const value = both[i] ?? null
      return value === null ? [] : [{ model, arm, column, value: value / scale }]
    }),
  )
}
