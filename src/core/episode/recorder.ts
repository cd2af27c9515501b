// What happens in an episode, written down as it happens: every change of the two memories is an event of a step, and
// the context that prompts are made of is kept here alone.
import { conversationOf } from '../policy/conversation.ts'
import type { GenerateRequest, TokenCounter } from '../policy/policy.ts'
import { hash32 } from '../random.ts'
import { applyToContext, contextTokens } from '../record/context.ts'
import type { Observation } from '../record/observation.ts'
import { isStmEvent } from '../record/replay.ts'
import type {
  Aside, CallRecord, ContextMessage, EpisodeEvent, Generation, MessageKind, Role, Step, Trajectory,
} from '../record/trajectory.ts'
import { wellFormed } from '../text.ts'

/** The episode's clock starts here and moves a minute a step, so that the same seed gives the same timestamps. */
export const clockStart = Date.UTC(2026, 0, 5, 9)
export const clockTick = 60_000

/** What a policy said, as it is recorded and read again. */
export const heard = (generation: Generation): Generation => ({ ...generation, text: wellFormed(generation.text) })

export class Recorder {
  readonly trajectory: Trajectory
  readonly #counter: TokenCounter
  readonly #onStep: (trajectory: Trajectory, step: Step) => void
  context: readonly ContextMessage[] = []
  /** Messages since the last reply, that reply included. */
  round: string[] = []
  /** Events since the last step ended: they open the next one. */
  #before: EpisodeEvent[] = []
  /** The step at hand; null between two. It joins the trajectory when it is over, so that all steps there are whole. */
  #step: Step | null = null
  /** Index of the call that is carried out. */
  #call: number | null = null
  /** What else was asked since the last step ended: it belongs to the next one. */
  #asides: Aside[] = []
  /** Messages that were made. */
  #messages = 0
  #observed = { phase: '', turn: 0, exchange: 0 }

  /** @param onStep after each step */
  constructor(trajectory: Trajectory, counter: TokenCounter, onStep: (trajectory: Trajectory, step: Step) => void) {
    this.trajectory = trajectory
    this.#counter = counter
    this.#onStep = onStep
  }

  /** The step at hand. @throws Error between two */
  get step(): Step {
    if (!this.#step) throw new Error('There is no step at hand: the agent has said nothing yet.')
    return this.#step
  }

  /** Index of the step at hand, or of the next one. */
  get at(): number {
    return this.trajectory.steps.length
  }

  /** The episode's clock, ms. */
  get time(): number {
    return clockStart + this.at * clockTick
  }

  /** Index of the call that causes what happens now; null: no call. */
  get cause(): number | null {
    return this.#call
  }

  change(event: EpisodeEvent): void {
    if (isStmEvent(event)) this.context = applyToContext(this.context, event)
    ;(this.#step?.after ?? this.#before).push(event)
  }

  message(role: Role, kind: MessageKind, said: string, about: readonly string[] = []): ContextMessage {
    const content = wellFormed(said)
    const message = { id: `c${this.#messages++}`, role, kind, content, tokens: 0, ...(about.length > 0 ? { about: [...about] } : {}) }
    const [asked = message] = conversationOf([message])
    return { ...message, tokens: this.#counter.message?.(asked) ?? this.#counter.count(content) }
  }

  append(role: Role, kind: MessageKind, said: string, about?: readonly string[]): void {
    const message = this.message(role, kind, said, about)
    this.change({ type: 'stm.append', call: this.#call, message })
    if (this.#step) this.round.push(message.id)
  }

  /** Another text in the place of a message's, by hand. @throws RangeError when there is no such message */
  edit(id: string, text: string): void {
    const message = this.context.find((each) => each.id === id)
    if (!message) throw new RangeError(`There is no message ${id} in the conversation at this step.`)
    const content = wellFormed(text)
    const [asked = message] = conversationOf([{ ...message, content }])
    const tokens = this.#counter.message?.(asked) ?? this.#counter.count(content)
    this.change({ type: 'stm.edit', call: null, message: { ...message, content, tokens }, was: message.content })
  }

  /** What the environment lets the agent hear, after what it empties. */
  observe({ messages, phase, resets }: Observation): void {
    const { phase: before, turn } = this.#observed
    this.#observed = { phase, turn: before === phase ? turn + 1 : 0, exchange: 0 }
    if (resets) {
      const removed = this.context.filter(({ kind }) => kind !== 'system').map(({ id }) => id)
      this.change({ type: 'stm.reset', call: null, removed })
    }
    for (const { role, kind, text, about } of messages) this.append(role, kind, text, about)
  }

  /** Seeds the reply to what is asked now. */
  seedFor(purpose: string): number {
    const { seed, id } = this.trajectory
    // What is asked apart takes an id as a message does, so that the ids and seeds behind it are those of earlier records.
    if (this.#step) this.#messages++
    return hash32(`${seed}/${id.task}/${id.rollout}/${this.at}/${purpose}/${this.#messages}`)
  }

  /** Notes what else the policy was asked, what it said, and why that could not be read. */
  aside({ purpose, conversation }: GenerateRequest, generation: Generation, unread: string | null): void {
    const { before, after, asides } = this.#step ?? { before: this.#before, after: [], asides: this.#asides }
    const place = this.#call === null ? { events: before.length + after.length } : {}
    const said = { purpose, call: this.#call, ...place, prompt: [...conversation], generation }
    asides.push(unread === null ? said : { ...said, unread })
  }

  /** A step begins with what was said to the context as it stands. */
  openStep(reply: Generation): void {
    const { trajectory, context } = this
    const promptTokens = reply.prompt_tokens ?? contextTokens(context)
    const { phase, turn, exchange } = this.#observed
    const step: Step = {
      id: { ...trajectory.id, step: this.at },
      phase,
      turn,
      exchange,
      before: this.#before,
      prompt: context.map(({ id }) => id),
      prompt_tokens: promptTokens,
      overflow: promptTokens > trajectory.settings.t_max,
      reply,
      think: null,
      answer: null,
      calls: [],
      asides: this.#asides,
      violations: [],
      after: [],
    }
    this.#before = []
    this.#asides = []
    this.#observed.exchange++
    this.#step = step
    this.append('assistant', 'reply', reply.text)
  }

  endStep(): void {
    const step = this.#step
    if (!step) return
    this.#step = null
    this.round = []
    this.trajectory.steps.push(step)
    this.#onStep(this.trajectory, step)
  }

  /** What happens until endCall() is the doing of the next call of the step at hand. */
  beginCall(): void {
    this.#call = this.step.calls.length
  }

  endCall(record: CallRecord): void {
    this.step.calls.push(record)
    this.append('tool', 'result', record.result)
    this.#call = null
  }
}
