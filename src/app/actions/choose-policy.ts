// Another policy plays; limits that nobody has touched follow it.
import type { ModelSource } from '../../core/policy/model.ts'
import { withPolicy, type PolicyName } from '../state/config.ts'
import { localWindow } from '../state/room.ts'
import { windowOf } from '../state/webllm.ts'
import { action } from './action.ts'

export const choosePolicy = action({
  perform: ({ actions, backend, config, limits, model, webllm }) => {
    const follow = (policy: PolicyName, own: number | null) => {
      const state = config.getState()
      state.set(withPolicy(state, policy, windowOf(webllm.getState(), state.model), own))
      void actions.checkRoom()
    }
    const planned = async (source: ModelSource) => {
      try {
        const { window } = await backend.model().plan(source)
        if (config.getState().policy === 'own' && model.getState().ownSource === source) follow('own', window)
      } catch {
        // What is wrong with its files is said when it is to play.
      }
    }
    return (policy: PolicyName): void => {
      const { ownSource } = model.getState()
      const window = localWindow('own', model.getState())
      follow(policy, window)
      if (policy !== 'own' || window !== null || !ownSource) return
      // It is loaded when it is first asked; how much it takes at once its small files say before.
      limits.known = planned(ownSource)
    }
  },
})
