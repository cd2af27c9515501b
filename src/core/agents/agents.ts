// The agents, one folder each: a new one is its folder, its line here, and its name in names.ts.
import { aMem } from './a-mem/agent.ts'
import { ageMem } from './agemem/agent.ts'
import { ageMemRag } from './agemem-rag/agent.ts'
import type { AgentKind } from './agent.ts'
import { langMem } from './langmem/agent.ts'
import { mem0 } from './mem0/agent.ts'
import { mem0Graph } from './mem0-graph/agent.ts'
import { mem0AddOnly } from './mem0-add-only/agent.ts'
import { memGpt } from './memgpt/agent.ts'
import { agentNames, isAgentName, type AgentName } from './names.ts'
import { none } from './none/agent.ts'
import { rag } from './rag/agent.ts'

const agents = {
  agemem: ageMem,
  'agemem-rag': ageMemRag,
  none,
  rag,
  langmem: langMem,
  mem0,
  'mem0-graph': mem0Graph,
  'mem0-add-only': mem0AddOnly,
  'a-mem': aMem,
  memgpt: memGpt,
} satisfies Record<AgentName, AgentKind>

export { agentNames, isAgentName, type AgentName } from './names.ts'

/** @throws Error naming those that there are */
export function agentNamed(name: string): AgentKind {
  if (!isAgentName(name)) throw new Error(`There is no agent ${name}. The agents are ${agentNames.join(', ')}.`)
  return agents[name]
}
