// Files that were dropped on the page: a run or an adapter is imported.
import { importAdapter } from './adapter-actions.ts'
import type { Stores } from '../state/context.tsx'
import { t } from '../locales/index.ts'
import { importRun } from './run-import.ts'
import { messageOf } from '../../core/error-message.ts'

/** Imports a run or an adapter, or says why not. False when the files are neither. Never rejects. */
export async function takeTraining(stores: Pick<Stores, 'workspace' | 'ui'>, files: readonly File[]): Promise<boolean> {
  const [file] = files
  const refuse = (why: string) => { stores.ui.getState().notify({ tone: 'error', topic: 'file', text: t().runs.notRead(file?.name ?? null, why) }) }
  try {
    const kind = await stores.workspace.backend.lab().kindOfDropped([...files])
    switch (kind) {
      case 'run':
        if (file) await importRun(stores, file)
        return true
      case 'adapter':
        await importAdapter(stores, files)
        stores.ui.getState().setView('checkpoints')
        return true
      case null:
        return false
    }
  } catch (error) {
    refuse(messageOf(error))
    return true
  }
}
