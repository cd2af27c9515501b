// Texts are compared by an embedding model of WebLLM's, null: by words, and θ is what was measured for it.
import { messageOf } from '../../core/error-message.ts'
import { settingsPresets } from '../../core/episode/settings.ts'
import { calibratedTheta } from '../../core/memory/remote-embedder.ts'
import { decimal } from '../format.ts'
import { t } from '../locales/index.ts'
import { withEmbedder } from '../state/config.ts'
import { action } from './action.ts'

export const compareBy = action({
  perform: ({ config, ui, webllm }) => async (embedder: string | null): Promise<void> => {
    if (embedder === null) {
      config.getState().set(withEmbedder(config.getState(), null, settingsPresets.playground.theta))
      return
    }
    const words = t().actions.embedder
    const tell = (tone: 'info' | 'error', text: string) => { ui.getState().notify({ tone, topic: 'embedder', text }) }
    tell('info', words.loading(embedder))
    try {
      const theta = await calibratedTheta({ embed: (texts) => webllm.getState().embed(embedder, texts) })
      config.getState().set(withEmbedder(config.getState(), embedder, theta))
      tell('info', words.ready(embedder, decimal(theta)))
    } catch (error) {
      tell('error', words.failed(messageOf(error)))
    }
  },
})
