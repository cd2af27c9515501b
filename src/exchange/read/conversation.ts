// A conversation with tools as other programs keep one, before it is an episode: who said what, what was called, what came
// back. Readers of their forms make it.
import type { OpenAiMessage } from '../viewers/openai.ts'

/** What is known of a reply besides its words. */
export interface ReplyFacts {
  tokens?: number
  prompt_tokens?: number
  token_ids?: number[]
  logprobs?: number[]
}

export interface Heard {
  message: OpenAiMessage
  /** Of an assistant's message. */
  facts?: ReplyFacts
  /** Of calls that failed, by their ids: why, in a word. */
  errors?: ReadonlyMap<string, string>
}

export interface Conversation {
  /** As the file calls it; null: it does not. */
  id: string | null
  heard: Heard[]
  /** Who replied: the agent's name, and its model's. */
  agent: string | null
  model: string | null
  /** What this page wrote into a file of another form, not yet checked; undefined: it did not write it. */
  notes: unknown
  /** Of what was asked beside the replies, in order. */
  asides: ReplyFacts[]
}

/** A file that is in one of the forms, and cannot be read. */
export class ConversationError extends Error {
  override readonly name = 'ConversationError'
}
