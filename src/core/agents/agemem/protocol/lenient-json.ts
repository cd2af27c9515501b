// Reads the JSON of a tool call as models write it: strictly where it is JSON, and else only in forms that have one
// reading. Says which forms those were. One pass, never throws; knows nothing of tags or of tools.
import { isObject } from '../../../is-object.ts'

/** Ways not to write JSON that have one reading all the same, in words. */
export const bentForms = {
  fence: 'a code fence around it',
  'trailing-comma': 'a comma before a closing bracket',
  literal: 'True, False or None in place of true, false or null',
  'single-quotes': 'single quotation marks in place of double ones',
  'bare-key': 'names without quotation marks',
  'raw-control': 'a line break or tab inside a text that is not written \\n or \\t',
  'missing-bracket': 'closing brackets missing at its end',
  'extra-bracket': 'too many closing brackets at its end',
} as const
type BentForm = keyof typeof bentForms

/** Why it could not be read; `cut`: it ends before it is whole. */
export type JsonProblem =
  | 'cut'
  | 'syntax'
  | 'unescaped-quote'
  | 'escape'
  | 'curly-quotes'
  | 'repeated-name'
  | 'number'
  | 'depth'
  | 'text-behind'

export type LenientJson =
  | {
      ok: true
      /** The values that stand one after another; JSON has one. */ values: unknown[]
      /** Offset just behind them. */ end: number
      bent: { form: BentForm; at: number }[]
    }
  | { ok: false; problem: JsonProblem; /** Offset of what cannot be read. */ at: number }

/** Arrays and objects in one another at most: what every consumer of a record can walk. */
export const maxDepth = 32

