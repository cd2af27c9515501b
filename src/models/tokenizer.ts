// A model's tokenizer, read from its Hugging Face files: text to ids and back, piece by piece too, and conversations
// in the words of its chat template. Knows nothing of policies and episodes beyond their messages.
import { Template } from '@huggingface/jinja'
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import { z } from 'zod'
import { fit, misfitWords } from '../core/fit.ts'
import type { ChatMessage, TokenCounter } from '../core/policy/policy.ts'

export interface TokenizerFiles {
  /** tokenizer.json */
  tokenizer: string
  /** tokenizer_config.json */
  config: string
  /** chat_template.jinja, which newer models keep apart. */
  template?: string
}

export class TokenizerError extends Error {
  override readonly name = 'TokenizerError'
}

const tokenText = z.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)])
const configSchema = z.looseObject({
  bos_token: tokenText.nullish(),
  eos_token: tokenText.nullish(),
  chat_template: z.union([z.string(), z.array(z.object({ name: z.string(), template: z.string() }))]).nullish(),
})
const tokenizerSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.number().int(), content: z.string(), special: z.boolean().default(false) })).default([]),
  model: z.looseObject({ type: z.string().nullish() }),
})

/** Marks that end a turn in the families that are read here, beside the eos_token of the configuration. */
const turnEnds = ['<|im_end|>', '<|endoftext|>', '<|eot_id|>', '<|end_of_text|>', '<|end|>', '</s>']

/** What a decoder shows for bytes that are no whole character yet. */
const replacement = '\uFFFD'

function parse<T>(text: string, file: string, schema: z.ZodType<T>): { json: object; read: T } {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new TokenizerError(`${file} is not JSON.`)
  }
  const read = fit(schema, json)
  if (!read.success) throw new TokenizerError(`${file}: ${misfitWords(read.misfit, '(file)')}.`)
  if (typeof json !== 'object' || json === null) throw new TokenizerError(`${file}: (file): needs an object.`)
  return { json, read: read.data }
}

/** Turns ids into text as they come; a character that is not whole yet is held back. */
export class TextStream {
  readonly #decode: (ids: readonly number[]) => string
  /** Ids whose text is out: decoders may treat the first id of a text in a way of its own. */
  #said: number[] = []
  #held: number[] = []

  constructor(decode: (ids: readonly number[]) => string) {
    this.#decode = decode
  }

  /** The text that these ids complete. */
  push(ids: readonly number[]): string {
    this.#held.push(...ids)
    const before = this.#decode(this.#said)
    const text = this.#decode([...this.#said, ...this.#held])
    if (text.endsWith(replacement) || !text.startsWith(before)) return ''
    this.#said = this.#held
    this.#held = []
    return text.slice(before.length)
  }

  /** What is left: incomplete characters come out as U+FFFD. */
  end(): string {
    const before = this.#decode(this.#said)
    const text = this.#decode([...this.#said, ...this.#held])
    this.#said = []
    this.#held = []
    return text.slice(before.length)
  }
}

export class Tokenizer {
  readonly #tokenizer: HuggingFaceTokenizer
  readonly #template: Template | null
  readonly #marks: { bos_token: string; eos_token: string }
  readonly #special: ReadonlySet<number>
  /** Ids run from 0 to one less than this. */
  readonly size: number
  /** Ids that end a reply: end of text, end of turn. */
  readonly stopIds: readonly number[]

  /** @throws TokenizerError naming the file and what is wrong with it */
  constructor(files: TokenizerFiles) {
    const tokenizer = parse(files.tokenizer, 'tokenizer.json', tokenizerSchema)
    const config = parse(files.config, 'tokenizer_config.json', configSchema)
    try {
      this.#tokenizer = new HuggingFaceTokenizer(tokenizer.json, config.json)
    } catch (error) {
      throw new TokenizerError(`tokenizer.json cannot be used: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
    const { bos_token, eos_token, chat_template } = config.read
    const template = files.template ?? (Array.isArray(chat_template) ? (chat_template.find(({ name }) => name === 'default') ?? chat_template[0])?.template : chat_template)
    try {
      this.#template = template ? new Template(template) : null
    } catch (error) {
      throw new TokenizerError(`The chat template cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
    this.#marks = { bos_token: bos_token ?? '', eos_token: eos_token ?? '' }
    this.#special = new Set(tokenizer.read.added_tokens.filter(({ special }) => special).map(({ id }) => id))
    this.size = 1 + Math.max(...this.#tokenizer.get_vocab().values())
    const ends = new Set([eos_token, ...turnEnds].flatMap((token) => (token ? (this.id(token) ?? []) : [])))
    this.stopIds = [...ends]
  }

  /** The id of a token by its text; undefined when there is none. */
  id(token: string): number | undefined {
    return this.#tokenizer.token_to_id(token)
  }

  /** Text as ids, with nothing put before or behind it. */
  encode(text: string): number[] {
    return text === '' ? [] : this.#tokenizer.encode(text, { add_special_tokens: false }).ids
  }

  /** Ids as text. Special tokens, which are marks and no text, are left out unless asked for. */
  decode(ids: readonly number[], options: { special?: boolean } = {}): string {
    const shown = options.special === true ? [...ids] : ids.filter((id) => !this.#special.has(id))
    return shown.length === 0 ? '' : this.#tokenizer.decode(shown, { skip_special_tokens: false, clean_up_tokenization_spaces: false })
  }

  /** For text that appears while it is generated. */
  stream(): TextStream {
    return new TextStream((ids) => this.decode(ids))
  }

  /**
   * A conversation in the words of the chat template, up to where the assistant's reply begins.
   * A template that knows no tool messages gets them as the user's; one that wants the user and the assistant in turn
   * gets neighbours joined.
   * @throws TokenizerError when the model has no template, or it refuses the conversation all the same
   */
  chat(messages: readonly ChatMessage[]): string {
    const template = this.#template
    if (!template) throw new TokenizerError('tokenizer_config.json has no chat_template: this is not a chat model.')
    const render = (conversation: readonly ChatMessage[]) => template.render({ messages: conversation, add_generation_prompt: true, ...this.#marks })
    try {
      return render(messages)
    } catch {
      try {
        return render(inTurns(messages))
      } catch (error) {
        throw new TokenizerError(`The chat template refuses this conversation: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
      }
    }
  }

  /** The prompt of a conversation: chat() as ids. */
  encodeChat(messages: readonly ChatMessage[]): number[] {
    return this.encode(this.chat(messages))
  }

  /** Counts as this tokenizer's model does; `name` is recorded in trajectories. */
  counter(name: string): TokenCounter {
    return { name, count: (text) => this.encode(text).length }
  }
}

/** Tool messages as the user's, neighbours of one role joined by a line break. */
function inTurns(messages: readonly ChatMessage[]): ChatMessage[] {
  const turns: ChatMessage[] = []
  for (const { role, content } of messages) {
    const as = role === 'tool' ? 'user' : role
    const last = turns.at(-1)
    if (last?.role === as) turns[turns.length - 1] = { role: as, content: `${last.content}\n${content}` }
    else turns.push({ role: as, content })
  }
  return turns
}
