// Deletes what is here of a model; what played or compared with it goes back to nano and to words.
import type { WebLlmModel } from '../../core/policy/webllm.ts'
import { size } from '../format.ts'
import { t } from '../locales/index.ts'
import { action } from './action.ts'

export const deleteWebLlm = action({
  perform: ({ actions, config, ui, webllm }) => async (large: WebLlmModel, bytes: number): Promise<void> => {
    const state = config.getState()
    if (state.policy === 'webllm' && state.model === large.id) actions.choosePolicy('nano')
    if (state.embedder === large.id) await actions.compareBy(null)
    await webllm.getState().remove(large)
    if (webllm.getState().failure !== null) return
    const text = t().actions.modelDeleted(large.id, bytes > 0 ? size(bytes) : null, large.custom !== null)
    ui.getState().notify({ tone: 'info', topic: 'model', text })
  },
})
