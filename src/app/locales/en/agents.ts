// The agents: who tends the memory. What each does, where it comes from, and what was simplified of it here.
export interface AgentText {
  name: string
  about: string
  /** Paper or program; null: it needs none. */
  source: string | null
  /** What is simpler here than there; null: nothing. */
  simplified: string | null
}
const kinds = <K extends string>(of: Record<K, AgentText>): Record<K, AgentText> => of

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
  kinds: kinds({
    agemem: {
      name: 'AgeMem',
      about: 'The policy tends both memories itself, with six tools, and learns when to use which.',
      source: 'arXiv 2601.01885',
      simplified: null,
    },
    'agemem-rag': {
      name: 'AgeMem-RAG',
      about: 'The policy stores, updates and deletes; in place of Retrieve, Summary and Filter, what is nearest to each message comes into its context by itself (Fig. 3).',
      source: 'arXiv 2601.01885',
      simplified: 'It is looked up once for each message, not once more for each reply to it.',
    },
    none: {
      name: 'no memory',
      about: 'Nothing is kept. After the reset the policy answers from what still stands in its context.',
      source: null,
      simplified: null,
    },
    rag: {
      name: 'RAG',
      about: 'Every message is stored as it comes; the nearest are put beside each question.',
      source: 'arXiv 2005.11401',
      simplified: 'One entry a message: no chunks, no reranking, no trained retriever.',
    },
    langmem: {
      name: 'LangMem',
      about: 'After each turn a manager reads it in the background, and inserts, updates or deletes memories.',
      source: 'the package langmem',
      simplified: 'It runs after every turn instead of after a pause, and keeps one kind of memory: text.',
    },
    'a-mem': {
      name: 'A-Mem',
      about: 'Each memory is a note with keywords, tags and context; it is linked to the nearest, whose notes may change with it.',
      source: 'arXiv 2502.12110',
      simplified: 'Links and evolution are asked for at once, as in its program; notes are compared by their text alone; links go both ways.',
    },
    mem0: {
      name: 'Mem0',
      about: 'Facts are extracted from each message, compared with the nearest memories, and then added, updated, deleted or left.',
      source: 'arXiv 2504.19413',
      simplified: 'No summary of the whole conversation goes into the extraction.',
    },
    'mem0-graph': {
      name: 'Mem0 with a graph',
      about: 'As Mem0, with entities and their relations kept beside the memories and looked up with them.',
      source: 'arXiv 2504.19413',
      simplified: 'The graph lives in the same store; entities are matched by their names.',
    },
    'mem0-add-only': {
      name: 'Mem0, present form',
      about: 'As Mem0 does now: memories are only added, with links to related ones; nothing is overwritten.',
      source: 'the package mem0ai',
      simplified: 'The nearest memories alone decide what is linked.',
    },
    memgpt: {
      name: 'MemGPT',
      about: 'Core memory stands in the prompt, the rest in an archive; warned before its context is full, it saves, then older messages give way to a summary.',
      source: 'arXiv 2310.08560',
      simplified: 'It is asked once a message instead of calling functions in a loop; core memory comes into the context with a question; past messages are entries of the same memory.',
    },
  }),
}
