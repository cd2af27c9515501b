// What of core the store of experiments needs when one is opened or run, as one file that is loaded then.
import { dataNames, dataOf } from '../../core/experiments/data.ts'
import { experimentNamed, type ExperimentName } from '../../core/experiments/experiments.ts'
import type { ExperimentPlan } from '../../core/experiments/result.ts'
import { settingsPresets } from '../../core/episode/settings.ts'
import type { ExperimentSetup } from './experiments.ts'

export { isExperiment } from '../../core/experiments/experiments.ts'
export { readResult } from '../../core/experiments/result.ts'
export { toldOf } from './experiment-pace.ts'
export { listedOf } from '../../core/experiments/results.ts'

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
