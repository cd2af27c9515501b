// One step of the live episode, or of a new one.
import { isLive } from '../state/episode.ts'
import { t } from '../locales/index.ts'
import type { Action } from './action.ts'

export const step: Action<() => void> = {
  command: {
    label: () => t().actions.step,
    view: 'watch',
    enabled: ({ episode }) => !episode.getState().waiting,
    go: (actions) => { actions.step() },
  },
  perform: ({ actions, backend, episode, newKey }) => () => {
    const { shown, pause, stepOnce } = episode.getState()
    if (shown && isLive(shown)) {
      if (shown.phase === 'running') pause()
      else stepOnce()
      return
    }
    const key = newKey()
    void actions.run({ key, pace: { kind: 'pause' } })
    void backend.lab().stepOnce(key).catch(() => undefined)
  },
}
