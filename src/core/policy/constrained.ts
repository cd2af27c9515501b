// A policy whose replies keep to the grammars of their requests.
import type { Policy } from './policy.ts'

/** @param policy a local model: others decide by themselves (WebLLM's), or know no grammar */
export function constrained(policy: Policy): Policy {
  const { name, window } = policy
  return { name, ...(window === undefined ? {} : { window }), open: (options) => policy.open({ ...options, constrained: true }) }
}
