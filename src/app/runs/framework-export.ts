// A run for an engine outside the browser: its tasks, settings and adapter as a zip for TRL or Trinity-RFT.
import { strToU8, zipSync } from 'fflate'
import { dataSetsOf } from '../../core/environments/data-sets.ts'
import { tasksOfRun, type ExportedRun, type ExportFile } from '../../core/export/files.ts'
import type { CheckpointRecord, RunRecord } from '../../core/training/runs.ts'
import { t } from '../locales/index.ts'
import { peftOf } from './adapter-actions.ts'
import type { Stores } from '../state/context.tsx'
import { download, fileName } from '../download.ts'
import { messageOf } from '../../core/error-message.ts'

/** What writes the files is fetched when it is wanted: a first visit does not need it. */
export const frameworks = {
  trl: { name: 'TRL', files: async (run: ExportedRun) => (await import('../../core/export/trl.ts')).trlFiles(run) },
  trinity: { name: 'Trinity-RFT', files: async (run: ExportedRun) => (await import('../../core/export/trinity.ts')).trinityFiles(run) },
} as const satisfies Record<string, { name: string; files: (run: ExportedRun) => Promise<ExportFile[]> }>
export type Framework = keyof typeof frameworks

export const packExport = (files: readonly ExportFile[]): Uint8Array<ArrayBuffer> =>
  zipSync(Object.fromEntries(files.map(({ path, content }): [string, Uint8Array] => [path, typeof content === 'string' ? strToU8(content) : content])))

/** The checkpoint of a run that its export takes: the furthest one. */
export const furthest = (checkpoints: readonly CheckpointRecord[], run: string): CheckpointRecord | null =>
  checkpoints.filter((each) => each.run === run).reduce<CheckpointRecord | null>((last, each) => (last && last.step >= each.step ? last : each), null)

/** Downloads it. Never rejects. @param checkpoint whose adapter goes with it; null: none */
export async function exportForFramework(stores: Stores, framework: Framework, run: RunRecord, checkpoint: CheckpointRecord | null): Promise<void> {
  const { notify } = stores.ui.getState()
  const { name, files } = frameworks[framework]
  try {
    const adapter = checkpoint && { step: checkpoint.step, ...(await peftOf(stores, checkpoint)) }
    const tasks = await tasksOfRun(run.config, dataSetsOf((hash) => stores.workspace.backend.memory().data.tasks(hash), ({ name: of }) => t().runs.setGone(of)))
    const packed = packExport(await files({ name: run.name, config: run.config, tasks, model: { name: run.model, place: run.model_url }, adapter }))
    download(`agemem-${fileName(run.name)}-${framework}.zip`, new Blob([packed], { type: 'application/zip' }))
    notify({ tone: 'info', topic: 'export', text: t().runs.packedFor(run.name, name, checkpoint?.name ?? null) })
  } catch (error) {
    notify({ tone: 'error', topic: 'export', text: t().runs.notExportedFor(run.name, name, messageOf(error)) })
  }
}
