// The episode of the first visit, by itself; at once and still for people who asked for less motion.
import { t } from '../locales/index.ts'
import { defaultConfig } from '../state/config.ts'
import type { Action } from './action.ts'

/** Slow enough to read along, ms a step. */
const tourPace = 1100

export const startTour: Action<() => Promise<void>> = {
  command: { label: () => t().frame.help.tour, go: (actions) => { void actions.startTour() } },
  perform: ({ actions, config, episode, newKey, ui }) => async () => {
    config.getState().set(defaultConfig)
    ui.getState().setTour('playing')
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const key = newKey()
    const pace = { kind: 'run', msPerStep: still ? 0 : tourPace } as const
    await actions.run({ key, tour: true, pace, ...(still && { at: 0 }) })
    const watched = ui.getState().tour === 'playing' && episode.getState().shown?.key === key
    if (!watched || still) return
    ui.getState().setTour('handover')
    config.getState().set({ ...defaultConfig, index: 1 })
  },
}
