// A model in WebLLM as a policy: conversations in, replies in our protocol out, one after another. Owns the line of
// conversation that the library's cache holds; knows nothing of downloads and of workers.
import type { ChatCompletionChunk, ChatCompletionRequestStreaming, MLCEngineInterface } from '@mlc-ai/web-llm'
import type { Generation } from '../core/record/trajectory.ts'
import type { Marks } from '../core/policy/marks.ts'
import { streamOf } from '../core/policy/ask.ts'
import { AbortError, type ChatMessage, type GenerateRequest, type Policy, type ReplyStream, type StreamOptions } from '../core/policy/policy.ts'
import type { TokenView } from '../core/policy/token-view.ts'
import { tokenView } from './inspect.ts'
import type { LogitTap } from './logit-tap.ts'
import { emptyThinking, isBeginning, thinksByItself, webLlmMessages, type WebLlmMessage } from './messages.ts'

/** What of the library's inside is needed here; see internals.ts. */
export interface ModelText {
  encode(text: string): number[]
  decode(ids: readonly number[]): string
  separator(i: number): string
}

/** What of WebLLM's public interface is used here. */
export type ChatEngine = Pick<MLCEngineInterface, 'forwardTokensAndSample' | 'getMessage' | 'interruptGenerate' | 'resetChat'> & {
  chatCompletion(request: ChatCompletionRequestStreaming): Promise<AsyncIterable<ChatCompletionChunk>>
}

export interface WebLlmModelParts {
  /** As it is recorded in trajectories. */
  name: string
  engine: ChatEngine
  /** Registered with the engine for this model. */
  tap: LogitTap
  text: ModelText
  /** Those of its tokenizer. */
  marks: Marks
  /** model_type of mlc-chat-config.json. */
  modelType: string
  /** Tokens that it takes at once. */
  window: number
}

/** What WebLLM's cache holds. */
interface Line {
  /** As our conversations say it, what stands quoted in them included; the last reply too. */
  messages: WebLlmMessage[]
  /** As the library holds it: its own replies unquoted, letter by letter as it said them. */
  held: WebLlmMessage[]
  /** Ids that belong to the line and are not in the cache: the last one sampled, and what the template puts behind a reply. */
  pending: number[]
  /** Tokens in the cache. */
  filled: number
}

/** The sampling parameters that log-probabilities of the policy assume: nothing cut off, nothing penalised. */
const plainSampling = { top_p: 1, repetition_penalty: 1, frequency_penalty: 0, presence_penalty: 0 } as const

const nameOf = (error: unknown) => (error instanceof Error ? error.name : '')

export class WebLlmModel implements Policy {
  readonly name: string
  readonly window: number
  readonly #engine: ChatEngine
  readonly #tap: LogitTap
  readonly #text: ModelText
  readonly #marks: Marks
  /** Before every reply: see messages.ts. */
  readonly #thinking: string
  #line: Line | null = null

  constructor({ name, engine, tap, text, marks, modelType, window }: WebLlmModelParts) {
    this.name = name
    this.window = window
    this.#engine = engine
    this.#tap = tap
    this.#text = text
    this.#marks = marks
    this.#thinking = thinksByItself(modelType) ? emptyThinking : ''
  }

