// One line of conversation as token ids: what a prompt adds to the last one is encoded, what was sampled stays as it was
// sampled. Generation and training both build their prompts with it, so that they see the same ids. Knows no episode.
import type { ChatEncoder } from '../policy/trainable.ts'
import type { ChatMessage } from '../policy/policy.ts'

export class PromptThread {
  readonly #encoder: ChatEncoder
  /** The chat text that the ids stand for. */
  #text = ''
  #ids: readonly number[] = []
  #begun = 0

  constructor(encoder: ChatEncoder) {
    this.#encoder = encoder
  }

  /** How often a prompt did not go on where the thread stood, so that it began anew; the first prompt included. */
  get begun(): number {
    return this.#begun
  }

  /** The prompt's ids, a copy. Goes on from the last prompt and reply where the conversation extends them, else begins anew. */
  extend(conversation: readonly ChatMessage[]): number[] {
    const chat = this.#encoder.chat(conversation)
    if (this.#begun === 0 || !chat.startsWith(this.#text)) {
      this.#text = ''
      this.#ids = []
      this.#begun++
    }
    const added = chat.slice(this.#text.length)
    if (added !== '') this.#ids = [...this.#ids, ...this.#encoder.encode(added)]
    this.#text = chat
    return [...this.#ids]
  }

  /**
   * Notes what was sampled after the last prompt.
   * @param ids as they were sampled, the one that ended the reply included
   * @param text the reply as it stands in the conversation; an end is a mark of the template's and no part of it
   */
  reply(ids: readonly number[], text: string): void {
    this.#ids = [...this.#ids, ...ids]
    const last = ids.at(-1)
    this.#text += this.#encoder.reply(text) + (last === undefined ? '' : (this.#encoder.ends.get(last) ?? ''))
  }
}
