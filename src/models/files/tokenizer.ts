// A model's tokenizer, read from its Hugging Face files: text to ids and back, piece by piece too, and conversations
// in the words of its chat template. Knows nothing of policies and episodes beyond their messages, and leaves to
// core/policy/marks.ts which of a message's words may be tokens of their own.
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import { z } from 'zod'
import type { TokenizerText } from '../../core/policy/model.ts'
import { fit, misfitWords } from '../../core/fit.ts'
import { isObject } from '../../core/is-object.ts'
import { addedTokensSchema, Marks, TokenFinder, type AddedToken } from '../../core/policy/marks.ts'
import type { ChatMessage } from '../../core/policy/policy.ts'
import { wellFormed } from '../../core/text.ts'
import { ChatTemplate } from './chat-template.ts'
import { checkPatterns, patternsIn } from './patterns.ts'
import { messageOf } from '../../core/error-message.ts'

export class TokenizerError extends Error {
  override readonly name = 'TokenizerError'
}

const tokenText = z.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)])
const configSchema = z.looseObject({
  bos_token: tokenText.nullish(),
  eos_token: tokenText.nullish(),
  chat_template: z.union([z.string(), z.array(z.object({ name: z.string(), template: z.string() }))]).nullish(),
  remove_space: z.boolean().nullish(),
  do_lowercase_and_remove_accent: z.boolean().nullish(),
})
const tokenizerSchema = z.looseObject({
  added_tokens: addedTokensSchema,
  model: z.looseObject({ type: z.string().nullish() }),
  normalizer: z.unknown().optional(),
  pre_tokenizer: z.unknown().optional(),
  decoder: z.unknown().optional(),
})
const generationSchema = z.looseObject({ eos_token_id: z.union([z.number(), z.array(z.number())]).nullish() })

/** Tokens that end a turn in the families that are read here, where a tokenizer has them as tokens of their own. */
const turnEnds = ['<|im_end|>', '<|endoftext|>', '<|eot_id|>', '<|eom_id|>', '<|end_of_text|>', '<|end|>', '<|eot|>', '<end_of_turn>', '</s>']

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

/**
 * A part of tokenizer.json with the cutting of digits as tokenizers does it: by every number of Unicode. The library knows
 * those of ASCII alone, and gives SmolLM2 other ids for “²³” or “٣٤”.
 */
