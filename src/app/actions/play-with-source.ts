// A model of this project's own engine becomes the policy of Watch. What was fetched is loaded at once, so that Run waits
// for less; others when they are first asked.
import type { ModelSource } from '../../core/policy/model.ts'
import { action } from './action.ts'

export const playWithSource = action({
  perform: ({ actions, config, model, ui }) => (source: ModelSource): void => {
    const { nanoSource, ownSource, choose } = model.getState()
    if (source.name === nanoSource.name) actions.choosePolicy('nano')
    else {
      if (source !== ownSource) choose(source)
      actions.choosePolicy('own')
      if (source.kind === 'kept') void model.getState().prepare(source)
    }
    // Its adapter was another model's.
    config.getState().set({ adapter: null })
    ui.getState().setView('watch')
  },
})
