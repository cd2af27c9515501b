// What makes replies of what is heard. An agent knows the interface of environments and no environment, and reaches the
// two memories and the policy through its Body alone: everything that it does there is recorded as an event.
import type { Random } from '../random.ts'
import type { Embedder, MemoryMetadata, SearchOptions } from '../memory/store.ts'
import type { ChatMessage, GenerateRequest } from '../policy/policy.ts'
import type {
  CallRecord, ContextMessage, EpisodeSettings, Generation, Hit, MemoryRecord, MessageKind, Role, ToolCall, Violation,
} from '../record/trajectory.ts'
import type { Observation } from '../record/observation.ts'

/** Asks the policy by yielding, and is given its reply. */
export type Play<T> = AsyncGenerator<GenerateRequest, T, Generation>

/** The short-term memory C_t. */
export interface ContextEditor {
  /** As it stands now. */
  readonly messages: readonly ContextMessage[]
  /** Messages since the last reply, that reply included: what is being done is neither filtered nor summarised away. */
  readonly round: readonly string[]
  append(role: Role, kind: MessageKind, text: string): void
  /** Takes out what is at least as similar to the criteria as the threshold (eq. 15). */
  filter(criteria: string, threshold: number, similarities: readonly { id: string; similarity: number }[]): string[]
  /** Puts one message into the place of these (eq. 14). */
  summarise(span: string, removed: readonly ContextMessage[], text: string): void
}

export type NewMetadata = Pick<MemoryMetadata, 'tags' | 'type' | 'extra'>

/** The long-term memory M_t. A write is as durable as the store can make it when its promise resolves. */
export interface MemoryEditor {
  add(content: string, metadata: NewMetadata): Promise<MemoryRecord>
  /** @param metadata left out: that of before. @throws MemoryNotFoundError */
  update(id: string, content: string, metadata?: Omit<NewMetadata, 'type'>): Promise<MemoryRecord>
  /** @throws MemoryNotFoundError */
  delete(id: string): Promise<MemoryRecord>
  /** Looks without a word: nothing is recorded until what was found is delivered. */
  search(query: string, options: SearchOptions): Promise<Hit[]>
  /** Says that these hits come into the conversation with the next message. */
  deliver(query: string, hits: Hit[]): void
  list(): Promise<MemoryRecord[]>
}

/** What a call came to. */
export interface CallOutcome {
  /** What the agent reads. */
  result: string
  /** Named reason when it failed. */
  error?: string
}

/** Carrying out a call: it may ask the policy. */
export type Work = Promise<CallOutcome> | Play<CallOutcome>

/** How a reply was understood. */
export type Understood = { think: string | null; answer: string | null; violations: Violation[] }

/** Where a reply ends, and what a constrained policy can say in it. */
export type ReplyForm = Pick<GenerateRequest, 'stop' | 'grammar'>

/** All that an agent can reach. */
export interface Body {
  readonly settings: EpisodeSettings
  /** Tokens that the policy takes at once, where it has a limit of its own, else T_max. */
  readonly window: number
  /** Tokens of the prompt of the step at hand. */
  readonly promptTokens: number
  readonly context: ContextEditor
  readonly memory: MemoryEditor
  readonly embedder: Embedder
  readonly random: Random
  /** Opens a step: the policy replies to the context as it stands, and its reply comes into it. */
  act(form: ReplyForm): Play<Generation>
  /** The same with words of the agent's own, for which no policy is asked. */
  speak(text: string): void
  /** Notes how the reply of this step was understood. */
  understand(reply: Understood): void
  /**
   * Asks the policy something else, which belongs to the step at hand or to the next one.
   * @param unread why its words cannot be read, which is recorded; null: they can. Left out: any can
   */
  ask(
    purpose: string,
    conversation: readonly ChatMessage[],
    form: ReplyForm,
    unread?: (generation: Generation) => string | null,
  ): Play<Generation>
  /** Carries out a call of the reply: what it changes is recorded as its doing, and its result comes into the context. */
  call(call: ToolCall, work: () => Work): Play<CallRecord>
}

/** One that plays one episode. */
export interface Agent {
  /** @returns what is said to the environment; null: nothing */
  turn(observation: Observation, body: Body): Play<string | null>
}

/** Something that an agent asks of the policy beside its replies (Body.ask). */
export interface AsideKind {
  readonly purpose: string
  /** What a rule says in the policy's place, from the words of the prompt alone; null: no rule can. */
  readonly byRule: ((prompt: string) => string) | null
}

/** What an agent of this kind is made by. */
export interface AgentKind {
  /** What it does, in a line for a command line; the page says it in its own languages. */
  readonly line: string
  /** The paper or the program that it follows; null: none. */
  readonly follows: { title: string; address: string } | null
  /** Its replies may call tools; else they are answers alone (baseline.ts). */
  readonly tools: boolean
  readonly asides: readonly AsideKind[]
  /** The system message that it begins with, which stays through resets; null: none. */
  opening(settings: EpisodeSettings): string | null
  create(): Agent
}
