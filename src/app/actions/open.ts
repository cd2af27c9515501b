// Opens a recorded episode, in Watch unless the view is to stay. False when there is none under that key.
import { messageOf } from '../../core/error-message.ts'
import { t } from '../locales/index.ts'
import { action } from './action.ts'

export const open = action({
  perform: ({ actions, episode, library, ui }) => async (key: string, at?: number, how?: { stay: boolean }): Promise<boolean> => {
    const from = ui.getState().view
    try {
      const trajectory = await library.getState().get(key)
      if (!trajectory) return false
      actions.describe(trajectory)
      episode.getState().show(key, trajectory, at)
      // Somebody who went elsewhere while it was read is left there.
      if (!how?.stay && ui.getState().view === from) ui.getState().setView('watch')
      return true
    } catch (error) {
      ui.getState().notify({ tone: 'error', text: t().actions.notOpened(messageOf(error)) })
      return false
    }
  },
})
