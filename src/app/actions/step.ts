// One step of the live episode, or of a new one.
import { isLive } from '../state/episode.ts'
import { t } from '../locales/index.ts'
import type { Action } from './action.ts'
import { requested } from './run.ts'

export const step: Action<() => void> = {
  command: {
    label: () => t().actions.step,
    view: 'watch',
    enabled: ({ episode }) => !episode.getState().waiting,
    go: (actions) => { actions.step() },
  },
  perform(context) {
    const { backend, episode } = context
    const begin = async () => {
      const request = await requested(context)
      if (!request) return
      const played = episode.getState().run(request, { pace: { kind: 'pause' } })
      // Behind the request: the lab knows the episode by then.
      void backend.lab().stepOnce(request.key).catch(() => undefined)
      await played
    }
    return () => {
      const { shown, pause, stepOnce } = episode.getState()
      if (!shown || !isLive(shown)) void begin()
      else if (shown.phase === 'running') pause()
      else stepOnce()
    }
  },
}