function withAllDigits(part: unknown, depth = 0): unknown {
  if (typeof part !== 'object' || part === null || depth > 20) return part
  if (Array.isArray(part)) return part.map((each: unknown) => withAllDigits(each, depth + 1))
  if ('type' in part && part.type === 'Digits') {
    const alone = 'individual_digits' in part && part.individual_digits === true
    return { type: 'Split', pattern: { Regex: alone ? '\\p{N}' : '\\p{N}+' }, behavior: 'Isolated', invert: false }
  }
  return Object.fromEntries(Object.entries(part).map(([key, value]: [string, unknown]) => [key, key === 'pretokenizers' ? withAllDigits(value, depth + 1) : value]))
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
    this.#held = [...this.#held, ...ids]
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

/** How a vocabulary spells bytes: by characters that stand for them (GPT-2), as <0x0A> (Llama 2), or not at all. */
export type VocabularyEncoding = 'byte_level' | 'byte_fallback' | 'raw'

/** Types of a decoder and of those that it is made of. */
function decoderTypes(decoder: unknown): string[] {
  if (!isObject(decoder)) return []
  const { type, decoders } = decoder
  return [...(typeof type === 'string' ? [type] : []), ...(Array.isArray(decoders) ? decoders.flatMap(decoderTypes) : [])]
}

export class Tokenizer {
  readonly #tokenizer: HuggingFaceTokenizer
  readonly #template: ChatTemplate | null
  readonly #config: z.infer<typeof configSchema>
  readonly #special: ReadonlySet<number>
  readonly #encoding: VocabularyEncoding
  readonly #marks: Marks
  /** Its tokens of their own, as the library looks for them: before the normaliser, and after it. */
  readonly #before: TokenFinder
  readonly #after: TokenFinder
  /** Ids run from 0 to one less than this. */
  readonly size: number
  /** Ids that end a reply: end of text, end of turn. */
  readonly stopIds: readonly number[]

  /** @throws TokenizerError naming the file and what is wrong with it */
  constructor(files: TokenizerText, now: () => number = () => performance.now()) {
    const tokenizer = parse(files.tokenizer, 'tokenizer.json', tokenizerSchema)
    const config = parse(files.config, 'tokenizer_config.json', configSchema)
    const generation = files.generation === undefined ? null : parse(files.generation, 'generation_config.json', generationSchema).read
    const { chat_template } = config.read
    const decoders = decoderTypes(tokenizer.read.decoder)
    this.#encoding = decoders.includes('ByteLevel') ? 'byte_level' : decoders.includes('ByteFallback') ? 'byte_fallback' : 'raw'
    this.#config = config.read
    try {
      const { normalizer } = tokenizer.read
      const pre_tokenizer = withAllDigits(tokenizer.read.pre_tokenizer)
      this.#tokenizer = new HuggingFaceTokenizer({ ...tokenizer.json, pre_tokenizer: pre_tokenizer ?? null }, config.json)
      checkPatterns([...patternsIn(normalizer), ...patternsIn(pre_tokenizer)], (text) => this.#wordsOf(this.#normalised(text), 0), now)
    } catch (error) {
      throw new TokenizerError(`tokenizer.json cannot be used: ${messageOf(error)}`, { cause: error })
    }
    const template = files.template ?? (Array.isArray(chat_template) ? (chat_template.find(({ name }) => name === 'default') ?? chat_template[0])?.template : chat_template)
    try {
      this.#template = template ? new ChatTemplate(template, now) : null
    } catch (error) {
      throw new TokenizerError(`The chat template cannot be read: ${messageOf(error)}`, { cause: error })
    }
    const { added_tokens: added } = tokenizer.read
    let last = -1
    for (const id of this.#tokenizer.get_vocab().values()) last = Math.max(last, id)
    this.size = 1 + last
    const ends = this.#endsOf(added, generation?.eos_token_id ?? [])
    this.stopIds = [...ends]
    try {
      this.#marks = new Marks(added, ends)
    } catch (error) {
      throw new TokenizerError(`tokenizer.json cannot be used: ${messageOf(error)}`, { cause: error })
    }
    this.#special = new Set([...ends, ...added.filter(({ special }) => special).map(({ id }) => id)])
    const [late, early] = [added.filter(({ normalized }) => normalized && this.#tokenizer.normalizer !== null), added.filter(({ normalized }) => !normalized || this.#tokenizer.normalizer === null)]
    this.#before = new TokenFinder(early.map((token) => [token.content, token]))
    this.#after = new TokenFinder(late.map((token) => [this.#normalised(token.content), token]))
  }

  /** All ids that a reply may end with, whichever file says so: a mark that only looks like one in the vocabulary ends nothing. */
  #endsOf(added: readonly AddedToken[], generated: number | readonly number[]): Set<number> {
    const { eos_token } = this.#config
    const known = added.filter(({ content }) => turnEnds.includes(content)).map(({ id }) => id)
    const named = [eos_token, this.#templateEnd(added)].flatMap((token) => (token ? (this.id(token) ?? []) : []))
    return new Set([...named, ...[generated].flat().filter((id) => Number.isInteger(id) && id >= 0 && id < this.size), ...known])
  }

  /** The token that the template puts behind a reply. */
  #templateEnd(added: readonly AddedToken[]): string | null {
    const said = 'Oslem'
    const turns = [{ role: 'user', content: '?' }, { role: 'assistant', content: said }] as const
    try {
      const written = this.#template?.render({ messages: turns, add_generation_prompt: false, ...this.#textMarks() }) ?? ''
      const at = written.lastIndexOf(said)
      const behind = at < 0 ? '' : written.slice(at + said.length).trimStart()
      return added.filter(({ content }) => content !== '' && behind.startsWith(content)).sort((a, b) => b.content.length - a.content.length)[0]?.content ?? null
    } catch {
      return null
    }
  }

  #textMarks(): { bos_token: string; eos_token: string } {
    return { bos_token: this.#config.bos_token ?? '', eos_token: this.#config.eos_token ?? '' }
  }

  /** The id of a token by its text; undefined when there is none. */
  id(token: string): number | undefined {
    return this.#tokenizer.token_to_id(token)
  }

  /** Every token by its id, as the vocabulary spells it; '' for special ones and for ids that are none. */
  vocabulary(): { tokens: string[]; encoding: VocabularyEncoding } {
    const tokens = new Array<string>(this.size).fill('')
    for (const [token, id] of this.#tokenizer.get_vocab()) if (!this.#special.has(id)) tokens[id] = token
    return { tokens, encoding: this.#encoding }
  }

  /** Text as ids, with nothing put before or behind it. Whatever in it spells a token is that token: for text of ours. */
  encode(text: string): number[] {
    return text === '' ? [] : this.#tokenizer.encode(wellFormed(text), { add_special_tokens: false }).ids
  }

  /** A stretch of what chat() wrote as ids: the template's marks are tokens, what messages spell of them is text. */
  encodeChatText(chat: string): number[] {
    if (!Marks.isQuoting(chat)) return this.encode(chat)
    const ids: number[][] = []
    for (const [place, section] of this.#before.split(chat).entries()) {
      if (section.token) ids.push([section.token.id])
      else {
        for (const { text, token } of this.#after.split(this.#normalised(section.text))) {
          if (token) ids.push([token.id])
          else if (text !== '') ids.push(this.#ordinary(text, place))
        }
      }
    }
    return ids.flat()
  }

  /** A stretch in which no token is looked for. */
  #ordinary(quoted: string, place: number): number[] {
    const ids = this.#piecesOf(this.#marks.restore(quoted), place)
    // A vocabulary that makes a mark of its letters by itself: with a cut within it does not.
    return ids.some((id) => this.#special.has(id)) ? this.#marks.pieces(quoted).flatMap((piece) => this.#piecesOf(piece, place)) : ids
  }

  /** Text before it is cut into words, as the library prepares it. */
  #normalised(text: string): string {
    const { remove_space, do_lowercase_and_remove_accent } = this.#config
    const spaced = remove_space === true ? text.trim().split(/\s+/).join(' ') : text
    const plain = do_lowercase_and_remove_accent === true ? spaced.toLowerCase().replace(/\p{M}/gu, '') : spaced
    // Not as a method: the library's parts are functions without call(), which compilers to older syntax use for these.
    const { normalizer } = this.#tokenizer
    return normalizer ? normalizer(plain) : plain
  }

  /** The pieces of a text that merges stay inside of. */
  #wordsOf(text: string, place: number): string[] {
    const { pre_tokenizer } = this.#tokenizer
    if (text === '') return []
    return pre_tokenizer ? pre_tokenizer(text, { section_index: place }) : [text]
  }

  #piecesOf(text: string, place: number): number[] {
    const { model } = this.#tokenizer
    if (!model) return []
    return model(this.#wordsOf(text, place)).flatMap((piece) => model.tokens_to_ids.get(piece) ?? model.unk_token_id ?? [])
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
   * A conversation in the words of the chat template, up to where the assistant's reply begins. What messages spell of
   * the template's marks stands in it quoted; encodeChatText() reads it.
   * A template that knows no tool messages gets them as the user's; one that wants the user and the assistant in turn
   * gets neighbours joined.
   * @throws TokenizerError when the model has no template, or it refuses the conversation all the same
   */
  chat(messages: readonly ChatMessage[]): string {
    const template = this.#template
    if (!template) throw new TokenizerError('tokenizer_config.json has no chat_template: this is not a chat model.')
    const quoted = messages.map((message): ChatMessage => ({ role: message.role, content: this.#marks.quote(message) }))
    const render = (conversation: readonly ChatMessage[]) => template.render({ messages: conversation, add_generation_prompt: true, ...this.#textMarks() })
    try {
      return render(quoted)
    } catch {
      try {
        return render(inTurns(quoted))
      } catch (error) {
        throw new TokenizerError(`The chat template refuses this conversation: ${messageOf(error)}`, { cause: error })
      }
    }
  }

  /** A reply as chat() puts it into a conversation. */
  quoteReply(text: string): string {
    return this.#marks.quote({ role: 'assistant', content: text })
  }

  /** Tokens of a message alone, as quoted in its role. */
  countContent(message: ChatMessage): number {
    return this.encodeChatText(this.#marks.quote(message)).length
  }

  /** The prompt of a conversation: chat() as ids. */
  encodeChat(messages: readonly ChatMessage[]): number[] {
    return this.encodeChatText(this.chat(messages))
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
