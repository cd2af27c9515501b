// An episode in words: stages, tools, messages, both memories, the outcome.
export const episode = {
  phases: {
    build: { word: 'Build', title: 'Build long-term memory', about: 'hears facts, keeps some' },
    resist: { word: 'Resist', title: 'Resist distractors', about: 'context wiped, then noise' },
    answer: { word: 'Answer', title: 'Answer the question', about: 'looks up, then answers' },
  },
  /** Short names of the tools. */
  tools: {
    Add_memory: 'Add',
    Update_memory: 'Update',
    Delete_memory: 'Delete',
    Retrieve_memory: 'Retrieve',
    Summary_context: 'Summary',
    Filter_context: 'Filter',
  },
  /** Who or what a message of the context comes from. */
  messages: {
    system: 'System prompt',
    message: 'User',
    query: 'Question',
    memories: 'Related memories',
    reply: 'Agent',
    result: 'Tool result',
    notice: 'Format notice',
    summary: 'Summary',
  },
}