  open(options: StreamOptions): ReplyStream {
    return streamOf((request, tell) => this.#reply(request, options, tell), options)
  }

  #messages(conversation: readonly ChatMessage[]): WebLlmMessage[] {
    return webLlmMessages(conversation, this.#thinking, this.#marks)
  }

  async #reply(request: GenerateRequest, options: StreamOptions, tell: (text: string) => void): Promise<Generation> {
    const { signal } = options
    const messages = this.#messages(request.conversation)
    const { cached, held } = await this.#goOn(messages)
    const recording = this.#tap.record()
    const interrupt = () => { this.#engine.interruptGenerate() }
    signal?.addEventListener('abort', interrupt)
    try {
      const { text, whole, finish, prompt, stopped } = await this.#sample(held, request, options, tell)
      if (signal?.aborted) throw new AbortError()
      // Where a stop string ends inside a token, WebLLM holds a longer reply than the conversation will.
      if (whole === text) this.#noteReply({ messages, held }, recording.ids, text, cached + prompt, finish === 'stop' && !stopped)
      return { text, tokens: recording.ids.length, token_ids: recording.ids, logprobs: recording.logprobs, finish, prompt_tokens: cached + prompt }
    } catch (error) {
      if (signal?.aborted) throw new AbortError()
      if (nameOf(error) === 'ContextWindowSizeExceededError') return { text: '', tokens: 0, token_ids: [], logprobs: [], finish: 'overflow' }
      throw error
    } finally {
      signal?.removeEventListener('abort', interrupt)
      this.#tap.stop()
    }
  }

  async #sample(messages: WebLlmMessage[], { seed, stop, grammar }: GenerateRequest, { temperature, maxTokens, signal }: StreamOptions, tell: (text: string) => void) {
    const request = this.#request(messages, temperature, maxTokens, seed, grammar)
    let said = ''
    let told = 0
    let end = -1
    let reason: string | null = null
    let prompt = 0
    for await (const chunk of await this.#engine.chatCompletion(request)) {
      prompt = chunk.usage?.prompt_tokens ?? prompt
      const choice = chunk.choices[0]
      if (!choice) continue
      reason = choice.finish_reason ?? reason
      if (end >= 0) continue
      said += choice.delta.content ?? ''
      const text = said.slice(this.#thinking.length)
      end = endOfStop(text, stop)
      const shown = end < 0 ? text : text.slice(0, end)
      if (shown.length > told) tell(shown.slice(told))
      told = Math.max(told, shown.length)
      // WebLLM cuts its own stop strings off the text; ours stay. It ends before the next token, like an abort.
      if (end >= 0 || signal?.aborted) this.#engine.interruptGenerate()
    }
    const whole = (await this.#engine.getMessage()).slice(this.#thinking.length)
    // The stream holds back what is no whole character yet.
    if (end < 0) end = endOfStop(whole, stop)
    const stopped = end >= 0
    const text = stopped ? whole.slice(0, end) : whole
    if (text.length > told) tell(text.slice(told))
    return { text, whole, prompt, stopped, finish: stopped || reason !== 'length' ? ('stop' as const) : ('length' as const) }
  }

  #request(messages: WebLlmMessage[], temperature: number, maxTokens: number, seed: number, grammar?: string): ChatCompletionRequestStreaming {
    return {
      messages,
      stream: true,
      stream_options: { include_usage: true },
      ...plainSampling,
      temperature,
      // WebLLM counts the empty thinking block as said.
      max_tokens: maxTokens + (this.#thinking === '' ? 0 : this.#text.encode(this.#thinking).length),
      seed,
      ...(grammar === undefined ? {} : { response_format: { type: 'grammar', grammar } }),
      ...(this.#thinking === '' ? {} : { extra_body: { enable_thinking: false } }),
    }
  }

  /**
   * Brings WebLLM's cache to where a conversation goes on, if it does. The library would go on by itself, but leaves
   * out the last token sampled and what its template puts behind a reply; they are put in here, so that the model sees
   * what the template says, and its own replies as it sampled them.
   * @returns tokens in the cache, and the messages as the library is to see them: it goes on only from its own words
   */
  async #goOn(messages: readonly WebLlmMessage[]): Promise<{ cached: number; held: WebLlmMessage[] }> {
    const line = this.#line
    this.#line = null
    if (line && messages.length === line.messages.length + 1 && isBeginning(line.messages, messages) && line.filled + line.pending.length < this.window) {
      this.#tap.stop()
      await this.#engine.forwardTokensAndSample(line.pending, true)
      return { cached: line.filled + line.pending.length, held: [...line.held, ...messages.slice(-1)] }
    }
    await this.#engine.resetChat()
    return { cached: 0, held: [...messages] }
  }

  /** @param filled tokens in the cache when the first one was sampled; `marked`: an end mark was the last one */
  #noteReply({ messages, held }: Pick<Line, 'messages' | 'held'>, ids: readonly number[], text: string, filled: number, marked: boolean): void {
    const last = ids.at(-1)
    if (last === undefined) return
    const behind = this.#text.encode(this.#text.separator(messages.length - (messages[0]?.role === 'system' ? 1 : 0)))
    // Another end than the template's: the line cannot go on from it as the template would write it.
    if (marked && behind[0] !== last) return
    this.#line = {
      messages: [...messages, { role: 'assistant', content: this.#thinking + this.#marks.quote({ role: 'assistant', content: text }) }],
      held: [...held, { role: 'assistant', content: this.#thinking + text }],
      pending: marked ? behind : [last, ...behind],
      filled: filled + ids.length - 1,
    }
  }

  /** The weights have changed: what the cache holds was computed with others. */
  async forget(): Promise<void> {
    this.#line = null
    await this.#engine.resetChat()
  }

  /** Probabilities of given tokens behind a conversation, without a grammar. */
  async inspect(conversation: readonly ChatMessage[], ids: readonly number[], alternatives: number): Promise<TokenView[]> {
    this.#line = null
    await this.#engine.resetChat()
    const views: TokenView[] = []
    const look = (id: number) => {
      this.#tap.watch((logits) => views.push(tokenView(logits, id, alternatives, (ids) => this.#text.decode(ids))))
    }
    try {
      const [first] = ids
      if (first === undefined) return []
      look(first)
      for await (const _ of await this.#engine.chatCompletion(this.#request(this.#messages(conversation), 1, 1, 0))) continue
      for (const [i, id] of ids.slice(1).entries()) {
        look(id)
        await this.#engine.forwardTokensAndSample([ids[i] ?? id], false)
      }
      return views
    } finally {
      this.#tap.stop()
      await this.#engine.resetChat()
    }
  }
}

/** Where the first stop string ends; −1: none has come. */
function endOfStop(text: string, stop: readonly string[]): number {
  const ends = stop.flatMap((each) => {
    const at = text.indexOf(each)
    return at < 0 ? [] : [at + each.length]
  })
  return ends.length === 0 ? -1 : Math.min(...ends)
}
