// What was played and measured, for programs that show it: the lab packs it, the page downloads it.
import { messageOf } from '../../core/error-message.ts'
import type { RunRecord } from '../../core/training/runs.ts'
import { metricsTitles, viewerTitles, type MetricsForm, type ShownRequest, type ViewerForm } from '../../rpc/exchange.ts'
import { download, fileName } from '../download.ts'
import { t } from '../locales/index.ts'
import type { Stores } from '../state/context.tsx'

const titles: Readonly<Record<ViewerForm | MetricsForm, string>> = { ...viewerTitles, ...metricsTitles }

async function exported({ workspace, ui }: Pick<Stores, 'workspace' | 'ui'>, name: string, request: ShownRequest, onStep: (step: number) => void): Promise<void> {
  const { notify } = ui.getState()
  try {
    download(`agemem-${fileName(name)}-${request.form}.zip`, await workspace.backend.lab().exportShown(request, onStep))
    notify({ tone: 'info', topic: 'export', text: t().runs.packedToShow(name, titles[request.form]) })
  } catch (error) {
    notify({ tone: 'error', topic: 'export', text: t().runs.notExportedFor(name, titles[request.form], messageOf(error)) })
  }
}

/** The trajectories or the metrics of a run. Never rejects. */
export async function exportRunToShow(stores: Pick<Stores, 'workspace' | 'ui'>, run: RunRecord, form: ViewerForm | MetricsForm): Promise<void> {
  const of = { run: run.key }
  const request: ShownRequest = form === 'tensorboard' || form === 'trackio' ? { form, of } : { form, of }
  await exported(stores, run.name, request, (step) => {
    if (step === 1 || step % 25 === 0) stores.ui.getState().notify({ tone: 'info', topic: 'export', text: t().runs.packing(run.name, step, run.steps) })
  })
}

/** Recorded episodes, newest first. Never rejects. */
export const exportEpisodesToShow = (stores: Pick<Stores, 'workspace' | 'ui'>, keys: string[], form: ViewerForm): Promise<void> =>
  exported(stores, t().episodes.title, { form, of: { episodes: keys } }, () => undefined)
