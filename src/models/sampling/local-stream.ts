// Replies of a model of ours as they are asked for: rows that are done take the next request after each stretch of
// steps (continuous batching). Owns what is under way; knows no weights.
import {
  AbortError,
  type Answered,
  type Asked,
  type GenerateRequest,
  type ReplyStream,
  type StreamOptions,
} from '../../core/policy/policy.ts'
import type { PromptThreads } from '../../core/policy/thread.ts'
import type { Generation } from '../../core/record/trajectory.ts'
import type { Tokenizer } from '../files/tokenizer.ts'
import type { GeneratedRow } from './decoder.ts'
import { beginRows, type Decoding } from './decoding.ts'
import type { Grammars, ReplyGrammar } from './grammar.ts'
import { ReplyText } from './reply-text.ts'

/** Share of the rows that a stream may take: what watches an episode meanwhile needs some too. */
const streamShare = 7 / 8

const busy = 'The model is answering so many others that there is no room for more: stop one of them first.'

/** What a stream asks of its model. */
interface StreamHost {
  tokenizer: Tokenizer
  threads: PromptThreads
  /** The rows that are there now: other ones after a change of adapter. */
  decoding(): Promise<Decoding>
  /** Ids that end a reply. */
  stopIds(stop: readonly string[]): readonly number[]
  /** How many of a prompt's ids stand for what instructs the model. */
  prefix(request: GenerateRequest, prompt: readonly number[]): number
  /** Those that replies may keep to. */
  grammars(): Promise<Grammars>
}

interface Waiting extends Asked {
  grammar: ReplyGrammar | null
}

interface UnderWay extends Waiting {
  text: ReplyText
  promptTokens: number
}

function generationOf(row: GeneratedRow, text: ReplyText, promptTokens: number): Generation {
  const length = text.end()
  const finish = text.stopped ? 'stop' : row.finish
  return {
    text: text.text,
    tokens: length,
    token_ids: row.ids.slice(0, length),
    logprobs: row.logps.slice(0, length),
    finish,
    prompt_tokens: promptTokens,
  }
}

export class LocalStream implements ReplyStream {
  readonly #options: StreamOptions
  readonly #host: StreamHost
  readonly #waiting: Waiting[] = []
  /** By row. */
  readonly #underWay = new Map<number, UnderWay>()
  #decoding: Decoding | null = null

  constructor(options: StreamOptions, host: StreamHost) {
    this.#options = options
    this.#host = host
  }

  /**
   * @throws AbortError when the signal has fired, Error when the model was given another adapter meanwhile, or when
   * others have all its rows
   */
  async serve(asked: readonly Asked[]): Promise<Answered[]> {
    const { temperature, minP = 0, signal } = this.#options
    const decoding = await this.#host.decoding()
    const { decoder } = decoding
    if (this.#underWay.size > 0 && this.#decoding !== decoding) {
      throw new Error('The model was given another adapter while it was answering.')
    }
    // A row that is free has been reset under it.
    if ([...this.#underWay.keys()].some((row) => decoder.isFree(row))) {
      throw new Error('The model was given other weights while it was answering.')
    }
    this.#decoding = decoding
    for (const each of asked) this.#waiting.push({ ...each, grammar: await this.#grammarOf(each.request) })
    while (this.#waiting.length + this.#underWay.size > 0) {
      if (signal?.aborted) throw new AbortError()
      this.#begin(decoding)
      if (this.#underWay.size === 0) throw new Error(busy)
      const done = await decoder.advance([...this.#underWay.keys()], {
        temperature,
        minP,
        isFinished: (row) => this.#underWay.get(row)?.text.stopped ?? false,
        onTokens: (row, ids) => this.#underWay.get(row)?.text.push(ids),
      })
      if (done.length > 0 && !signal?.aborted) return done.flatMap((row) => this.#answer(decoding, row))
    }
    return []
  }

  async #grammarOf({ grammar }: GenerateRequest): Promise<ReplyGrammar | null> {
    if (this.#options.constrained !== true || grammar === undefined) return null
    return (await this.#host.grammars()).begin(grammar)
  }

  /** Gives requests that wait rows that are free. Some rows stay free for those who watch. */
  #begin(decoding: Decoding): void {
    const { decoder } = decoding
    const { maxTokens, onText } = this.#options
    const { tokenizer, threads } = this.#host
    const room = Math.floor(streamShare * decoder.batch) - this.#underWay.size
    const begun = beginRows(decoding, this.#waiting.map(({ request }) => request.thread), room)
    const waiting = this.#waiting.splice(0)
    this.#waiting.push(...waiting.filter((_, at) => !begun.some((each) => each.at === at)))
    for (const { at, row } of begun) {
      const next = waiting[at]
      if (!next) continue
      const { place, request, grammar } = next
      const prompt = threads.prompt(request)
      decoder.begin(row, prompt, { seed: request.seed, maxTokens, stopIds: this.#host.stopIds(request.stop), prefix: this.#host.prefix(request, prompt), grammar })
      const text = new ReplyText(tokenizer, request.stop, (piece) => onText?.(place, piece))
      this.#underWay.set(row, { place, request, text, grammar, promptTokens: prompt.length })
    }
  }

  #answer({ decoder }: Decoding, row: number): Answered[] {
    const under = this.#underWay.get(row)
    if (!under) return []
    this.#underWay.delete(row)
    under.grammar?.dispose()
    const generation = generationOf(decoder.take(row), under.text, under.promptTokens)
    this.#host.threads.reply(under.request, generation.token_ids ?? [], generation.text)
    return [{ place: under.place, generation }]
  }

  async close(): Promise<void> {
    const { decoder } = this.#decoding ?? {}
    for (const [row, { grammar }] of this.#underWay) {
      if (decoder?.isFree(row) === false) decoder.take(row)
      grammar?.dispose()
    }
    for (const { grammar } of this.#waiting) grammar?.dispose()
    this.#underWay.clear()
    this.#waiting.length = 0
    return Promise.resolve()
  }
}
