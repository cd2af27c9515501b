// What agents are called.
import { isAgentName } from '../../core/agents/names.ts'
import { t } from '../locales/index.ts'

/** An agent that is not known here is called by its name. */
export const agentWords = (name: string): string => (isAgentName(name) ? t().agents.names[name] : name)
