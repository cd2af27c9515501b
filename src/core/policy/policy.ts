// What acts in an episode. Scripted, local (ONNX) and WebLLM policies are the same to the simulator.
import type { Generation, Role } from '../record/trajectory.ts'

/** Stretches of a text, each from an offset up to another, in order, in UTF-16 units. */
export type OwnWords = readonly (readonly [from: number, to: number])[]

export interface ChatMessage {
  role: Role
  content: string
  /**
   * What the environment or the model wrote of it; the rest came from elsewhere, and what it spells of the protocol's
   * marks is text. Left out: all of it in a system message and in the assistant's, nothing in a user's and a tool's.
   */
  own?: OwnWords
  /** What of the task it delivers: read by policies that know the task, never by a model. */
  about?: readonly string[]
}

export interface GenerateRequest {
  /** The whole context, system message first. The last message is not the assistant's. */
  conversation: readonly ChatMessage[]
  /** Names the line of conversation that it goes on, among those under way: a model finds by it what it keeps of one. */
  thread: string
  /** Asked beside the thread, as for a summary: it stands alone, and the thread goes on from where it was. */
  aside?: boolean
  /** What it is asked for, in the agent's word. Says nothing to a model. */
  purpose: string
  /** Each ends the reply as soon as it appears; it stays in the text. */
  stop: readonly string[]
  /** All that a constrained policy can say, in XGrammar's EBNF; left out, or another policy: anything. */
  grammar?: string
  /** Seeds this reply alone, so that batching changes nothing. */
  seed: number
}

/** A request, and the place that its reply comes back to. */
export interface Asked {
  place: number
  request: GenerateRequest
}

export interface Answered {
  place: number
  generation: Generation
}

/** What all requests of a stream have in common. */
export interface StreamOptions {
  temperature: number
  /** A token is sampled only if its probability is at least this share of the likeliest one's. 0 or none: of all. */
  minP?: number
  /** Tokens of one reply at most. */
  maxTokens: number
  /** Of a local model: a reply keeps to its request's grammar. Left out: it says whatever it says. */
  constrained?: boolean
  signal?: AbortSignal
  /** Called for each piece of a reply's text as it comes. */
  onText?: (place: number, text: string) => void
}

/** Requests that are answered each as soon as it is done: none waits for the longest one (continuous batching). */
export interface ReplyStream {
  /**
   * Takes these to the requests under way, and works until at least one of all is answered. What comes back when
   * follows from what was asked when. Rejects with an AbortError when the signal fires.
   */
  serve(asked: readonly Asked[]): Promise<Answered[]>
  /** Forgets what is under way. */
  close(): Promise<void>
}

export interface Policy {
  readonly name: string
  /** Tokens that it takes at once, prompt and reply together; left out where there is no such limit. */
  readonly window?: number
  /** It holds one line of conversation: episode after episode goes on in it, in lockstep it would read each prompt anew. */
  readonly oneConversation?: boolean
  /** Who asks once, and not for episodes that go on: askAll() in ask.ts. */
  open(options: StreamOptions): ReplyStream
}

/** Counts tokens as the policy's model would. */
export interface TokenCounter {
  readonly name: string
  /** Tokens of a text alone. */
  count(text: string): number
  /**
   * Tokens that a message takes in the window, the template's marks around it included; those that belong to no
   * message (begin of text, the mark before the reply) go with the system message, which always stands first. Left out
   * where there is no template: then it is count() of the content. The exact number is what the policy reports of a
   * prompt (Generation.prompt_tokens): words at the borders of messages may share a token, and replies stay as sampled.
   */
  message?(message: ChatMessage): number
}

/** Thrown by a policy, and by the simulator's callers, when the signal fired. */
export class AbortError extends Error {
  override readonly name = 'AbortError'
  constructor(message = 'Stopped.') {
    super(message)
  }
}
