// Reads a grammar in EBNF, for tests: says whether it admits a text, and makes texts that it admits. An independent
// reading of the notation, so that a grammar is not checked by what wrote it.
import type { Random } from '../../../random.ts'

type Node =
  | { kind: 'text'; text: string }
  | { kind: 'class'; not: boolean; ranges: [number, number][] }
  | { kind: 'rule'; name: string }
  | { kind: 'sequence'; items: Node[] }
  | { kind: 'choice'; items: Node[] }
  | { kind: 'repeat'; item: Node; least: 0 | 1; most: 1 | null }

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t' }

class Reader {
  #at = 0
  readonly #source: string
  constructor(source: string) {
    this.#source = source
  }

  #space(): void {
    while (this.#source[this.#at] === ' ') this.#at++
  }

  #char(): string {
    const c = this.#source[this.#at++]
    if (c === undefined) throw new Error(`The rule ends too early: ${this.#source}`)
    if (c !== '\\') return c
    const e = this.#source[this.#at++] ?? ''
    const digits = e === 'x' ? 2 : e === 'u' ? 4 : 0
    if (digits === 0) return escapes[e] ?? e
    const code = parseInt(this.#source.slice(this.#at, this.#at + digits), 16)
    this.#at += digits
    return String.fromCharCode(code)
  }

  choice(): Node {
    const items = [this.#sequence()]
    this.#space()
    while (this.#source[this.#at] === '|') {
      this.#at++
      items.push(this.#sequence())
      this.#space()
    }
    return { kind: 'choice', items }
  }

  #sequence(): Node {
    const items: Node[] = []
    for (;;) {
      this.#space()
      const c = this.#source[this.#at]
      if (c === undefined || c === '|' || c === ')') return { kind: 'sequence', items }
      const item = this.#item(c)
      const mark = this.#source[this.#at]
      if (mark === '*' || mark === '?') {
        this.#at++
        items.push({ kind: 'repeat', item, least: 0, most: mark === '?' ? 1 : null })
      } else items.push(item)
    }
  }

  #item(first: string): Node {
    if (first === '(') {
      this.#at++
      const inner = this.choice()
      if (this.#source[this.#at++] !== ')') throw new Error(`A bracket is open: ${this.#source}`)
      return inner
    }
    if (first === '"') {
      this.#at++
      let text = ''
      while (this.#source[this.#at] !== '"') text += this.#char()
      this.#at++
      return { kind: 'text', text }
    }
    if (first === '[') {
      this.#at++
      const not = this.#source[this.#at] === '^'
      if (not) this.#at++
      const ranges: [number, number][] = []
      while (this.#source[this.#at] !== ']') {
        const from = this.#char().charCodeAt(0)
        const isRange = this.#source[this.#at] === '-'
        if (isRange) this.#at++
        ranges.push([from, isRange ? this.#char().charCodeAt(0) : from])
      }
      this.#at++
      return { kind: 'class', not, ranges }
    }
    const name = /^[a-z-]+/.exec(this.#source.slice(this.#at))?.[0]
    if (!name) throw new Error(`Not understood: ${this.#source.slice(this.#at)}`)
    this.#at += name.length
    return { kind: 'rule', name }
  }
}

export class Ebnf {
  readonly #rules: ReadonlyMap<string, Node>

  constructor(grammar: string) {
    this.#rules = new Map(
      grammar.trimEnd().split('\n').map((line) => {
        const [name = '', body = ''] = line.split(/ ::= (.*)/)
        return [name, new Reader(body).choice()]
      }),
    )
  }

  #rule(name: string): Node {
    const rule = this.#rules.get(name)
    if (!rule) throw new Error(`There is no rule ${name}.`)
    return rule
  }

  accepts(text: string): boolean {
    return this.#ends({ kind: 'rule', name: 'root' }, text, new Set([0])).has(text.length)
  }

  /** Where a match that begins at one of `from` can end. */
  #ends(node: Node, text: string, from: ReadonlySet<number>): Set<number> {
    switch (node.kind) {
      case 'text':
        return new Set([...from].filter((at) => text.startsWith(node.text, at)).map((at) => at + node.text.length))
      case 'class':
        return new Set([...from].filter((at) => at < text.length && inClass(node, text.charCodeAt(at))).map((at) => at + 1))
      case 'rule':
        return from.size === 0 ? new Set() : this.#ends(this.#rule(node.name), text, from)
      case 'sequence':
        return node.items.reduce<Set<number>>((ends, item) => this.#ends(item, text, ends), new Set(from))
      case 'choice':
        return new Set(node.items.flatMap((item) => [...this.#ends(item, text, from)]))
      case 'repeat': {
        const all = new Set(from)
        let fresh: ReadonlySet<number> = from
        for (let n = 0; (node.most === null || n < node.most) && fresh.size > 0; n++) {
          fresh = new Set([...this.#ends(node.item, text, fresh)].filter((at) => !all.has(at)))
          for (const at of fresh) all.add(at)
        }
        return all
      }
    }
  }

  /** A text that the grammar admits. @param depth beyond it, optional parts are left out and the last alternative is taken */
  sentence(random: Random, depth = 14): string {
    return this.#say({ kind: 'rule', name: 'root' }, random, depth)
  }

  #say(node: Node, random: Random, depth: number): string {
    switch (node.kind) {
      case 'text':
        return node.text
      case 'class':
        return sayClass(node, random)
      case 'rule':
        return this.#say(this.#rule(node.name), random, depth - 1)
      case 'sequence':
        return node.items.map((item) => this.#say(item, random, depth)).join('')
      case 'choice': {
        const last = node.items.at(-1)
        return this.#say(depth > 0 || !last ? random.pick(node.items) : last, random, depth)
      }
      case 'repeat': {
        const most = depth <= 0 ? 0 : (node.most ?? 4)
        return Array.from({ length: random.int(most + 1) }, () => this.#say(node.item, random, depth)).join('')
      }
    }
  }
}

const inClass = ({ not, ranges }: { not: boolean; ranges: [number, number][] }, code: number) => ranges.some(([from, to]) => code >= from && code <= to) !== not

/** Half of the time a character that such texts turn on. */
function sayClass(node: { kind: 'class'; not: boolean; ranges: [number, number][] }, random: Random): string {
  for (;;) {
    const [from, to] = node.not ? [0, 0x2fff] : random.pick(node.ranges)
    const code = random.chance(0.5) ? from + random.int(to - from + 1) : ' "<>/|\\[]{}:,tn\n'.charCodeAt(random.int(16))
    if (inClass(node, code)) return String.fromCharCode(code)
  }
}
