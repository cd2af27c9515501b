// The adapter that comes with the page for a model of somebody else's: taken as a checkpoint, for new runs to begin from.
import { messageOf } from '../../core/error-message.ts'
import { t } from '../locales/index.ts'
import type { Stores } from '../state/context.tsx'

/** Never rejects. */
export async function takeTaught({ workspace, ui }: Pick<Stores, 'workspace' | 'ui'>): Promise<void> {
  const { notify } = ui.getState()
  const training = workspace.training.getState()
  try {
    if (training.live) throw new Error(t().runs.pauseFirst)
    const taken = await workspace.taught(training.source)
    if (!taken) return
    const { checkpoint, saved } = taken
    notify({ tone: saved ? 'info' : 'warn', topic: 'adapter', text: t().runs.adapterHere(checkpoint.name, checkpoint.lora.rank, training.source.name, saved) })
    // It was taught with the prompt and the limits of this plan.
    training.usePreset('pretrained')
    training.beginFrom(checkpoint.key)
  } catch (error) {
    notify({ tone: 'error', topic: 'adapter', text: t().runs.notImported(t().lesson.shippedName, messageOf(error)) })
  }
}
