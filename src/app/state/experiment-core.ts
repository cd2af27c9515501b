// What of core the store of experiments needs when one is opened or run, as one file that is loaded then.
import { z } from 'zod'
import { dataNames, dataOf } from '../../core/experiments/data.ts'
import { experimentNamed, type ExperimentName } from '../../core/experiments/experiments.ts'
import { readResult, type ExperimentPlan, type ExperimentResult } from '../../core/experiments/result.ts'
import { mustFit } from '../../core/fit.ts'
import type { CheckpointRecord } from '../../core/training/runs.ts'
import { settingsPresets, usualPresetOf } from '../../core/episode/settings.ts'
import type { ExperimentPlace, ExperimentSetup } from './experiments.ts'

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

/** The results that came with the page, each read once. */
export class ShippedResults {
  readonly #file: (path: string) => Promise<Blob>
  readonly #read = new Map<string, ExperimentResult>()
  #list: ShippedList | null = null

  /** @param file one that came with the page; throws when there is none */
  constructor(file: (path: string) => Promise<Blob>) {
    this.#file = file
  }

  /** @throws Error when it cannot be read */
  async list(): Promise<ShippedList> {
    return (this.#list ??= mustFit(shippedSchema, JSON.parse(await this.#text('index')), 'The list of results is damaged: '))
  }

  /** What came for a place of the view; null: nothing. @throws Error when it cannot be read */
  async at({ name, key }: ExperimentPlace): Promise<ExperimentResult | null> {
    const list = await this.list()
    if (key === null ? !list.results.includes(name) : !cameWithPage(list, key)) return null
    const file = key ?? name
    const result = this.#read.get(file) ?? readResult(await this.#text(file))
    this.#read.set(file, result)
    return result
  }

  async #text(name: string): Promise<string> {
    return (await this.#file(`experiments/${name}.json`)).text()
  }
}

/** Whether the result at this key came with the page: it is not gone on with. */
export const cameWithPage = (list: ShippedList | null, key: string | null) => key === null || (list?.others.some(({ file }) => file === key) ?? false)

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

/** The plan of an experiment in which every arm begins with this adapter: it is asked as it learnt to be. */
export const begunWith = (plan: ExperimentPlan, { key, name, prompt }: CheckpointRecord): ExperimentPlan => ({ ...plan, settings: settingsPresets[usualPresetOf(prompt ?? null)], start: { key, name, hash: null } })
