// Which strings are tokens of their own (a tokenizer's added tokens), and who may write them: the one place that decides.
//
// - A special token (a role's mark, an end, the begin of a text) comes from the chat template alone, whoever spells it.
// - A merely added token that is markup of a protocol (<think>, </tool_call>, "}},{"name":) comes from the template, and
//   from the environment's and the model's own words: the system message, the assistant's replies, ChatMessage.own.
// - A merely added token of plain words is a way to write these words, as merges are, wherever they stand.
//
// All else that spells a token is ordinary text. The template does not see it: a stand-in goes through it in its place,
// and the encoder puts the text back where no token is looked for. Text without such strings is not touched.
import { z } from 'zod'
import { wellFormed } from '../text.ts'
import type { ChatMessage, OwnWords } from './policy.ts'

const flag = z.boolean().nullish().transform((value) => value ?? false)

/** added_tokens of tokenizer.json. */
export const addedTokensSchema = z
  .array(
    z
      .looseObject({ id: z.number().int().nonnegative(), content: z.string(), special: flag, lstrip: flag, rstrip: flag, normalized: z.boolean().nullish() })
      .transform(({ id, content, special, lstrip, rstrip, normalized }) => ({ id, content, special, lstrip, rstrip, normalized: normalized ?? !special })),
  )
  .default([])

/** Normalized: looked for after the tokenizer's normaliser. lstrip and rstrip: it takes the white space on that side. */
export type AddedToken = z.infer<typeof addedTokensSchema>[number]

/** A stretch of text that is a token's, or that is between tokens. */
interface Section {
  text: string
  token: AddedToken | null
}

interface Node {
  next: Map<string, Node>
  token: AddedToken | null
}

/** Finds tokens by their text: leftmost first, the longest where several begin. */
export class TokenFinder {
  readonly #root: Node = { next: new Map(), token: null }

  /** @param tokens by the text that stands for each */
  constructor(tokens: Iterable<readonly [text: string, token: AddedToken]>) {
    for (const [text, token] of tokens) {
      if (text === '') continue
      let node = this.#root
      for (let i = 0; i < text.length; i++) {
        const char = text.charAt(i)
        const next = node.next.get(char) ?? { next: new Map<string, Node>(), token: null }
        node.next.set(char, next)
        node = next
      }
      node.token = token
    }
  }

  *find(text: string): Generator<{ from: number; to: number; token: AddedToken }> {
    for (let from = 0; from < text.length; ) {
      let node = this.#root.next.get(text.charAt(from))
      let found: { from: number; to: number; token: AddedToken } | null = null
      for (let to = from + 1; node; to++) {
        if (node.token) found = { from, to, token: node.token }
        node = node.next.get(text.charAt(to))
      }
      if (found) yield found
      from = found?.to ?? from + 1
    }
  }

  /** The text cut at its tokens; together the sections are the text, but for the white space that a token takes. */
  split(text: string): Section[] {
    const sections: Section[] = []
    let at = 0
    for (const { from, to, token } of this.find(text)) {
      if (from > at) sections.push({ text: text.slice(at, from), token: null })
      sections.push({ text: text.slice(from, to), token })
      at = to
    }
    if (at < text.length) sections.push({ text: text.slice(at), token: null })
    for (const [i, { token }] of sections.entries()) {
      const [before, after] = [sections[i - 1], sections[i + 1]]
      if (token?.lstrip && before && !before.token) before.text = before.text.trimEnd()
      if (token?.rstrip && after && !after.token) after.text = after.text.trimStart()
    }
    return sections
  }
}

/** Id of what is no token and goes through a template as if it were one, for the template's sake. */
export const noToken = -1

