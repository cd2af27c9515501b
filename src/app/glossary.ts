// What every technical word of the page means: one sentence, and where the paper has it.

export interface Entry {
  title: string
  sentence: string
  /** "eq. 15" or "§3.3"; null for words that are this page's own. */
  where: string | null
}

export const glossary = {
  ltm: { title: 'Long-term memory', sentence: 'Entries that the agent wrote. They last through all three stages, and the agent sees one only after it was retrieved.', where: '§3.1' },
  stm: { title: 'Short-term memory', sentence: 'The messages in the context window: everything that the agent sees when it replies, and nothing else.', where: '§3.1' },
  stage1: { title: 'Stage 1: build', sentence: 'Facts arrive in casual conversation, before anybody has asked anything. The agent decides what to keep.', where: '§3.3, Algorithm 3' },
  stage2: { title: 'Stage 2: resist', sentence: 'The context is emptied, long-term memory stays. Then misleading messages come in, and the agent should keep its context clean.', where: '§3.3, Algorithm 4' },
  stage3: { title: 'Stage 3: answer', sentence: 'The question comes. The agent retrieves what it stored and answers.', where: '§3.3, Algorithm 5' },
  step: { title: 'Step', sentence: 'The environment says something, the agent replies once, its tool calls run. One dot is one step.', where: '§3.1' },
  reset: { title: 'Reset', sentence: 'Between stages 1 and 2 the context is emptied, so the answer must come from long-term memory.', where: '§3.3' },
  think: { title: 'Think', sentence: 'What the agent wrote to itself before it acted.', where: 'A.1' },
  violation: { title: 'Format violation', sentence: 'The reply broke the protocol: a think block, then exactly one of tool calls or an answer.', where: 'A.1' },
  recall: { title: 'Related memories', sentence: 'In stage 1 the environment itself puts the nearest memories beside each message, so that the agent can update instead of storing twice.', where: 'Algorithm 3' },
  similarity: { title: 'Similarity', sentence: 'Cosine between the embeddings of two texts: 1 is the same, 0 has nothing in common.', where: 'eq. 8' },
  theta: { title: 'θ, filter threshold', sentence: 'A message leaves the context when its similarity to the criteria is at least θ.', where: 'eq. 15' },
  tMax: { title: 'T_max, context limit', sentence: 'The most tokens that the context should hold. Going over it costs a penalty.', where: 'eq. 19, 26' },
  nMax: { title: 'N_max, rounds', sentence: 'Turns in stages 1 and 2, and replies in stage 3, at most. No answer within them costs a penalty.', where: '§3.3, eq. 26' },
  topK: { title: 'top_k', sentence: 'How many memories a retrieval brings when the call does not say.', where: 'eq. 9' },
  exchanges: { title: 'Replies a turn', sentence: 'How often the agent may reply to one message of stages 1 and 2.', where: null },
  tokens: { title: 'Tokens', sentence: 'Pieces of words, as a language model counts them. Here a counter by rule stands in for a tokenizer.', where: null },
  seed: { title: 'Seed', sentence: 'The source of all chance. The same seed and settings give the same episode, on any machine.', where: null },
  Add_memory: { title: 'Add_memory', sentence: 'Stores a new entry in long-term memory.', where: '§3.2' },
  Update_memory: { title: 'Update_memory', sentence: 'Replaces the text of an entry that is no longer right.', where: '§3.2' },
  Delete_memory: { title: 'Delete_memory', sentence: 'Removes an entry, when the call confirms it.', where: '§3.2' },
  Retrieve_memory: { title: 'Retrieve_memory', sentence: 'Searches long-term memory and puts the best hits into the context.', where: 'eq. 8, 9' },
  Summary_context: { title: 'Summary_context', sentence: 'Replaces messages of the context by one summary that the agent writes.', where: 'eq. 14' },
  Filter_context: { title: 'Filter_context', sentence: 'Removes messages from the context that resemble a description.', where: 'eq. 15' },
  reward: { title: 'R, reward', sentence: 'What training would give this episode: the answer, the care for the context, the care for the memory, less penalties.', where: 'eq. 16' },
  judge: { title: 'J, judge score', sentence: 'How right the answer is, from 0 to 1. Here by rule: exact match, the same value, or words in common.', where: 'eq. 17' },
  quality: { title: 'MQ, memory quality', sentence: 'How well the entries at the end match the facts that hold: none missing, none useless. It is not part of the reward.', where: 'C.2' },
  task: { title: 'Task reward', sentence: 'The judge’s score of the answer; −1 when there is none.', where: 'eq. 17' },
  compression: { title: 'Compression', sentence: 'The share of the context window that was free when the agent answered.', where: 'eq. 19' },
  preventive: { title: 'Preventive action', sentence: '1 when the agent filtered or summarised before the window overflowed.', where: 'eq. 20' },
  preservation: { title: 'Preservation', sentence: '1 when every name, date, number and place of the question stands in what the agent kept or fetched.', where: 'eq. 21' },
  storage: { title: 'Storage quality', sentence: 'The share of what stage 1 stored that was worth storing.', where: 'eq. 23' },
  maintenance: { title: 'Maintenance', sentence: '1 when the agent updated or deleted an entry.', where: 'eq. 24' },
  relevance: { title: 'Relevance', sentence: 'The share of retrieved memories that the answer needs.', where: 'eq. 25' },
  tool_use: { title: 'Tool use', sentence: 'The share of tool calls that worked. Only the published code counts it.', where: null },
  penalty: { title: 'Penalty', sentence: 'Lost for using up all rounds without an answer, and for a context over its limit.', where: 'eq. 26' },
  neededFact: { title: 'Needed fact', sentence: 'The answer cannot be derived without it. The agent is not told which facts these are.', where: null },
  oracle: { title: 'oracle', sentence: 'Knows which facts matter. Stores exactly those, corrects them, filters distractors, retrieves, answers.', where: null },
  'store-all': { title: 'store-all', sentence: 'Stores every message as it comes, never corrects, never filters.', where: null },
  'store-none': { title: 'store-none', sentence: 'Stores nothing. After the reset it has nothing to answer from.', where: null },
  careless: { title: 'careless', sentence: 'Does the right thing now and then, with probabilities that you set; breaks the format at times.', where: null },
} as const satisfies Record<string, Entry>

export type TermName = keyof typeof glossary

/** Is this a word that the glossary explains? */
export function isTerm(name: string): name is TermName {
  return Object.hasOwn(glossary, name)
}
