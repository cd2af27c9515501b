// Puts the episode that the one on show was branched off from beside it.
import { t } from '../locales/index.ts'
import { action } from './action.ts'

export const putBeside = action({
  perform: ({ episode, library, ui }) => async (): Promise<void> => {
    const { shown } = episode.getState()
    const of = shown?.trajectory.setup.branch?.of
    if (!shown || of === undefined) return
    const original = await library.getState().get(of).catch(() => null)
    if (episode.getState().shown?.key !== shown.key) return
    if (original) episode.setState({ beside: { key: shown.key, original } })
    else ui.getState().notify({ tone: 'warn', topic: 'link', text: t().play.whatIf.originalGone })
  },
})
