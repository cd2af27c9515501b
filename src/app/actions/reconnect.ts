// Opens the database again, and stores what memory held meanwhile.
import { messageOf } from '../../core/error-message.ts'
import { t } from '../locales/index.ts'
import { action } from './action.ts'

export const reconnect = action({
  perform: ({ library, reconnected, ui }) => async (): Promise<void> => {
    const { notify } = ui.getState()
    const words = t().actions.storage
    try {
      const status = await library.getState().reconnect()
      if (status.kind !== 'durable') return
      await reconnected()
      const text = words.back(status.gone?.episodes ?? 0)
      notify({ tone: status.gone ? 'warn' : 'info', topic: 'storage', text })
    } catch (error) {
      notify({ tone: 'error', topic: 'storage', text: words.failed(messageOf(error)) })
    }
  },
})
