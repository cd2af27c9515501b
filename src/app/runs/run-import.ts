// A run that comes back from a file, to be looked at: the lab reads it, the page shows it.
import { t } from '../locales/index.ts'
import type { Stores } from '../state/context.tsx'
import { messageOf } from '../../core/error-message.ts'

/** Reads an exported run and shows it. Never rejects. */
export async function importRun({ workspace, ui }: Pick<Stores, 'workspace' | 'ui'>, file: File): Promise<void> {
  const { notify } = ui.getState()
  const key = workspace.newKey()
  try {
    const { name, steps } = await workspace.backend.lab().importRun(file, key, (progress) => {
      notify({ tone: 'info', topic: 'import', text: t().runs.readingRun(progress.name, progress.step, progress.steps) })
    })
    notify({ tone: 'info', topic: 'import', text: t().runs.imported(name, steps) })
    await workspace.runs.getState().refresh()
    workspace.showRun(key)
    const { takeTrained } = await import('./take-trained.ts')
    await takeTrained({ workspace, ui }, file, key)
  } catch (error) {
    notify({ tone: 'error', topic: 'import', text: t().runs.notImported(file.name, messageOf(error)) })
  }
}
