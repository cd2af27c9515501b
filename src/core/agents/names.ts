// The agents by name, in the order in which they are offered. Apart from their code (agents.ts), which the page does not
// need to name them.

export const agentNames = ['agemem', 'agemem-rag', 'none', 'rag', 'a-mem', 'memgpt'] as const
export type AgentName = (typeof agentNames)[number]

export const isAgentName = (name: string): name is AgentName => agentNames.some((each) => each === name)
