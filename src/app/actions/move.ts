// Moves the scrubber; beyond the end of a paused live episode it plays one more step.
import { position } from '../state/episode.ts'
import { action } from './action.ts'

export const move = action({
  perform: ({ episode }) => (by: number): void => {
    const state = episode.getState()
    if (!state.shown) return
    const at = position(state)
    const atEnd = at >= state.shown.trajectory.steps.length - 1
    if (by > 0 && atEnd && state.shown.phase === 'paused') state.stepOnce()
    else state.seek(at + by)
  },
})
