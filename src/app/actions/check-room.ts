// Says of the tasks of the loaded file what does not fit into the window, and offers what does.
import { t } from '../locales/index.ts'
import { policyChoice } from '../state/config.ts'
import { localWindow, misfitOf, webLlmWindow } from '../state/room.ts'
import { action } from './action.ts'

export const checkRoom = action({
  perform({ backend, config, files, model, ui, webllm }) {
    let last: number | null = null
    const dismiss = () => {
      if (last !== null) ui.getState().dismiss(last)
      last = null
    }
    return async (): Promise<void> => {
      const { loaded } = files.getState()
      const state = config.getState()
      const { nanoSource, ownSource } = model.getState()
      const choice = policyChoice(state, { nano: nanoSource, own: ownSource })
      if (!loaded || state.source !== 'file' || !choice) return
      const ofModel = choice.name === 'webllm' ? (state.model ?? '') : choice.name
      const name = choice.name === 'model' ? choice.source.name : ofModel
      const onCard = state.policy === 'webllm'
      const window = () =>
        onCard ? webLlmWindow(state.model, webllm.getState()) : localWindow(state.policy, model.getState())
      // A policy that cannot be asked says so when it is to play.
      const room = await backend.lab().room(loaded.tasks, choice, state.settings, window(), state.agent).catch(() => null)
      const misfit = room && misfitOf(loaded.name, loaded.tasks.length, room, name, window())
      if (files.getState().loaded !== loaded) return
      dismiss()
      if (!misfit) return
      const { text, details, offer } = misfit
      const take = () => {
        if (offer?.kind === 'tMax') config.getState().setSettings({ t_max: offer.tMax })
        if (offer?.kind === 'tasks') {
          files.getState().keepOnly(offer.fits)
          config.getState().set({ index: 0 })
        }
        dismiss()
      }
      const { raise, onlyThose } = t().actions.room
      const label = offer?.kind === 'tMax' ? raise(offer.tMax) : onlyThose(offer?.fits.length ?? 0)
      const offered = offer && { action: { label, run: take } }
      last = ui.getState().notify({ tone: 'warn', topic: 'room', text, details, ...offered })
    }
  },
})
