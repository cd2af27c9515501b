// The agents by name, in the order in which they are offered. Apart from their code (agents.ts), which the page does not
// need to name them.

export const agentNames = ['agemem', 'agemem-rag', 'none', 'rag', 'langmem', 'mem0', 'mem0-graph', 'mem0-add-only', 'a-mem', 'memgpt'] as const
export type AgentName = (typeof agentNames)[number]

/** Those whose replies may call tools (AgentKind.tools), so that they are the policy's own to learn. */
export const agentsWithTools: readonly AgentName[] = ['agemem', 'agemem-rag']

export const isAgentName = (name: string): name is AgentName => agentNames.some((each) => each === name)
