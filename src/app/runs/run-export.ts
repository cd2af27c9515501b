// Exports of a run: the whole of it as a zip, its trajectories as JSON lines, its metrics as CSV.
import type { RunRecord } from '../../core/training/runs.ts'
import type { Stores } from '../state/context.tsx'
import { metricsCsv } from './csv.ts'
import { download, fileName } from '../download.ts'
import { t } from '../locales/index.ts'
import { packRun } from './run-files.ts'
import { messageOf } from '../../core/error-message.ts'

/** Does it, and says so when it goes wrong. */
async function exporting({ ui }: Pick<Stores, 'ui'>, run: RunRecord, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    ui.getState().notify({ tone: 'error', topic: 'export', text: t().runs.notExported(run.name, messageOf(error)) })
  }
}

/** Shown while a long run is read and packed. */
function announce({ ui }: Pick<Stores, 'ui'>, run: RunRecord, step: number): void {
  if (step === 1 || step % 25 === 0) ui.getState().notify({ tone: 'info', topic: 'export', text: t().runs.packing(run.name, step, run.steps) })
}

export async function exportRun(stores: Pick<Stores, 'workspace' | 'ui'>, run: RunRecord): Promise<void> {
  await exporting(stores, run, async () => {
    const { runs } = stores.workspace.backend.memory()
    const [steps, evaluations] = await Promise.all([runs.steps(run.key), runs.evaluations(run.key)])
    const rollouts = (step: number) => {
      announce(stores, run, step)
      return runs.rollouts(run.key, step)
    }
    download(`agemem-${fileName(run.name)}.zip`, await packRun({ run, steps, evaluations, rollouts }))
    stores.ui.getState().notify({ tone: 'info', topic: 'export', text: t().runs.packed(run.name) })
  })
}

/** One trajectory a line, each step of it with its id {run, batch, task, rollout, step}. */
export async function exportTrajectories(stores: Pick<Stores, 'workspace' | 'ui'>, run: RunRecord): Promise<void> {
  await exporting(stores, run, async () => {
    const { runs } = stores.workspace.backend.memory()
    const parts: Blob[] = []
    for (const { step } of await runs.steps(run.key)) {
      announce(stores, run, step)
      // A blob may lie on the disk; a string may not.
      parts.push(new Blob((await runs.rollouts(run.key, step)).map((trajectory) => `${JSON.stringify(trajectory)}\n`)))
    }
    download(`agemem-${fileName(run.name)}.jsonl`, new Blob(parts, { type: 'application/jsonl' }))
  })
}

export async function exportMetrics(stores: Pick<Stores, 'workspace' | 'ui'>, run: RunRecord): Promise<void> {
  await exporting(stores, run, async () => {
    download(`agemem-${fileName(run.name)}.csv`, new Blob([metricsCsv(await stores.workspace.backend.memory().runs.steps(run.key))], { type: 'text/csv' }))
  })
}
