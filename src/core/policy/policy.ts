// What acts in an episode. Scripted, local (ONNX) and WebLLM policies are the same to the simulator.
import type { Generation, Role } from '../episode/trajectory.ts'

export interface ChatMessage {
  role: Role
  content: string
}

export interface GenerateRequest {
  /** The whole context, system message first. The last message is not the assistant's. */
  conversation: readonly ChatMessage[]
  /** `summarise`: the last message is the summarisation prompt of eq. 14, and the reply is plain text. */
  purpose: 'act' | 'summarise'
  /** Which episode it is for: lets a model reuse the cache of the last prompt, and the oracle find its task. */
  episode: { task: string; rollout: number }
  /** Seeds this reply alone, so that batching changes nothing. */
  seed: number
}

export interface GenerateOptions {
  temperature: number
  /** A token is sampled only if its probability is at least this share of the likeliest one's. 0 or none: of all. */
  minP?: number
  /** Tokens of one reply at most. */
  maxTokens: number
  /** Each ends a reply as soon as it appears; it stays in the text. Not for summaries. */
  stop: readonly string[]
  signal?: AbortSignal
  /** Called for each piece of text as it comes; `request` is an index into the batch. */
  onText?: (request: number, text: string) => void
}

/** What all requests of a stream have in common. */
export type StreamOptions = Omit<GenerateOptions, 'onText'>

/** A request, and the place that its reply comes back to. */
export interface Asked {
  place: number
  request: GenerateRequest
}

export interface Answered {
  place: number
  generation: Generation
}

/** Requests that are answered each as soon as it is done, so that none waits for the longest one (continuous batching). */
export interface ReplyStream {
  /**
   * Takes these to the requests under way, and works until at least one of all is answered. What comes back when follows
   * from what was asked when. Rejects with an AbortError when the signal fires.
   */
  serve(asked: readonly Asked[]): Promise<Answered[]>
  /** Forgets what is under way. */
  close(): Promise<void>
}

export interface Policy {
  readonly name: string
  /** Tokens that it takes at once, prompt and reply together; left out where there is no such limit. */
  readonly window?: number
  /** One generation a request, in order. Rejects with an AbortError when the signal fires. */
  generate(requests: readonly GenerateRequest[], options: GenerateOptions): Promise<Generation[]>
  /** For many episodes side by side; a policy without it answers round by round. */
  open?(options: StreamOptions): ReplyStream
}

/** Counts tokens as the policy's model would. */
export interface TokenCounter {
  readonly name: string
  count(text: string): number
}

/** Thrown by a policy, and by the simulator's callers, when the signal fired. */
export class AbortError extends Error {
  override readonly name = 'AbortError'
  constructor(message = 'Stopped.') {
    super(message)
  }
}
