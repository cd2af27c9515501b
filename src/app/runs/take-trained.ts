// The adapter that an engine outside trained comes back with its run: the last checkpoint of it, to play with and to train on.
import { trainedFrom } from '../../core/training/trained.ts'
import { checkpointKey, checkpointName, type CheckpointRecord } from '../../core/training/runs.ts'
import type { Stores } from '../state/context.tsx'
import { t } from '../locales/index.ts'
import { messageOf } from '../../core/error-message.ts'
import { workerOf } from './adapter-actions.ts'

/** Nothing where the file has no adapter. Never rejects. @param key of the run, which is kept already */
export async function takeTrained({ workspace, ui }: Pick<Stores, 'workspace' | 'ui'>, file: File, key: string): Promise<void> {
  const { notify } = ui.getState()
  let name = file.name
  try {
    const trained = await workspace.backend.lab().readTrained(file)
    const run = workspace.runs.getState().runs?.find((each) => each.key === key)
    if (!trained || !run) return
    name = checkpointName(run.steps)
    const source = workspace.sourceOf(run.model)
    if (!source) throw new Error(t().runs.modelNotLoaded(run.model))
    const model = workerOf(workspace, source)
    await model.load(source, () => undefined)
    const { lora, state } = await trainedFrom(trained, run.steps, (files) => model.readPeft(files))
    const record: CheckpointRecord = { key: checkpointKey(key, run.steps), run: key, name, step: run.steps, created: workspace.now(), model: run.model, lora, evaluation: null, resumable: trained.moments !== null }
    const { saved } = await workspace.runs.getState().addCheckpoint(record, state)
    notify({ tone: saved ? 'info' : 'warn', topic: 'adapter', text: t().runs.adapterHere(name, lora.rank, run.model, saved) })
  } catch (error) {
    notify({ tone: 'error', topic: 'adapter', text: t().runs.notImported(name, messageOf(error)) })
  }
}
