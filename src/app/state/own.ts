// The task of one's own: kept in the browser, and how one trains on it.
import { fit } from '../../core/fit.ts'
import { trainsOnAll, usualOptions, type DataOptions } from '../../core/environments/question/training-tasks.ts'
import { dataSources } from '../../core/environments/question/task.ts'
import { exampleOwn, ownSchema, ownTask, readOwn, writeOwn, type Own } from '../../core/environments/question/sources/own.ts'
import type { DataSet } from '../../core/environments/data-sets.ts'
import { trainPresets, type TrainConfig } from '../../core/training/config.ts'
import type { ConfigStore } from './config.ts'
import type { TrainingWorkspace } from './training-workspace.ts'
import type { Remembered, UiStore } from './ui.ts'

const ownKey = 'agemem.own'

/** What was written last in this browser; an example where nothing was, or nothing that can be read. */
export function rememberedOwn(remembered: Remembered): Own {
  const kept = remembered.get(ownKey)
  const read = kept === null ? null : fit(ownSchema, readOwn(kept))
  return read?.success ? read.data : exampleOwn
}

/** Keeps what is written from now on. */
export function rememberOwn(config: ConfigStore, remembered: Remembered): void {
  config.subscribe(({ own }, before) => {
    if (own !== before.own) remembered.set(ownKey, writeOwn(own))
  })
}

/** How one trains on a set, until somebody changes it. */
export function optionsFor({ name, hash, source, tasks }: DataSet): DataOptions {
  const known = dataSources.find((each) => each === source) ?? 'hotpotqa'
  return usualOptions(known, { name, hash }, tasks)
}

/** The change of a plan that makes it train on these tasks: no more of them a step than there are, no test without tasks for it. */
export function planOn(plan: TrainConfig, tasks: TrainConfig['tasks'], count: number): Partial<TrainConfig> {
  const { evaluation, b } = trainPresets.quick
  if (trainsOnAll(tasks)) return { tasks, b: Math.min(plan.b, count), evaluation: { ...plan.evaluation, every: 0 } }
  return { tasks, ...(trainsOnAll(plan.tasks) ? { evaluation, b } : {}) }
}

interface Parts {
  config: ConfigStore
  ui: UiStore
  workspace: Pick<TrainingWorkspace, 'dataSets' | 'training' | 'runs'>
}

/** Plans a training on the task of one's own, and shows the plan. */
export async function trainOnOwn({ config, ui, workspace }: Parts): Promise<void> {
  const { dataSets, training, runs } = workspace
  const task = ownTask(config.getState().own)
  const set = await dataSets.getState().keep(task.query, [task])
  if (!set) return
  const { plan, setPlan } = training.getState()
  setPlan(planOn(plan, { family: 'question', options: optionsFor(set) }, set.tasks))
  void runs.getState().show(null)
  ui.getState().setView('train')
}
