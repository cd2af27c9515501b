// What each agent does, where it comes from, and what was simplified of it here.
import type { AgentName } from '../../../core/agents/names.ts'

export interface AgentText {
  about: string
  /** Paper or program; null: it needs none. */
  source: string | null
  /** What is simpler here than there; null: nothing. */
  simplified: string | null
}
export type AgentTexts = Record<AgentName, AgentText>

export const texts: AgentTexts = {
  agemem: {
    about: 'The policy tends both memories itself, with six tools, and learns when to use which.',
    source: 'arXiv 2601.01885',
    simplified: null,
  },
  'agemem-rag': {
    about: 'The policy stores, updates and deletes; in place of Retrieve, Summary and Filter, what is nearest to each message comes into its context by itself (Fig. 3).',
    source: 'arXiv 2601.01885',
    simplified: 'It is looked up once for each message, not once more for each reply to it.',
  },
  none: {
    about: 'Nothing is kept. After the reset the policy answers from what still stands in its context.',
    source: null,
    simplified: null,
  },
  rag: {
    about: 'Every message is stored as it comes; the nearest are put beside each question.',
    source: 'arXiv 2005.11401',
    simplified: 'One entry a message: no chunks, no reranking, no trained retriever.',
  },
  langmem: {
    about: 'After each turn a manager reads it in the background, and inserts, updates or deletes memories.',
    source: 'the package langmem',
    simplified: 'It runs after every turn instead of after a pause, and keeps one kind of memory: text.',
  },
  'a-mem': {
    about: 'Each memory is a note with keywords, tags and context; it is linked to the nearest, whose notes may change with it.',
    source: 'arXiv 2502.12110',
    simplified: 'Links and evolution are asked for at once, as in its program; notes are compared by their text alone; links go both ways.',
  },
  mem0: {
    about: 'Facts are extracted from each message, compared with the nearest memories, and then added, updated, deleted or left.',
    source: 'arXiv 2504.19413',
    simplified: 'No summary of the conversation goes into the extraction, and the assistant’s own words are not mined.',
  },
  'mem0-graph': {
    about: 'As Mem0, with entities and their relations kept beside the memories and looked up with them.',
    source: 'arXiv 2504.19413',
    simplified: 'The graph stands in the entries themselves, and no database beside them; entities are the same by their names.',
  },
  'mem0-add-only': {
    about: 'As Mem0 does now: memories are only added, with links to related ones; nothing is overwritten.',
    source: 'the package mem0ai',
    simplified: 'What is found is ranked by nearness alone, without words and entities counted beside it.',
  },
  memgpt: {
    about: 'Core memory stands in the prompt, the rest in an archive; warned before its context is full, it saves, then older messages give way to a summary.',
    source: 'arXiv 2310.08560',
    simplified: 'It is asked once a message instead of calling functions in a loop; core memory comes into the context with a question; past messages are entries of the same memory.',
  },
}
