// What agents are called.
import { isAgent } from '../state/agent-names.ts'
import { t } from '../locales/index.ts'

/** An agent that is not known here is called by its name. */
export const agentWords = (name: string): string => (isAgent(name) ? t().agents.kinds[name].name : name)
