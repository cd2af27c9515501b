// The agents, one folder each: a new one is its folder and its line here.
import { namesOf } from '../table.ts'
import { ageMem } from './agemem/agent.ts'
import { ageMemRag } from './agemem-rag/agent.ts'
import type { AgentKind } from './agent.ts'

const agents = {
  agemem: ageMem,
  'agemem-rag': ageMemRag,
} satisfies Record<string, AgentKind>

export type AgentName = keyof typeof agents
export const agentNames: readonly AgentName[] = namesOf(agents)

/** @throws Error naming those that there are */
export function agentNamed(name: string): AgentKind {
  const found = agentNames.find((each) => each === name)
  if (!found) throw new Error(`There is no agent ${name}. The agents are ${agentNames.join(', ')}.`)
  return agents[found]
}
