// Deletes the weights of a model that are kept here; what played with them goes back to nano.
import type { KeptWeights } from '../../rpc/weights.ts'
import { size } from '../format.ts'
import { t } from '../locales/index.ts'
import { action } from './action.ts'

export const deleteWeights = action({
  perform: ({ actions, config, model, ui, weights }) => async ({ key, name, bytes }: Pick<KeptWeights, 'key' | 'name' | 'bytes'>): Promise<void> => {
    const { ownSource, choose } = model.getState()
    if (ownSource?.kind === 'kept' && ownSource.key === key) {
      if (config.getState().policy === 'own') actions.choosePolicy('nano')
      choose(null)
    }
    await weights.getState().remove(key)
    if (weights.getState().failure !== null) return
    ui.getState().notify({ tone: 'info', topic: 'model', text: t().actions.modelDeleted(name, bytes > 0 ? size(bytes) : null, false) })
  },
})
