// Lines of conversation as token ids: what a prompt adds to the last one is encoded, what was sampled stays as it was
// sampled. Generation and training both build their prompts here, so that they see the same ids. Knows no episode.
import type { ChatMessage, GenerateRequest } from './policy.ts'
import type { ChatEncoder } from './trainable.ts'

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

/** The threads that a model is asked to go on with, by their names. */
export class PromptThreads {
  readonly #encoder: ChatEncoder
  readonly #kept: number
  readonly #threads = new Map<string, PromptThread>()

  /** @param kept threads that are remembered; those that rested longest are forgotten first */
  constructor(encoder: ChatEncoder, kept: number) {
    this.#encoder = encoder
    this.#kept = kept
  }

  /** Ids of the conversation; those of the thread's earlier replies as they were sampled. */
  prompt({ conversation, thread: name, aside }: Pick<GenerateRequest, 'conversation' | 'thread' | 'aside'>): number[] {
    if (aside) return new PromptThread(this.#encoder).extend(conversation)
    const begins = conversation.every(({ role }) => role !== 'assistant')
    const thread = (begins ? null : this.#threads.get(name)) ?? new PromptThread(this.#encoder)
    // The newest last.
    this.#threads.delete(name)
    this.#threads.set(name, thread)
    for (const oldest of this.#threads.keys()) {
      if (this.#threads.size <= this.#kept) break
      this.#threads.delete(oldest)
    }
    return thread.extend(conversation)
  }

  /** Notes what was sampled for a request, as PromptThread.reply() does. */
  reply({ thread, aside }: Pick<GenerateRequest, 'thread' | 'aside'>, ids: readonly number[], text: string): void {
    if (!aside) this.#threads.get(thread)?.reply(ids, text)
  }
}
