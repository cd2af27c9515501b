// One episode as a coroutine: yields what it asks of the policy, receives the reply, returns the trajectory.
import { applyToContext, contextTokens, messagesOfSpan } from '../record/context.ts'
import { hash32 } from '../random.ts'
import { wellFormed, wellFormedValue } from '../text.ts'
import type { EpisodeMemory } from '../memory/episode-memory.ts'
import type { GenerateRequest, TokenCounter } from '../policy/policy.ts'
import { compactSystemPrompt, formatNotice, fullSystemPrompt, partNotice, relatedMemories } from '../agents/agemem/prompts.ts'
import type { Task, TaskMessage } from '../environments/question/task.ts'
import { parseReply, type ParsedReply } from '../agents/agemem/protocol/parser.ts'
import { conversationOf, summaryConversation } from '../agents/agemem/conversation.ts'
import { isStmEvent } from '../record/replay.ts'
import type {
  CallRecord,
  ContextMessage,
  EpisodeEvent,
  EpisodeSettings,
  Generation,
  MessageKind,
  Role,
  Stage,
  Step,
  StmEvent,
  ToolCall,
  Trajectory,
} from '../record/trajectory.ts'
import { messageOf } from '../error-message.ts'

export interface EpisodeSpec {
  /** Names the LTM store; unique among stores that must be kept apart. */
  key: string
  id: { run: string; batch: number; rollout: number }
  task: Task
  /** The run's seed: with the task and the rollout it seeds every reply. */
  seed: number
  settings: EpisodeSettings
}

export interface PlayOptions {
  policy: string
  memory: EpisodeMemory
  counter: TokenCounter
  /** Tokens that the policy's model takes at once; left out where it has no limit of its own. */
  window?: number
  onStart?: (trajectory: Trajectory) => void
  onStep?: (trajectory: Trajectory, step: Step) => void
}

/** The episode's clock starts here and moves a minute a step, so that the same seed gives the same timestamps. */
export const clockStart = Date.UTC(2026, 0, 5, 9)
const clockTick = 60_000

type Play<T> = AsyncGenerator<GenerateRequest, T, Generation>

/** Splits messages into at most `turns` turns, keeping order; the first turns take the surplus. */
export function turnsOf(messages: readonly TaskMessage[], turns: number): string[] {
  const count = Math.min(turns, messages.length)
  const sizes = Array.from({ length: count }, (_, i) => Math.floor(messages.length / count) + (i < messages.length % count ? 1 : 0))
  let at = 0
  return sizes.map((size) => {
    const turn = messages.slice(at, at + size)
    at += size
    return wellFormed(turn.map((message) => message.text).join('\n'))
  })
}

class Episode {
  context: ContextMessage[] = []
  /** Events since the last reply: they open the next step. */
  before: EpisodeEvent[] = []
  #messages = 0
  readonly spec: EpisodeSpec
  readonly options: PlayOptions
  readonly trajectory: Trajectory

  constructor(spec: EpisodeSpec, options: PlayOptions) {
    this.spec = spec
    this.options = options
    this.trajectory = {
      schema_version: 1,
      id: { ...spec.id, task: spec.task.id },
      task: spec.task,
      policy: options.policy,
      seed: spec.seed,
      settings: spec.settings,
      embedder: '',
      token_counter: options.counter.name,
      status: 'running',
      stop: null,
      failure: null,
      answer: null,
      steps: [],
    }
  }

  message(role: Role, kind: MessageKind, said: string): ContextMessage {
    const { counter } = this.options
    const content = wellFormed(said)
    const message = { id: `c${this.#messages++}`, role, kind, content, tokens: 0 }
    const [asked = message] = conversationOf([message])
    return { ...message, tokens: counter.message?.(asked) ?? counter.count(content) }
  }

  /** Applies context events to the memory and to this copy of the context; they are recorded by the caller. */
  async apply(events: readonly StmEvent[]): Promise<void> {
    for (const event of events) this.context = applyToContext(this.context, event)
    await this.options.memory.apply(this.spec.key, events)
  }

  async environment(events: readonly StmEvent[]): Promise<void> {
    await this.apply(events)
    this.before.push(...events)
  }

