// Imports episodes that this page exported; a single one is opened.
import { messageOf } from '../../core/error-message.ts'
import { t } from '../locales/index.ts'
import { action } from './action.ts'

export const importEpisodes = action({
  perform: ({ actions, episode, library, ui }) => async (file: File): Promise<void> => {
    const { notify, setView } = ui.getState()
    try {
      const imported = await library.getState().importFile(file)
      notify({ tone: 'info', topic: 'file', text: t().actions.imported(imported.length, file.name) })
      const [first] = imported
      if (imported.length === 1 && first) {
        actions.describe(first.trajectory)
        episode.getState().show(first.key, first.trajectory, 0)
        setView('watch')
      } else setView('episodes')
    } catch (error) {
      notify({ tone: 'error', topic: 'file', text: t().actions.notImported(file.name, messageOf(error)) })
    }
  },
})
