// A memory that holds something from the beginning: what an agent can do with facts that it need not have stored.
import type { HashEmbedder } from './hash-embedder.ts'
import type { InMemoryStore } from './in-memory-store.ts'
import { LocalEpisodeMemory } from './local-episode-memory.ts'

export class InformedMemory extends LocalEpisodeMemory {
  readonly #given: ReadonlyMap<string, readonly string[]>
  readonly #store: InMemoryStore

  /** @param given contents by the key of the episode; nothing for those that are not there */
  constructor(store: InMemoryStore, embedder: HashEmbedder, given: ReadonlyMap<string, readonly string[]>) {
    super(store, embedder)
    this.#store = store
    this.#given = given
  }

  override async open(...args: Parameters<LocalEpisodeMemory['open']>): ReturnType<LocalEpisodeMemory['open']> {
    const opened = await super.open(...args)
    const [episode] = args
    for (const content of this.#given.get(episode) ?? []) {
      await this.#store.add(episode, content, { created: 0, updated: 0, source_step: null, tags: [], type: null, extra: {} })
    }
    return opened
  }
}