  async say(role: Role, kind: MessageKind, content: string): Promise<void> {
    await this.environment([{ type: 'stm.append', call: null, message: this.message(role, kind, content) }])
  }

  request(purpose: GenerateRequest['purpose'], conversation: GenerateRequest['conversation']): GenerateRequest {
    const step = this.trajectory.steps.length
    return {
      conversation,
      purpose,
      episode: { task: this.spec.task.id, rollout: this.spec.id.rollout },
      seed: hash32(`${this.spec.seed}/${this.spec.task.id}/${this.spec.id.rollout}/${step}/${purpose}/${this.#messages}`),
    }
  }

  requestSummary(span: readonly ContextMessage[]): GenerateRequest {
    // It takes an id as a message does, so that the ids and seeds behind it are those of earlier records.
    this.#messages++
    return this.request('summarise', summaryConversation(this.context, span))
  }
}

/** What a policy said, as it is recorded and read again. */
const heard = (generation: Generation): Generation => ({ ...generation, text: wellFormed(generation.text) })

const isArguments = (value: unknown): value is ToolCall['arguments'] => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A call's texts can hold half a character although the reply does not: JSON has escapes for it. */
function mended(call: ToolCall): ToolCall {
  const given = wellFormedValue(call.arguments)
  return { name: wellFormed(call.name), arguments: isArguments(given) ? given : call.arguments }
}

/** The policy's summary of the span, as the message that will stand in its place; null when there is nothing to summarise. */
async function* summarise(episode: Episode, call: ToolCall, round: readonly string[]): Play<{ message: ContextMessage; generation: Generation } | null> {
  const span = call.arguments['span']
  const messages = typeof span === 'string' ? messagesOfSpan(episode.context, span, round) : null
  if (!messages || messages.length === 0) return null
  const generation = heard(yield episode.requestSummary(messages))
  return { message: episode.message('tool', 'summary', `Summary: ${generation.text.trim()}`), generation }
}

/** Runs the calls of a reply in order; returns their records and everything that changed. */
async function* runCalls(episode: Episode, parsed: ParsedReply, reply: ContextMessage): Play<{ calls: CallRecord[]; events: EpisodeEvent[] }> {
  const { memory } = episode.options
  const round = [reply.id]
  const calls: CallRecord[] = []
  const events: EpisodeEvent[] = []
  for (const [index, call] of parsed.calls.map(mended).entries()) {
    const summary = call.name === 'Summary_context' ? yield* summarise(episode, call, round) : null
    const step = episode.trajectory.steps.length
    const site = { step, call: index, time: clockStart + step * clockTick, round, ...(summary ? { summary: summary.message } : {}) }
    const outcome = await memory.execute(episode.spec.key, call, site)
    // The memory has applied these itself; here they update the copy that prompts are built from.
    for (const event of outcome.events) if (isStmEvent(event)) episode.context = applyToContext(episode.context, event)
    const result = episode.message('tool', 'result', outcome.record.result)
    const append: StmEvent = { type: 'stm.append', call: index, message: result }
    await episode.apply([append])
    round.push(result.id)
    events.push(...outcome.events, append)
    calls.push({ ...outcome.record, summary: summary?.generation ?? null })
  }
  return { calls, events }
}

/** A prompt that left no room for a reply: nothing was said, so there is nothing to read. */
function noRoom(promptTokens: number, window: number): ParsedReply {
  const message = `The window of ${window.toLocaleString('en')} tokens was full, so there was no room for a reply: the conversation has ${promptTokens.toLocaleString('en')} tokens.`
  return { think: null, calls: [], answer: null, violations: [{ rule: 'window-full', position: 0, message, recovered: false }] }
}

type StepEnd = 'answered' | 'acted' | 'overflow'

