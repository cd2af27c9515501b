// Cells and results of experiments for tests.
import { settingsPresets } from '../episode/settings.ts'
import type { ExperimentCell, ExperimentResult } from './result.ts'

interface Told {
  arm?: string
  data?: string
  seed?: number
  measure?: string
  /** Value of each. */
  tasks: Readonly<Record<string, number | null>>
}

export const cellOf = ({ arm = 'agemem', data = 'lesson', seed = 1, measure = 'score', tasks }: Told): ExperimentCell => ({
  ...{ arm, data, seed, agent: 'agemem', training: null },
  policy: { kind: 'scripted', name: 'oracle' },
  tasks: Object.keys(tasks),
  values: { [measure]: Object.values(tasks) },
  incomplete: 0,
  seconds: 1,
})

export const resultOf = (experiment: string, arms: string[], cells: ExperimentCell[], more: Partial<ExperimentResult['plan']> = {}): ExperimentResult => ({
  kind: 'agemem-experiment',
  schema_version: 1,
  key: 'try',
  experiment,
  created: 0,
  model: { name: 'oracle', sha256: null },
  machine: 'a test',
  judge: 'rules',
  plan: { arms, data: [{ name: 'lesson', choice: { family: 'question', options: { source: 'scenario', held_out: { share: 0.99, seed: 1 } } } }], seeds: [1, 2], tasks: 3, settings: settingsPresets.quick, base: 'quick', steps: null, ...more },
  trainings: [],
  cells,
})