/** What could be taken for a protocol: tags, and pieces of JSON. */
const markup = /[<>{}"]/
/** A role's mark by its form, whether or not the tokenizer calls it special. */
const roleMark = /^<\|[^]*\|>$/

// Stand-ins are single characters of the last plane for private use, which no writing has, so that a template can trim
// and cut as ever. The first one marks a character of that plane that the text had itself.
const plane = 0x100000
const literal = String.fromCodePoint(plane)
const ofPlane = /[\u{100000}-\u{10FFFF}]/gu
const quotedPart = /\u{100000}([\u{100000}-\u{10FFFF}])|[\u{100001}-\u{10FFFF}]/gu
const mostTokens = 65_000

export class Marks {
  readonly #finder: TokenFinder
  readonly #tokens: readonly AddedToken[]
  readonly #place: ReadonlyMap<AddedToken, number>
  readonly #ends: ReadonlySet<number>

  /** @param ends ids that end a reply: special, whatever the tokenizer's file calls them. @throws RangeError for more tokens than stand-ins */
  constructor(tokens: readonly AddedToken[], ends: ReadonlySet<number>) {
    if (tokens.length > mostTokens) throw new RangeError(`It has ${tokens.length} added tokens; ${mostTokens} can be told apart.`)
    this.#tokens = tokens
    this.#ends = ends
    this.#place = new Map(tokens.map((token, i) => [token, i]))
    this.#finder = new TokenFinder(tokens.map((token) => [token.content, token]))
  }

  isSpecial({ id, content, special }: AddedToken): boolean {
    return special || this.#ends.has(id) || roleMark.test(content)
  }

  /** The message's content as the template is to see it. Text that is not well-formed is mended. */
  quote({ role, content, own }: ChatMessage): string {
    const text = wellFormed(content)
    const mine: OwnWords = own ?? (role === 'system' || role === 'assistant' ? [[0, text.length]] : [])
    let quoted = ''
    let at = 0
    for (const { from, to, token } of this.#finder.find(text)) {
      const allowed = !this.isSpecial(token) && (!markup.test(token.content) || mine.some(([begin, end]) => begin <= from && to <= end))
      if (allowed) continue
      quoted += guarded(text.slice(at, from)) + String.fromCodePoint(plane + 1 + (this.#place.get(token) ?? 0))
      at = to
    }
    return quoted + guarded(text.slice(at))
  }

  /** Whether something in what the template wrote stands for something else. */
  static isQuoting(text: string): boolean {
    return text.search(ofPlane) >= 0
  }

  #tokenBehind(standIn: string): AddedToken | undefined {
    return this.#tokens[(standIn.codePointAt(0) ?? plane) - plane - 1]
  }

  #behind(standIn: string): string {
    return this.#tokenBehind(standIn)?.content ?? standIn
  }

  /** The text with what is behind its stand-ins. For an encoder that looks for no tokens. */
  restore(text: string): string {
    return text.replace(quotedPart, (standIn: string, kept: string | undefined) => kept ?? this.#behind(standIn))
  }

  /**
   * The same in pieces, none of which is a token that a message spelt: cut within each, so that an encoder which takes
   * every token that it sees sees none of these when it is given one piece after another.
   */
  pieces(text: string): string[] {
    const pieces = ['']
    const say = (more: string) => { pieces[pieces.length - 1] += more }
    let at = 0
    for (const match of text.matchAll(quotedPart)) {
      const [standIn, kept] = match
      say(text.slice(at, match.index) + (kept ?? ''))
      at = match.index + standIn.length
      if (kept !== undefined) continue
      const spelt = this.#behind(standIn)
      const [first = '', ...rest] = spelt
      // What stands around it is to be encoded with it. One character alone is no mark of a protocol either.
      if (rest.length === 0 || this.#tokenBehind(standIn)?.id === noToken) {
        say(spelt)
        continue
      }
      const within = this.#finder.find(rest.join('')).next().done !== true
      const parts = within ? [first, ...rest, ''] : [first, rest.join('')]
      say(parts[0] ?? '')
      for (const part of parts.slice(1)) pieces.push(part)
    }
    say(text.slice(at))
    return pieces.filter((piece) => piece !== '')
  }
}

const guarded = (text: string) => text.replace(ofPlane, (char) => literal + char)