/** One experience e_t: ask, parse, run the calls, record. */
async function* playStep(episode: Episode, stage: Stage, turn: number, exchange: number): Play<StepEnd> {
  const { trajectory, spec } = episode
  const prompt = episode.context.map((message) => message.id)
  const reply = heard(yield episode.request('act', conversationOf(episode.context)))
  const promptTokens = reply.prompt_tokens ?? contextTokens(episode.context)
  const parsed = reply.finish === 'overflow' ? noRoom(promptTokens, episode.options.window ?? spec.settings.t_max) : parseReply(reply.text)
  const message = episode.message('assistant', 'reply', reply.text)
  const append: StmEvent = { type: 'stm.append', call: null, message }
  await episode.apply([append])
  const { calls, events } = yield* runCalls(episode, parsed, message)
  const after: EpisodeEvent[] = [append, ...events]
  const problems = parsed.violations.filter((violation) => !violation.recovered).map((violation) => violation.message)
  const unread = parsed.answer === null && parsed.calls.length === 0
  if (reply.finish !== 'overflow' && (unread || problems.length > 0)) {
    const notice: StmEvent = { type: 'stm.append', call: null, message: episode.message('tool', 'notice', unread ? formatNotice(problems) : partNotice(problems)) }
    await episode.apply([notice])
    after.push(notice)
  }
  const step: Step = {
    id: { ...trajectory.id, step: trajectory.steps.length },
    stage,
    turn,
    exchange,
    before: episode.before,
    prompt,
    prompt_tokens: promptTokens,
    overflow: promptTokens > spec.settings.t_max,
    reply,
    think: parsed.think,
    answer: parsed.answer,
    calls,
    violations: parsed.violations,
    after,
  }
  episode.before = []
  trajectory.steps.push(step)
  if (stage === 3) trajectory.answer = parsed.answer
  episode.options.onStep?.(trajectory, step)
  return parsed.answer !== null ? 'answered' : reply.finish === 'overflow' ? 'overflow' : 'acted'
}

/** Exchanges of one turn, until the agent answers or the limit is reached. */
async function* playTurn(episode: Episode, stage: Stage, turn: number, limit: number): Play<StepEnd> {
  let end: StepEnd = 'acted'
  for (let exchange = 0; exchange < limit && end === 'acted'; exchange++) {
    end = yield* playStep(episode, stage, turn, exchange)
  }
  return end
}

async function* playStages(episode: Episode): Play<'answered' | 'rounds' | 'overflow'> {
  const { task, settings, key } = episode.spec
  const { memory } = episode.options
  await episode.say('system', 'system', settings.prompt === 'full' ? fullSystemPrompt() : compactSystemPrompt())

  for (const [turn, text] of turnsOf(task.build, settings.n_max.build).entries()) {
    await episode.say('user', 'message', text)
    const recalled = await memory.recall(key, text)
    if (recalled.hits.length > 0) {
      episode.before.push(recalled)
      await episode.say('tool', 'memories', relatedMemories(recalled.hits))
    }
    yield* playTurn(episode, 1, turn, settings.exchanges)
  }

  const forgotten = episode.context.filter((message) => message.kind !== 'system').map((message) => message.id)
  await episode.environment([{ type: 'stm.reset', call: null, removed: forgotten }])
  for (const [turn, text] of turnsOf(task.resist, settings.n_max.resist).entries()) {
    await episode.say('user', 'message', text)
    yield* playTurn(episode, 2, turn, settings.exchanges)
  }

  await episode.say('user', 'query', task.query)
  const end = yield* playTurn(episode, 3, 0, settings.n_max.answer)
  return end === 'acted' ? 'rounds' : end
}

/**
 * Plays one episode. Errors thrown in by the driver (AbortError, a failing policy) and errors of the memory end it
 * as a partial trajectory; what had happened until the last whole step stands.
 */
export async function* playEpisode(spec: EpisodeSpec, options: PlayOptions): Play<Trajectory> {
  const episode = new Episode(spec, options)
  const { trajectory } = episode
  try {
    const { embedder } = await options.memory.open(spec.key, { theta: spec.settings.theta, topK: spec.settings.top_k })
    trajectory.embedder = embedder
    options.onStart?.(trajectory)
    trajectory.stop = yield* playStages(episode)
    trajectory.status = 'complete'
    await options.memory.close(spec.key)
  } catch (error) {
    trajectory.status = 'partial'
    trajectory.answer = null
    const aborted = error instanceof Error && error.name === 'AbortError'
    trajectory.stop = aborted ? 'aborted' : 'failed'
    trajectory.failure = aborted ? null : messageOf(error)
    await options.memory.close(spec.key).catch(() => undefined)
  }
  return trajectory
}
