// Deletes a recorded episode, with a notice that can undo it.
import { messageOf } from '../../core/error-message.ts'
import { t } from '../locales/index.ts'
import { action } from './action.ts'

export const remove = action({
  perform: ({ backend, episode, library, ui }) => async (key: string): Promise<void> => {
    const { notify, dismiss } = ui.getState()
    const words = t().actions.deleted
    const fail = (text: string) => { notify({ tone: 'error', text }) }
    try {
      // What is still being played would be recorded anew; without a lab nothing is.
      await backend.lab().stop(key).catch(() => undefined)
      const undo = await library.getState().remove(key)
      if (episode.getState().shown?.key === key) episode.getState().clear()
      const bringBack = () => {
        dismiss(id)
        undo?.().catch((error: unknown) => { fail(words.notUndone(messageOf(error))) })
      }
      const id: number = notify({
        tone: 'info',
        text: words.done,
        action: undo ? { label: words.undo, run: bringBack } : undefined,
      })
    } catch (error) {
      fail(words.failed(messageOf(error)))
    }
  },
})
