// Another policy plays; limits that nobody has touched follow it.
import { withPolicy, type PolicyName } from '../state/config.ts'
import { localWindow } from '../state/room.ts'
import { windowOf } from '../state/webllm.ts'
import { action } from './action.ts'

export const choosePolicy = action({
  perform: ({ actions, config, model, webllm }) => (policy: PolicyName): void => {
    const state = config.getState()
    state.set(withPolicy(state, policy, windowOf(webllm.getState(), state.model), localWindow('own', model.getState())))
    void actions.checkRoom()
  },
})
