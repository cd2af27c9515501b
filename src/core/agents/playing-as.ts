// How a policy plays as one of the agents: whether its words keep to their grammars, and who answers what the agent asks
// beside its replies.
import { constrained } from '../policy/constrained.ts'
import type { Policy } from '../policy/policy.ts'
import type { PolicySpec, Setup } from '../record/setup.ts'
import { agentNamed } from './agents.ts'
import { withRules } from './asides/by-rule.ts'

const isNano = (spec: PolicySpec): boolean => spec.kind === 'onnx' && spec.model === 'nano'

interface PlayingAs {
  /** As it is recorded: what says what, and who answers the asides. */
  setup: Pick<Setup, 'policy' | 'asides'>
  /** The policy as it is asked. */
  of: (policy: Policy) => Policy
}

/**
 * Without tools, a local model keeps to the grammars of what it is asked. Not nano: held off the calls that it was
 * trained to begin with it rambles, so its calls come to a notice. It knows no protocol but its own, as little as scripts
 * do, and a person has enough to do with the replies: for these, rules answer the asides. In AgeMem everything is as the
 * policy was chosen.
 * @throws Error when there is no such agent
 */
export function playingAs(agent: string, spec: PolicySpec): PlayingAs {
  const { tools, asides } = agentNamed(agent)
  const keeps = !tools && spec.kind === 'onnx' && !isNano(spec)
  const policy = keeps ? { ...spec, constrained: true } : spec
  const ruled = asides.filter(({ byRule }) => byRule !== null)
  const byRules = isNano(spec) || spec.kind === 'scripted' || spec.kind === 'person'
  const kept = (said: Policy) => (keeps ? constrained(said) : said)
  if (ruled.length === 0) return { setup: { policy }, of: kept }
  return {
    setup: { policy, asides: byRules ? 'rules' : 'policy' },
    of: (said) => (byRules ? withRules(kept(said), ruled) : kept(said)),
  }
}
