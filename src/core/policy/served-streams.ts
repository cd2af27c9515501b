// Streams that another thread opens, asks, stops and closes, each by a name that it gave it. Knows no port.
import { AbortError, type Answered, type Asked, type Policy, type ReplyStream, type StreamOptions } from './policy.ts'

/** As they can be copied to another thread. `model`: the name of the one that is meant, where another may have come in its place. */
export type ServedOptions = Omit<StreamOptions, 'signal' | 'onText'> & { model?: string }

export type OnText = (place: number, text: string) => void

class ServedStream {
  readonly stop = new AbortController()
  #opened: { policy: Policy; stream: ReplyStream } | null = null
  #tell: OnText | null = null

  /** @param policy the one that is there now @throws Error when the stream began with another one */
  async serve(
    policy: Policy,
    asked: readonly Asked[],
    options: ServedOptions,
    onText: OnText | null,
  ): Promise<Answered[]> {
    const { signal } = this.stop
    if (signal.aborted) throw new AbortError()
    const { model, ...own } = options
    if (model !== undefined && policy.name !== model) throw new Error(`Another model was loaded in place of ${model}. Run it once more.`)
    this.#tell = onText
    this.#opened ??= {
      policy,
      stream: policy.open({ ...own, signal, onText: onText ? (...said) => this.#tell?.(...said) : undefined }),
    }
    if (this.#opened.policy !== policy) throw new Error('Another model was loaded while this one was answering.')
    return this.#opened.stream.serve(asked)
  }

  async close(): Promise<void> {
    await this.#opened?.stream.close()
  }
}

export class ServedStreams {
  readonly #streams = new Map<string, ServedStream>()

  /** The stream of this name, which is there from now on until it is closed: abort() ends it also while it waits. */
  named(name: string): ServedStream {
    const stream = this.#streams.get(name) ?? new ServedStream()
    this.#streams.set(name, stream)
    return stream
  }

  /** Nobody has one open. */
  get isEmpty(): boolean {
    return this.#streams.size === 0
  }

  /** Ends what is under way before its next token. */
  abort(name: string): void {
    this.#streams.get(name)?.stop.abort()
  }

  async close(name: string): Promise<void> {
    const stream = this.#streams.get(name)
    this.#streams.delete(name)
    await stream?.close()
  }

  /** Closes what is open; who goes on with one of them is told that its model is gone. */
  async closeAll(): Promise<void> {
    for (const stream of this.#streams.values()) await stream.close()
  }
}
