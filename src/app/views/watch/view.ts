// Watch: an episode, and every moment of it.
import { position } from '../../state/episode.ts'
import type { Stores } from '../../state/context.tsx'
import { rolloutOf } from '../../state/training-workspace.ts'
import { t } from '../../locales/index.ts'
import type { ViewModule } from '../../view.ts'
import { WatchView } from './watch.tsx'

/** To the first step of another phase; to the end of the episode when there is none. */
function toPhase({ episode }: Stores, direction: 1 | -1): void {
  const state = episode.getState()
  if (!state.shown) return
  const { steps } = state.shown.trajectory
  const at = position(state)
  const starts = steps.flatMap(({ phase }, index) => (phase === steps[index - 1]?.phase ? [] : [index]))
  const target = direction === 1 ? starts.find((index) => index > at) : starts.findLast((index) => index < at)
  state.seek(target ?? (direction === 1 ? steps.length - 1 : 0))
}

export const watch: ViewModule = {
  title: () => t().frame.views.watch,
  // The first thing on show: it does not come from a file of its own.
  load: () => Promise.resolve(WatchView),
  shortcuts: [
    {
      shown: '← →',
      help: () => t().watch.keys.step,
      keys: { ArrowLeft: ({ actions }) => { actions.move(-1) }, ArrowRight: ({ actions }) => { actions.move(1) } },
    },
    {
      shown: '[ ]',
      help: () => t().watch.keys.stage,
      keys: { '[': (stores) => { toPhase(stores, -1) }, ']': (stores) => { toPhase(stores, 1) } },
    },
    {
      shown: 'Home End',
      help: () => t().watch.keys.ends,
      keys: {
        Home: ({ episode }) => { episode.getState().seek(0) },
        End: ({ episode }) => { episode.getState().seek(Infinity) },
      },
    },
    {
      shown: 'T',
      help: () => t().watch.keys.tokens,
      keys: { t: ({ ui }) => { ui.getState().setTokens(!ui.getState().tokens) } },
    },
  ],
  place({ episode }, before) {
    if (episode.waiting && before?.view === 'watch') return before
    return { ...rolloutOf(episode.shown), episode: episode.shown?.key ?? null }
  },
}
