// The agents: who tends the memory. What each does stands in agent-texts.ts.
import type { AgentName } from '../../../core/agents/names.ts'

const named = (of: Record<AgentName, string>): Record<AgentName, string> => of

export const agents = {
  label: 'Agent',
  about: 'Who tends the memory. AgeMem learns it; the others are hand-made, and the policy only answers.',
  from: 'From',
  simplified: 'Simplified here',
  /** Under the choices, by who plays. */
  byRules: (policy: string) =>
    `${policy} knows no prompts but AgeMem’s, so what this agent asks besides its replies is answered by fixed rules: its memory is rule-based here. Language models such as SmolLM2 answer themselves.`,
  scripted: 'A script here only listens, and answers from what stands in its context.',
  /** Over an episode, and in Compare. */
  ruled: 'Its memory is rule-based: fixed rules answered what the agent asked besides its replies.',
  noTools: 'no tools: this agent tends the memory by itself',
  with: (policy: string, agent: string) => `${policy} with ${agent}`,
  names: named({
    agemem: 'AgeMem',
    'agemem-rag': 'AgeMem-RAG',
    none: 'no memory',
    rag: 'RAG',
    langmem: 'LangMem',
    'a-mem': 'A-Mem',
    mem0: 'Mem0',
    'mem0-graph': 'Mem0 with a graph',
    'mem0-add-only': 'Mem0, present form',
    memgpt: 'MemGPT',
  }),
  /** In a file of its own: a first look does without. */
  texts: async () => (await import('./agent-texts.ts')).texts,
}