// Sticky: each is tried at the reader's place alone.
const space = /[ \t\n\r]*/y
const fenceStart = /```[a-z]*\s/y
const fenceEnd = /```/y
const letters = /[A-Za-z]+/y
const bareKey = /[A-Za-z_][A-Za-z0-9_]*/y
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const wordSign = /[\w.]/y
const plain = {
  // eslint-disable-next-line no-control-regex -- what JSON does not take as it is
  '"': /[^"\\\u0000-\u001f]+/y,
  // eslint-disable-next-line no-control-regex
  "'": /[^'\\\u0000-\u001f]+/y,
}

class Unreadable extends Error {
  readonly problem: JsonProblem
  readonly at: number
  constructor(problem: JsonProblem, at: number) {
    super(problem)
    this.problem = problem
    this.at = at
  }
}

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const literals: Readonly<Record<string, readonly [value: boolean | null, bent: boolean]>> = {
  true: [true, false],
  false: [false, false],
  null: [null, false],
  True: [true, true],
  False: [false, true],
  None: [null, true],
}

class Reader {
  readonly #text: string
  /** What ends the value without being part of it: the closing tag. */
  readonly #close: string
  at: number
  readonly bent: { form: BentForm; at: number }[] = []

  constructor(text: string, from: number, close: string) {
    this.#text = text
    this.#close = close
    this.at = from
  }

  note(form: BentForm): void {
    if (!this.bent.some((each) => each.form === form)) this.bent.push({ form, at: this.at })
  }

  /** The next sign that is no white space, '' at the end. */
  peek(): string {
    this.take(space)
    return this.#text[this.at] ?? ''
  }

  /** What the sticky pattern finds at this very place, and on behind it; null leaves the place. */
  take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.#text)?.[0] ?? null
    if (found !== null) this.at += found.length
    return found
  }

  get closes(): boolean {
    return this.#text.startsWith(this.#close, this.at)
  }

  fail(problem: JsonProblem = 'syntax'): never {
    const c = this.#text[this.at]
    throw new Unreadable(c === undefined ? 'cut' : c === '“' || c === '”' ? 'curly-quotes' : problem, this.at)
  }

  value(depth: number): unknown {
    if (depth > maxDepth) this.fail('depth')
    const c = this.peek()
    if (c === '{') return this.#object(depth)
    if (c === '[') return this.#array(depth)
    if (c === '"' || c === "'") return this.#string(c)
    if (c === '-' || (c >= '0' && c <= '9')) return this.#number()
    const word = this.take(letters)
    const literal = word !== null && Object.hasOwn(literals, word) ? literals[word] : undefined
    if (!literal) {
      this.at -= word?.length ?? 0
      this.fail()
    }
    if (literal[1]) this.note('literal')
    return literal[0]
  }

  /** Behind an item: true when another one follows, false when the container is closed. */
  #goesOn(closing: string, behindText: boolean): boolean {
    const c = this.peek()
    if (c === closing) {
      this.at++
      return false
    }
    if (c === ',') {
      this.at++
      if (this.peek() !== closing) return true
      this.note('trailing-comma')
      this.at++
      return false
    }
    if (this.closes) {
      this.note('missing-bracket')
      return false
    }
    this.fail(behindText && c !== '}' && c !== ']' ? 'unescaped-quote' : 'syntax')
  }

  #array(depth: number): unknown[] {
    this.at++
    const items: unknown[] = []
    if (this.peek() === ']') {
      this.at++
      return items
    }
    do items.push(this.value(depth + 1))
    while (this.#goesOn(']', typeof items.at(-1) === 'string'))
    return items
  }

  #object(depth: number): Record<string, unknown> {
    this.at++
    const entries = new Map<string, unknown>()
    if (this.peek() === '}') {
      this.at++
      return {}
    }
    let value: unknown
    do {
      const c = this.peek()
      const start = this.at
      let key: string
      if (c === '"' || c === "'") key = this.#string(c)
      else {
        const bare = this.take(bareKey)
        if (bare === null) this.fail()
        this.note('bare-key')
        key = bare
      }
      if (this.peek() !== ':') this.fail()
      this.at++
      // Of two values under one name one would be lost.
      if (entries.has(key)) {
        this.at = start
        this.fail('repeated-name')
      }
      value = this.value(depth + 1)
      entries.set(key, value)
    } while (this.#goesOn('}', typeof value === 'string'))
    // Not by assignment, which would take __proto__ for something else.
    return Object.fromEntries(entries)
  }

  #number(): number {
    const start = this.at
    const written = this.take(number)
    if (written === null || this.take(wordSign) !== null) {
      this.at = start
      this.fail()
    }
    const value = Number(written)
    if (!Number.isFinite(value) || (/^-?\d+$/.test(written) && !Number.isSafeInteger(value))) {
      this.at = start
      this.fail('number')
    }
    return value
  }

  #string(quote: '"' | "'"): string {
    if (quote === "'") this.note('single-quotes')
    this.at++
    const parts: string[] = []
    for (;;) {
      const run = this.take(plain[quote])
      if (run !== null) parts.push(run)
      const c = this.#text[this.at]
      if (c === undefined) this.fail('cut')
      if (c === quote) {
        this.at++
        // Half an emoji is no text: whoever encodes it next makes this of it.
        return parts.join('').replace(/\p{Surrogate}/gu, '\uFFFD')
      }
      if (c === '\\') parts.push(this.#escape(quote))
      else if (c === '\n' || c === '\r' || c === '\t') {
        this.note('raw-control')
        parts.push(c)
        this.at++
      } else this.fail()
    }
  }

  #escape(quote: string): string {
    const c = this.#text[this.at + 1]
    if (c === 'u') {
      const hex = this.#text.slice(this.at + 2, this.at + 6)
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) this.fail('escape')
      this.at += 6
      return String.fromCharCode(Number.parseInt(hex, 16))
    }
    const meant =
      c === "'" && quote === "'"
        ? "'"
        : c === undefined
          ? undefined
          : Object.hasOwn(escapes, c)
            ? escapes[c]
            : undefined
    if (meant === undefined) {
      if (c === undefined) this.at++
      this.fail('escape')
    }
    this.at += 2
    return meant
  }
}

/**
 * The values from `from` up to the closing tag, or to where they end. What follows them is not looked
 * at, unless it is another value or bracket. Linear in what it reads.
 */
export function readLenientJson(text: string, from: number, close: string): LenientJson {
  const reader = new Reader(text, from, close)
  const values: unknown[] = []
  try {
    reader.peek()
    const fence = reader.take(fenceStart)
    if (fence !== null) reader.note('fence')
    for (;;) {
      values.push(reader.value(1))
      const c = reader.peek()
      if (c === ',') {
        reader.at++
        reader.peek()
      } else if (c !== '{' && c !== '[') break
    }
    while (reader.peek() === ']' || reader.peek() === '}') {
      reader.note('extra-bracket')
      reader.at++
    }
    if (fence !== null) reader.take(fenceEnd)
    reader.peek()
    return { ok: true, values, end: reader.at, bent: reader.bent }
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problem: error.problem, at: error.at }
    throw error
  }
}

/** The object that a whole text is the JSON of; null when it is anything else. */
export function objectIn(text: string): Record<string, unknown> | null {
  const read = readLenientJson(text, 0, '\u0000')
  const whole = read.ok && read.values.length === 1 && read.end === text.length && read.bent.length === 0
  return whole && isObject(read.values[0]) ? read.values[0] : null
}
