// The adapter that comes with the page for a model of somebody else's: taken as a checkpoint, for new runs to begin from.
import { taughtAdapter } from '../../core/policy/taught.ts'
import { trainPresets } from '../../core/training/config.ts'
import { messageOf } from '../../core/error-message.ts'
import { t } from '../locales/index.ts'
import type { Stores } from '../state/context.tsx'
import { importAdapter } from './adapter-actions.ts'

const fileNames = ['adapter_config.json', 'adapter_model.safetensors'] as const

/** @param base the page's own address. Never rejects. */
export async function takeTaught(stores: Pick<Stores, 'workspace' | 'ui'>, base: string): Promise<void> {
  const { training } = stores.workspace
  const { source } = training.getState()
  const folder = taughtAdapter(source.name)
  if (folder === null) return
  const called = t().lesson.shippedName
  try {
    const files = await Promise.all(
      fileNames.map(async (name) => {
        const response = await fetch(new URL(`${folder}/${name}`, base))
        if (!response.ok) throw new Error(`${name}: ${response.status}`)
        return new File([await response.blob()], name)
      }),
    )
    const key = await importAdapter(stores, files, { name: called, prompt: trainPresets.pretrained.episode.prompt })
    if (key === null) return
    // It was taught with the prompt and the limits of this plan.
    training.getState().usePreset('pretrained')
    training.getState().beginFrom(key)
  } catch (error) {
    stores.ui.getState().notify({ tone: 'error', topic: 'adapter', text: t().runs.notImported(called, messageOf(error)) })
  }
}
