// The introduction of the first visit, by itself; at their own pace for people who asked for less motion.
import { t } from '../locales/index.ts'
import type { Action } from './action.ts'

export const startTour: Action<() => Promise<void>> = {
  command: { label: () => t().frame.help.tour, go: (actions) => { void actions.startTour() } },
  perform: ({ tour }) => async () => {
    await tour.getState().start(matchMedia('(prefers-reduced-motion: reduce)').matches)
  },
}
