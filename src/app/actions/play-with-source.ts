// A model of this project's own engine becomes the policy of Watch: as it was taught, where a lesson for it comes with the
// page, for nobody else taught it the protocol. What was fetched is loaded at once, so that Run waits for less; others when
// they are first asked.
import type { ModelSource } from '../../core/policy/model.ts'
import { settingsPresets, usualPresetOf } from '../../core/episode/settings.ts'
import { taughtKey } from '../../core/policy/taught.ts'
import { trainPresets } from '../../core/training/config.ts'
import { action } from './action.ts'

export const playWithSource = action({
  perform: ({ actions, backend, config, model, ui, workspace }) => {
    /** Never rejects: Run says what is wrong. */
    const prepare = async (source: ModelSource, taught: boolean) => {
      try {
        const taken = taught ? await workspace.taught(source) : null
        const state = taken && (await backend.memory().runs.checkpointState(taken.checkpoint.key))
        await backend.model().prepare(source, taken && state && { lora: taken.checkpoint.lora, parameters: state.parameters })
      } catch {
        // It is loaded when it is asked.
      }
    }
    return (source: ModelSource): void => {
      const { nanoSource, ownSource, choose } = model.getState()
      const taught = taughtKey(source.name)
      if (source.name === nanoSource.name) actions.choosePolicy('nano')
      else {
        if (source !== ownSource) choose(source)
        actions.choosePolicy('own')
        if (source.kind === 'kept') void prepare(source, taught !== null)
      }
      const learnt = trainPresets.pretrained.episode.prompt
      // Any other adapter was another model's.
      config.getState().set({ adapter: taught, ...(taught !== null && { settings: settingsPresets[usualPresetOf(learnt)] }) })
      ui.getState().setView('watch')
    }
  },
})
