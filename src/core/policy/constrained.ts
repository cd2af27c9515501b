// A policy whose replies keep to the grammars of their requests, and which of them do so unless somebody says otherwise.
import { baseNameOf } from './model.ts'
import type { Policy } from './policy.ts'

/** @param policy a local model: others decide by themselves (WebLLM's), or know no grammar */
export function constrained(policy: Policy): Policy {
  const { name, window, oneConversation } = policy
  return { name, ...(window === undefined ? {} : { window }), ...(oneConversation === true ? { oneConversation } : {}), open: (options) => policy.open({ ...options, constrained: true }) }
}

/**
 * Does a local model keep to the protocol's grammar where nobody chose? nano was made for the protocol, and whoever has
 * an adapter was taught it: their mistakes are theirs to learn from. Any other model knows it from its prompt alone. WebLLM's
 * models keep to it, and learn within it.
 */
export const usuallyConstrained = (model: string, adapted: boolean): boolean => model !== 'nano' && (!adapted || baseNameOf(model) !== model)
