// Serves the long-term memories, the contexts of open episodes, the recorded episodes and training runs, on every port
// it is sent.
import { HashEmbedder } from '../src/core/memory/hash-embedder.ts'
import { LocalEpisodeMemory } from '../src/core/memory/local-episode-memory.ts'
import type { MemoryApi } from '../src/rpc/contracts.ts'
import { serve } from '../src/rpc/ports.ts'
import { databaseName, openStorage } from '../src/storage/storage.ts'

const embedder = new HashEmbedder()
const { store, archive, runs, status, watchStatus, reconnect } = openStorage({ name: databaseName, embedder })
const episodes = new LocalEpisodeMemory(store, embedder)

serve<MemoryApi>({ episodes, store, archive, runs, status, watchStatus, reconnect })
