// A small double of WebLLM's engine, for the tests of this folder and workers/webllm-episode.test.ts: CI has no graphics card and no weights. It keeps
// to what version 0.2.86 was recorded to do: one conversation in the cache, kept when the next one grew by one message,
// without the last token sampled and without the template's mark behind a reply; a mask before the logit processor;
// an interrupt before the next token. Tokens are bytes; what is likely follows from the tokens in the cache alone, so
// that a cache which holds the wrong ones gives another reply. The grammar is played: with one, a reply is one of a list.
import type { ChatCompletionChunk, ChatCompletionRequestStreaming } from '@mlc-ai/web-llm'
import { createRandom, type Random } from '../core/random.ts'
import type { LogitTap } from './logit-tap.ts'
import type { ChatEngine, ModelText } from './webllm-model.ts'

const marks = ['<|im_start|>', '<|im_end|>']
const imEnd = 257
const vocabulary = 258

/** Of its tokenizer, with the marks of Qwen's own protocol. */
export const doubleTokenizer = JSON.stringify({ added_tokens: [...marks.map((content, i) => ({ id: 256 + i, content, special: true })), { id: 300, content: '<think>', special: false }] })

export const doubleText: ModelText & { template: string } = {
  template: 'chatml',
  encode: (text) => text.split(/(<\|im_start\|>|<\|im_end\|>)/).flatMap((part) => (marks.includes(part) ? [256 + marks.indexOf(part)] : [...new TextEncoder().encode(part)])),
  decode: (ids) => new TextDecoder().decode(Uint8Array.from(ids.filter((id) => id < 256))),
  separator: () => '<|im_end|>\n',
}

/** Sentences of our grammar, as the real library sampled such. */
export const recordedReplies = [
  '<think>It may matter.</think><tool_call>[{"name":"Add_memory","arguments":{"content":"dog: Bimo"}}]</tool_call>',
  '<think>x</think><answer>In Oslem.</answer>',
  '<think></think><tool_call>[{"name":"Summary_context","arguments":{"span":"all"}}]</tool_call>',
]
const recordedSummary = 'Mira lives in Oslem.'

class ContextWindowSizeExceededError extends Error {
  override readonly name = 'ContextWindowSizeExceededError'
}

type Messages = { role: string; content: string }[]

export class EngineDouble implements ChatEngine {
  readonly window: number
  /** How text is cut before it is encoded, as internals.ts has the library do it. */
  cut: (text: string) => readonly string[] = (text) => [text]
  readonly #tap: LogitTap
  /** What is in the cache. */
  cache: number[] = []
  /** The cache when the first token of each reply was sampled. */
  readonly prompts: number[][] = []
  /** Tokens that were read for each reply, as its usage tells. */
  readonly read: number[] = []
  #held: Messages = []
  #message = ''
  #interrupted = false
  #random: Random = createRandom(0)

  constructor(tap: LogitTap, window: number) {
    this.#tap = tap
    this.window = window
  }

  async resetChat(): Promise<void> {
    this.cache = []
    this.#held = []
    this.#tap.resetState()
    return Promise.resolve()
  }

  async getMessage(): Promise<string> {
    return Promise.resolve(this.#message)
  }

  interruptGenerate = (): void => {
    this.#interrupted = true
  }

  async forwardTokensAndSample(ids: number[]): Promise<number> {
    this.cache.push(...ids)
    return Promise.resolve(this.#sample(1, null))
  }

  #logits(): Float32Array {
    const likely = createRandom(this.cache.join(' '))
    return Float32Array.from({ length: vocabulary }, (_, id) => (id === 0 ? -9 : (id >= 97 && id < 123) || id === 32 ? 4 : 0) + 2 * likely.next())
  }

  /** @param only the one token that the grammar would end up with */
  #sample(temperature: number, only: number | null): number {
    const logits = this.#logits()
    // The mask leaves a second token beside, so that probabilities are not all 1.
    if (only !== null) for (let id = 0; id < vocabulary; id++) if (id !== only && id !== (only + 1) % 256) logits[id] = -3.4028234663852886e38
    const seen = this.#tap.processLogits(logits)
    let token = only ?? 0
    if (only === null) {
      const best = Math.max(...seen)
      const weights = [...seen].map((logit) => Math.exp((logit - best) / Math.max(1e-6, temperature)))
      let left = this.#random.next() * weights.reduce((sum, weight) => sum + weight, 0)
      token = weights.findIndex((weight) => (left -= weight) < 0)
    }
    this.#tap.processSampledToken(token)
    return token
  }

