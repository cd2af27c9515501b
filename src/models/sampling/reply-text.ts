// The text of a reply while its tokens come: cut where a stop string ends, told piece by piece.
import type { TextStream, Tokenizer } from '../files/tokenizer.ts'

/** Vocabularies up to this size are searched for tokens that hold a stop string. */
const searchable = 32_768

/** Ids of tokens that end a reply because a stop string stands in them. */
export function stopIdsOf(tokenizer: Tokenizer, stop: readonly string[]): number[] {
  if (tokenizer.size > searchable) {
    return stop.flatMap((text) => {
      const ids = tokenizer.encode(text)
      return ids.length === 1 ? ids : []
    })
  }
  return Array.from({ length: tokenizer.size }, (_, id) => id).filter((id) => {
    const text = tokenizer.decode([id])
    return stop.some((each) => text.includes(each))
  })
}

export class ReplyText {
  readonly #stream: TextStream
  readonly #stop: readonly string[]
  readonly #tell: (text: string) => void
  #text = ''
  /** Tokens up to the stop string, or all. */
  #length = 0
  #stopped = false

  /** @param tell gets each piece of text as it is whole */
  constructor(tokenizer: Tokenizer, stop: readonly string[], tell: (text: string) => void) {
    this.#stream = tokenizer.stream()
    this.#stop = stop
    this.#tell = tell
  }

  get text(): string {
    return this.#text
  }

  /** A stop string has come; what follows is ignored. */
  get stopped(): boolean {
    return this.#stopped
  }

  push(ids: readonly number[]): void {
    const before = this.#text.length
    for (const id of ids) {
      if (this.#stopped) break
      this.#length++
      this.#add(this.#stream.push([id]))
    }
    if (this.#text.length > before) this.#tell(this.#text.slice(before))
  }

  #add(piece: string): void {
    if (piece === '') return
    // A stop string may have begun in an earlier piece.
    const from = Math.max(0, this.#text.length - Math.max(0, ...this.#stop.map((each) => each.length)))
    this.#text += piece
    const ends = this.#stop.flatMap((each) => {
      const at = this.#text.indexOf(each, from)
      return at < 0 ? [] : [at + each.length]
    })
    if (ends.length === 0) return
    this.#text = this.#text.slice(0, Math.min(...ends))
    this.#stopped = true
  }

  /** The reply is over. @returns how many of its tokens belong to it */
  end(): number {
    if (!this.#stopped) {
      const rest = this.#stream.end()
      if (rest !== '') {
        this.#text += rest
        this.#tell(rest)
      }
    }
    return this.#length
  }
}
