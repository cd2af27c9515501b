// Puts new workers in the place of lost ones.
import { messageOf } from '../../core/error-message.ts'
import { isOfLostWorker } from '../../rpc/worker-lost-error.ts'
import { t } from '../locales/index.ts'
import { action } from './action.ts'

export const restart = action({
  perform: ({ backend, episode, files, library, restarted, ui, webllm }) => async (): Promise<void> => {
    const { notify, dismissWhere } = ui.getState()
    const words = t().actions.workers
    try {
      await backend.restart()
      library.getState().setLost(null)
      // What only a lost worker was to blame for is no longer so.
      dismissWhere(isOfLostWorker)
      if (isOfLostWorker(files.getState().failure?.message ?? '')) files.getState().forgetFailure()
      episode.getState().restarted()
      await Promise.all([library.getState().refresh(), webllm.getState().restarted(), restarted()])
      notify({ tone: 'info', topic: 'restart', text: words.restarted })
    } catch (error) {
      notify({ tone: 'error', topic: 'restart', text: words.failed(messageOf(error)) })
    }
  },
})