  #encode(text: string): number[] {
    return this.cut(text).flatMap((piece) => doubleText.encode(piece))
  }

  #prompt(messages: Messages): number[] {
    // The library's own way to put a message into its template.
    const turn = ({ role, content }: { role: string; content: string }) => `<|im_start|>${role}\n${'{message}'.replace('{message}', content).replace('{function_string}', '')}<|im_end|>\n`
    const kept = this.#held.length > 0 && JSON.stringify(this.#held) === JSON.stringify(messages.slice(0, -1))
    if (!kept) this.cache = []
    return this.#encode(`${(kept ? messages.slice(-1) : messages).map(turn).join('')}<|im_start|>assistant\n`)
  }

  async chatCompletion(request: ChatCompletionRequestStreaming): Promise<AsyncIterable<ChatCompletionChunk>> {
    return Promise.resolve(this.#stream(request))
  }

  async *#stream({ messages, temperature, max_tokens, seed, response_format, extra_body, top_p, repetition_penalty }: ChatCompletionRequestStreaming): AsyncGenerator<ChatCompletionChunk> {
    if (top_p !== 1 || repetition_penalty !== 1) throw new Error('The double samples from the whole distribution only.')
    this.#interrupted = false
    this.#random = createRandom(seed ?? 0)
    const thinking = extra_body?.enable_thinking === false ? '<think>\n\n</think>\n\n' : ''
    const turns = messages.map(({ role, content }) => ({ role, content: typeof content === 'string' ? content : '' }))
    const prompt = [...this.#prompt(turns), ...doubleText.encode(thinking)]
    if (this.cache.length + prompt.length > this.window) throw new ContextWindowSizeExceededError('Prompt tokens exceed context window size.')
    this.cache.push(...prompt)
    this.prompts.push([...this.cache])
    const summary = response_format?.grammar?.startsWith('root ::= [^<') === true
    const text = summary ? recordedSummary : (recordedReplies[(seed ?? 0) % recordedReplies.length] ?? '')
    const played = response_format ? [...doubleText.encode(text), imEnd] : null
    const said: number[] = []
    const most = (max_tokens ?? Infinity) - doubleText.encode(thinking).length
    let finish: 'stop' | 'length' | 'abort' | null = null
    let told = 0
    this.#message = thinking
    while (finish === null) {
      // Lets others run, as waiting for a graphics card does.
      await Promise.resolve()
      const token = this.#sample(temperature ?? 1, played?.[said.length] ?? null)
      if (token === imEnd) finish = 'stop'
      else said.push(token)
      if (said.length >= most || this.cache.length === this.window) finish = 'length'
      this.#message = thinking + doubleText.decode(said)
      yield chunk({ content: this.#message.slice(told), role: 'assistant' }, null)
      told = this.#message.length
      if (finish === null && this.#interrupted) finish = 'abort'
      if (finish === null) this.cache.push(token)
    }
    this.#held = [...turns, { role: 'assistant', content: this.#message }]
    this.read.push(prompt.length)
    yield chunk({}, finish)
    yield { ...chunk({}, null), choices: [], usage: { completion_tokens: said.length, prompt_tokens: prompt.length, total_tokens: prompt.length + said.length, extra: { e2e_latency_s: 0, prefill_tokens_per_s: 0, decode_tokens_per_s: 0, time_to_first_token_s: 0, time_per_output_token_s: 0 } } }
  }
}

function chunk(delta: ChatCompletionChunk.Choice.Delta, finish: 'stop' | 'length' | 'abort' | null): ChatCompletionChunk {
  return { id: 'double', object: 'chat.completion.chunk', model: 'double', created: 0, choices: [{ index: 0, delta, finish_reason: finish }] }
}
