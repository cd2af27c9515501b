// A model of WebLLM becomes the policy of Watch.
import { withWebLlmModel } from '../state/config.ts'
import { windowOf } from '../state/webllm.ts'
import { action } from './action.ts'

export const playWithWebLlm = action({
  perform: ({ config, ui, webllm }) => (id: string): void => {
    const state = config.getState()
    state.set(withWebLlmModel(state, id, windowOf(webllm.getState(), id)))
    ui.getState().setView('watch')
  },
})
