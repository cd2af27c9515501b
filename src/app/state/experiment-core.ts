// What of core the store of experiments needs when one is opened or run, as one file that is loaded then.
import { z } from 'zod'
import { dataNames, dataOf } from '../../core/experiments/data.ts'
import { experimentNamed, type ExperimentName } from '../../core/experiments/experiments.ts'
import { readResult, type ExperimentPlan, type ExperimentResult } from '../../core/experiments/result.ts'
import { mustFit } from '../../core/fit.ts'
import { settingsPresets } from '../../core/episode/settings.ts'
import type { ExperimentSetup } from './experiments.ts'

export { readResult }
export { isExperiment } from '../../core/experiments/experiments.ts'
export { toldOf } from './experiment-pace.ts'
export { listedOf } from '../../core/experiments/results.ts'

/** public/experiments/index.json. */
export const shippedSchema = z.object({
  /** Names of experiments: nano's. */
  results: z.array(z.string()).max(64),
  /** Those that were made with another model; their file is their key. */
  others: z.array(z.object({ experiment: z.string(), model: z.string(), file: z.string() })).max(64).default([]),
})
export type ShippedList = z.infer<typeof shippedSchema>
export type ShippedResult = ShippedList['others'][number]

const textOf = async (file: (path: string) => Promise<Blob>, name: string) => (await file(`experiments/${name}.json`)).text()

/** The results that came with the page. @throws Error when the list cannot be read */
export const shippedList = async (file: (path: string) => Promise<Blob>): Promise<ShippedList> => mustFit(shippedSchema, JSON.parse(await textOf(file, 'index')), 'The list of results is damaged: ')

/** One of them. @throws Error when it cannot be read */
export const shippedResult = async (file: (path: string) => Promise<Blob>, name: string): Promise<ExperimentResult> => readResult(await textOf(file, name))

/** What is planned of an experiment here: data of files are left out, arms are all that there are. */
export function plannedHere(name: ExperimentName, { seeds, tasks, steps }: ExperimentSetup, model: string): ExperimentPlan {
  const { arms, data } = experimentNamed(name)
  const nano = model === 'nano'
  return {
    arms: arms.map((arm) => arm.name),
    data: dataNames.filter((each) => data.includes(each) && dataOf(each).file === null).map((each) => ({ name: each, choice: dataOf(each).choice(null) })),
    seeds: Array.from({ length: seeds }, (_, i) => i + 1),
    tasks,
    settings: nano ? settingsPresets.quick : settingsPresets.pretrained,
    base: nano ? 'quick' : 'pretrained',
    steps,
  }
}
