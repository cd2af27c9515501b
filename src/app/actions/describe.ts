// The sentence says again what an episode is.
import type { Trajectory } from '../../core/record/trajectory.ts'
import { restoreConfig } from '../state/restore.ts'
import { action } from './action.ts'

export const describe = action({
  perform: ({ config, files }) => (trajectory: Trajectory): void => {
    const state = config.getState()
    state.restore(restoreConfig(trajectory, state, files.getState().loaded))
  },
})
