// Serves the long-term memories, the recorded episodes and training runs, on every port it is sent; with them the run that
// comes with the page.
import { HashEmbedder } from '../src/core/memory/hash-embedder.ts'
import type { MemoryApi } from '../src/rpc/contracts.ts'
import { serve } from '../src/rpc/ports.ts'
import { shippedRunKey } from '../src/core/training/shipped-run.ts'
import { RunsWithShipped } from '../src/storage/shipped-runs.ts'
import { databaseName, openStorage } from '../src/storage/storage.ts'
import { shippedFrom } from './shipped-files.ts'

const embedder = new HashEmbedder()
const { store, archive, runs: own, data, comparisons, experiments, status, watchStatus, reconnect } = openStorage({ name: databaseName, embedder })

/** Beside the folder that workers lie in, built or not. */
const folder = new URL('../runs/', self.location.href)
const shipped = shippedFrom(async (name) => {
  const response = await fetch(new URL(name, folder))
  if (!response.ok) throw new Error(`${name} did not come: ${response.status}.`)
  return response.blob()
})
const runs = new RunsWithShipped(own, shippedRunKey, shipped)

serve<MemoryApi>({ store, archive, runs, data, comparisons, experiments, status, watchStatus, reconnect })
