// Plays or pauses: the live episode, or the scrubber over a recorded one.
import { t } from '../locales/index.ts'
import { isLive } from '../state/episode.ts'
import type { Action } from './action.ts'

export const togglePlay: Action<() => void> = {
  command: {
    label: () => t().actions.togglePlay,
    key: { key: ' ', shown: 'Space' },
    view: 'watch',
    go: (actions) => { actions.togglePlay() },
  },
  perform: ({ actions, episode, tour, ui }) => () => {
    if (ui.getState().tour === 'playing') {
      tour.getState().toggle()
      return
    }
    const { shown, playing, pause, resume, play, hold } = episode.getState()
    if (!shown) void actions.run()
    else if (shown.phase === 'paused') resume()
    else if (isLive(shown)) pause()
    else if (playing) hold()
    else play()
  },
}
