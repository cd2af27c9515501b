// A run for an engine outside the browser: its tasks, settings and adapter as a zip for TRL, Trinity-RFT or verl.
import { dataSetsOf } from '../../core/environments/data-sets.ts'
import { tasksOfRun, type ExportedRun, type ExportFile, type GoingOn } from '../../core/export/files.ts'
import { checkpointKey, type CheckpointRecord, type RunRecord } from '../../core/training/runs.ts'
import type { LabApi } from '../../rpc/contracts.ts'
import { t } from '../locales/index.ts'
import { peftOf } from './adapter-actions.ts'
import type { Stores } from '../state/context.tsx'
import { download, fileName } from '../download.ts'
import { messageOf } from '../../core/error-message.ts'
import { zipOfFiles } from '../../core/export/out.ts'

type FrameworkLab = Pick<LabApi, 'verlFiles'>

/** What writes the files is fetched when it is wanted: a first visit does not need it. What takes Parquet is the lab's. */
export const frameworks = {
  trl: { name: 'TRL', files: async (run: ExportedRun) => (await import('../../core/export/trl.ts')).trlFiles(run) },
  trinity: { name: 'Trinity-RFT', files: async (run: ExportedRun) => (await import('../../core/export/trinity.ts')).trinityFiles(run) },
  verl: { name: 'verl', files: (run: ExportedRun, lab: FrameworkLab) => lab.verlFiles(run) },
} as const satisfies Record<string, { name: string; files: (run: ExportedRun, lab: FrameworkLab) => Promise<ExportFile[]> }>
export type Framework = keyof typeof frameworks

/** The checkpoint of a run that its export takes: the furthest one. */
export const furthest = (checkpoints: readonly CheckpointRecord[], run: string): CheckpointRecord | null =>
  checkpoints.filter((each) => each.run === run).reduce<CheckpointRecord | null>((last, each) => (last && last.step >= each.step ? last : each), null)

/** A base model of more than this is not put into an export. */
const smallModel = 16 * 2 ** 20
const modelFiles = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors']

/** The files of a small model that came with the page; of another one none. */
async function smallModelFiles({ model_url: place }: RunRecord): Promise<ExportFile[]> {
  if (place === null || new URL(place, location.href).origin !== location.origin) return []
  const files = await Promise.all(modelFiles.map(async (path) => ({ path, response: await fetch(`${place.replace(/\/$/, '')}/${path}`) })))
  if (files.some(({ response }) => !response.ok)) return []
  const whole = await Promise.all(files.map(async ({ path, response }) => ({ path, content: new Uint8Array(await response.arrayBuffer()) })))
  return whole.reduce((sum, { content }) => sum + content.length, 0) > smallModel ? [] : whole
}

/** What TRL goes on with: moments, what the KL term keeps to, what was measured up to the checkpoint. */
async function goingOnOf(stores: Stores, run: RunRecord, checkpoint: CheckpointRecord | null): Promise<GoingOn> {
  const { runs } = stores.workspace.backend.memory()
  const upTo = <T extends { step: number }>(records: readonly T[]) => records.filter(({ step }) => step <= (checkpoint?.step ?? 0))
  const model = stores.workspace.backend.model()
  const state = checkpoint && (await runs.checkpointState(checkpoint.key))
  const peft = async (parameters: Map<string, Float32Array>) => (await model.peftFiles({ lora: run.config.lora, parameters })).model
  const began = run.from === undefined || run.config.reference === 'base' ? null : await runs.checkpointState(checkpointKey(run.key, 0))
  return {
    model: await smallModelFiles(run),
    moments: state && checkpoint.resumable ? { step: state.step, first: await peft(state.first), second: await peft(state.second) } : null,
    reference: began && (await model.peftFiles({ lora: run.config.lora, parameters: began.parameters })),
    history: { run: { ...run, steps: checkpoint?.step ?? 0, status: 'paused', note: null }, steps: upTo(await runs.steps(run.key)), evaluations: upTo(await runs.evaluations(run.key)) },
  }
}

/** Downloads it. Never rejects. @param checkpoint whose adapter goes with it; null: none */
export async function exportForFramework(stores: Stores, framework: Framework, run: RunRecord, checkpoint: CheckpointRecord | null): Promise<void> {
  const { notify } = stores.ui.getState()
  const { name, files } = frameworks[framework]
  try {
    const adapter = checkpoint && { step: checkpoint.step, ...(await peftOf(stores, checkpoint)) }
    const tasks = await tasksOfRun(run.config, dataSetsOf((hash) => stores.workspace.backend.memory().data.tasks(hash), ({ name: of }) => t().runs.setGone(of)))
    const exported = { name: run.name, config: run.config, tasks, model: { name: run.model, place: run.model_url }, adapter, ...(framework === 'trl' && { goingOn: await goingOnOf(stores, run, checkpoint) }) }
    const packed = zipOfFiles(await files(exported, stores.workspace.backend.lab()))
    download(`agemem-${fileName(run.name)}-${framework}.zip`, new Blob(packed, { type: 'application/zip' }))
    notify({ tone: 'info', topic: 'export', text: t().runs.packedFor(run.name, name, checkpoint?.name ?? null) })
  } catch (error) {
    notify({ tone: 'error', topic: 'export', text: t().runs.notExportedFor(run.name, name, messageOf(error)) })
  }
}
