// Fills a long-term memory with facts of the made-up world and searches it, in a worker as in the playground.
import { HashEmbedder } from '../../src/core/memory/hash-embedder.ts'
import { InMemoryStore } from '../../src/core/memory/in-memory-store.ts'
import type { MemoryMetadata, MemoryStore } from '../../src/core/memory/store.ts'
import { createRandom } from '../../src/core/random.ts'
import { defaultDifficulty, worldTask } from '../../src/core/environments/question/sources/world.ts'
import { openStorage } from '../../src/storage/storage.ts'
import type { SearchReply, SearchRequest, SearchResult } from './messages.ts'
import { messageOf } from '../../src/core/error-message.ts'

const metadata: MemoryMetadata = { created: 0, updated: 0, source_step: null, tags: [], type: 'fact', extra: {} }

/** So many different facts. */
function facts(count: number): string[] {
  const texts = new Set<string>()
  for (let index = 0; texts.size < count; index++) {
    for (const fact of worldTask({ seed: 1, index, split: 'train', difficulty: defaultDifficulty }).facts) if (texts.size < count) texts.add(fact.text)
  }
  return [...texts]
}

async function measure({ store: kind, entries, searches }: SearchRequest): Promise<SearchResult> {
  const embedder = new HashEmbedder()
  const storage = kind === 'disk' ? openStorage({ name: 'agemem-search-benchmark', embedder }) : null
  const store: MemoryStore = storage?.store ?? new InMemoryStore(embedder)
  const texts = facts(entries)
  const begun = performance.now()
  for (const text of texts) await store.add('s', text, metadata)
  const filling = performance.now() - begun

  const random = createRandom(1)
  const times: number[] = []
  let found = 0
  const warmUps = 10
  for (let search = -warmUps; search < searches; search++) {
    const wanted = random.pick(texts)
    // Words are left out, as somebody who searches does.
    const query = wanted.split(' ').slice(1).join(' ')
    const start = performance.now()
    const hits = await store.search('s', query, { topK: 5 })
    if (search < 0) continue
    times.push(performance.now() - start)
    if (hits[0]?.content === wanted) found++
  }
  const durable = storage !== null && (await storage.status()).kind === 'durable'
  await storage?.close()
  return { times, filling, found: found / searches, durable }
}

addEventListener('message', ({ data }: MessageEvent<SearchRequest>) => {
  const send = (reply: SearchReply) => { postMessage(reply) }
  measure(data).then(
    (result) => { send({ result }) },
    (error: unknown) => { send({ error: messageOf(error) }) },
  )
})
