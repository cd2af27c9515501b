// What the page knows of each agent without its code, which a first look does not need. agent-names.test.ts holds it to that.
import { isAgentName, type AgentName } from '../../core/agents/names.ts'
import { toolNames, type ToolName } from '../../core/agents/agemem/tools/index.ts'

interface Known {
  /** What its replies can call. */
  tools: readonly ToolName[]
  /** It asks the policy for more than replies, which a rule can answer too. */
  asks: boolean
}

const all: Record<AgentName, Known> = {
  agemem: { tools: toolNames, asks: false },
  'agemem-rag': { tools: ['Add_memory', 'Update_memory', 'Delete_memory'], asks: false },
  none: { tools: [], asks: false },
  rag: { tools: [], asks: false },
  langmem: { tools: [], asks: true },
  mem0: { tools: [], asks: true },
  'mem0-graph': { tools: [], asks: true },
  'mem0-add-only': { tools: [], asks: true },
  'a-mem': { tools: [], asks: true },
  memgpt: { tools: [], asks: true },
}

/** Of an agent that is not known here nobody knows better. */
export const toolsOf = (name: string): readonly ToolName[] => (isAgentName(name) ? all[name].tools : toolNames)

/** Can its replies call tools? */
export const hasTools = (name: string): boolean => toolsOf(name).length > 0

/** Does it ask besides what a rule can answer too? */
export const asksBesides = (name: AgentName): boolean => all[name].asks
