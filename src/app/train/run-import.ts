// A run that comes back from a file, to be looked at: the lab reads it, the page shows it.
import { count } from '../format.ts'
import type { Stores } from '../stores/context.tsx'
import { messageOf } from '../../core/error-message.ts'

/** Reads an exported run and shows it. Never rejects. */
export async function importRun({ bench, ui }: Pick<Stores, 'bench' | 'ui'>, file: File): Promise<void> {
  const { notify } = ui.getState()
  const key = bench.newKey()
  try {
    const { name, steps } = await bench.backend.lab().importRun(file, key, (progress) => {
      notify({ tone: 'info', topic: 'import', text: `Reading “${progress.name}”: step ${progress.step} of ${progress.steps}.` })
    })
    notify({ tone: 'info', topic: 'import', text: `“${name}” is here, with ${count(steps, 'step')}. It can be looked at, not trained on.` })
    await bench.runs.getState().refresh()
    bench.showRun(key)
  } catch (error) {
    notify({ tone: 'error', topic: 'import', text: `${file.name} was not imported. ${messageOf(error)}` })
  }
}
