// Both memories of running episodes behind the tool interface. memory.worker serves it; headless code uses the
// same class (local-episode-memory.ts) directly.
import type { CallRecord, ContextMessage, EpisodeEvent, EventOf, StmEvent, ToolCall } from '../record/trajectory.ts'

export interface EpisodeMemorySettings {
  /** θ of eq. 15. */
  theta: number
  /** top_k when a call names none. */
  topK: number
}

/** Where in an episode a call stands. */
export interface CallSite {
  step: number
  /** Index in the reply. */
  call: number
  /** The episode's clock, ms: becomes the entry's timestamp. */
  time: number
  /** Messages of the current round (the reply itself, earlier results): never filtered or summarised away. */
  round: readonly string[]
  /** For Summary_context: the summary that the policy wrote, ready to take the span's place. */
  summary?: ContextMessage
}

export interface CallOutcome {
  record: Omit<CallRecord, 'summary'>
  /** What changed, in order; already applied. */
  events: EpisodeEvent[]
}

/** Embedder of the memory, as recorded in trajectories. */
export interface EpisodeMemory {
  /** Starts an episode with an empty context over the LTM store of the same name, which is cleared. */
  open(episode: string, settings: EpisodeMemorySettings): Promise<{ embedder: string }>
  /** Applies context changes that the environment decides: appended messages, the reset between stages 1 and 2. */
  apply(episode: string, events: readonly StmEvent[]): Promise<void>
  /** The environment's own retrieval of stage 1 (Algorithm 3). */
  recall(episode: string, query: string): Promise<EventOf<'ltm.retrieve'>>
  /** Runs one tool call. Bad calls are results with ok = false, never rejections. */
  execute(episode: string, call: ToolCall, site: CallSite): Promise<CallOutcome>
  /** The context as the memory holds it. */
  context(episode: string): Promise<ContextMessage[]>
  /** Forgets the context; the LTM store stays. */
  close(episode: string): Promise<void>
}
