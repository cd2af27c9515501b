// Serves the long-term memories, the recorded episodes and training runs, on every port it is sent.
import { HashEmbedder } from '../src/core/memory/hash-embedder.ts'
import type { MemoryApi } from '../src/rpc/contracts.ts'
import { serve } from '../src/rpc/ports.ts'
import { databaseName, openStorage } from '../src/storage/storage.ts'

const embedder = new HashEmbedder()
const { store, archive, runs, data, status, watchStatus, reconnect } = openStorage({ name: databaseName, embedder })

serve<MemoryApi>({ store, archive, runs, data, status, watchStatus, reconnect })
