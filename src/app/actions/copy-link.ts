// Copies the address of what is on show.
import { t } from '../locales/index.ts'
import type { Action } from './action.ts'

export const copyLink: Action<() => Promise<void>> = {
  command: { label: () => t().frame.copyLink, go: (actions) => { void actions.copyLink() } },
  perform: ({ ui }) => async () => {
    const { copied, notCopied } = t().frame
    try {
      await navigator.clipboard.writeText(location.href)
      ui.getState().notify({ tone: 'info', topic: 'copy', text: copied })
    } catch {
      ui.getState().notify({ tone: 'warn', topic: 'copy', text: notCopied })
    }
  },
}
