// Adapters in and out of the page: export in PEFT's form, import of one.
import type { CheckpointRecord } from '../../core/training/runs.ts'
import type { ModelSource } from '../../core/policy/model.ts'
import type { PeftFiles } from '../../core/policy/trainable.ts'
import type { Stores } from '../state/context.tsx'
import { download, fileName } from '../download.ts'
import { t } from '../locales/index.ts'
import { messageOf } from '../../core/error-message.ts'

export const workerOf = ({ backend }: Stores['workspace'], { kind }: ModelSource) => (kind === 'webllm' ? backend.webllm().live : backend.model())

/** A checkpoint in PEFT's form; the model that it belongs to is loaded for it. @throws Error when one of the two is not at hand */
export async function peftOf({ workspace }: Pick<Stores, 'workspace'>, checkpoint: CheckpointRecord): Promise<PeftFiles> {
  const source = workspace.sourceOf(checkpoint.model)
  if (!source) throw new Error(t().runs.modelNotLoaded(checkpoint.model))
  const state = await workspace.runs.getState().adapterState(checkpoint.key)
  if (!state) throw new Error(t().runs.weightsGone)
  const model = workerOf(workspace, source)
  await model.load(source, () => undefined)
  return model.peftFiles({ lora: checkpoint.lora, parameters: state.parameters })
}

/** Downloads an adapter as a zip of adapter_config.json and adapter_model.safetensors. Never rejects. */
export async function exportAdapter(stores: Pick<Stores, 'workspace' | 'ui'>, checkpoint: CheckpointRecord): Promise<void> {
  try {
    const files = await peftOf(stores, checkpoint)
    const { packAdapter } = await import('./pack-adapter.ts')
    download(`agemem-adapter-${fileName(checkpoint.name)}.zip`, new Blob([packAdapter(files)], { type: 'application/zip' }))
  } catch (error) {
    stores.ui.getState().notify({ tone: 'error', topic: 'adapter', text: t().runs.notExported(checkpoint.name, messageOf(error)) })
  }
}

/** Takes an adapter of PEFT for the model that is trained here, called as its file. Never rejects. */
export async function importAdapter({ workspace, ui }: Pick<Stores, 'workspace' | 'ui'>, files: readonly File[]): Promise<void> {
  const { notify } = ui.getState()
  const name = files.find(({ name: of }) => of.endsWith('.zip'))?.name.replace(/\.zip$/, '') ?? files[0]?.name ?? 'adapter'
  try {
    if (workspace.training.getState().live) throw new Error(t().runs.pauseFirst)
    const peft = await workspace.backend.lab().readAdapter([...files])
    const { source } = workspace.training.getState()
    const model = workerOf(workspace, source)
    await model.load(source, () => undefined)
    const { lora, parameters } = await model.readPeft(peft)
    const record: CheckpointRecord = { key: workspace.newKey(), run: null, name, step: 0, created: workspace.now(), model: source.name, lora, evaluation: null, resumable: false }
    const { saved } = await workspace.runs.getState().addCheckpoint(record, { step: 0, parameters, first: new Map(), second: new Map() })
    notify({ tone: saved ? 'info' : 'warn', topic: 'adapter', text: t().runs.adapterHere(name, lora.rank, source.name, saved) })
  } catch (error) {
    notify({ tone: 'error', topic: 'adapter', text: t().runs.notImported(name, messageOf(error)) })
  }
}
