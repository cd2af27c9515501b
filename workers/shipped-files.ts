// The run that comes with the page, read from its files: the list of it first, the rest when it is looked at. What did not
// come is asked for again the next time.
import { mustFit } from '../src/core/fit.ts'
import { InMemoryRuns } from '../src/core/training/in-memory-runs.ts'
import { shippedFiles, shippedIndexSchema, shippedRunKey } from '../src/core/training/shipped-run.ts'
import { importRun } from '../src/lab/import-run.ts'
import { readSafetensors, toFloat32 } from '../src/models/files/safetensors.ts'
import type { ShippedRun } from '../src/storage/shipped-runs.ts'

/** Keeps what came, and forgets what failed. */
function once<T>(get: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | null = null
  return () => {
    kept ??= get().catch((error: unknown) => {
      kept = null
      throw error
    })
    return kept
  }
}

/** @param read gives a file of the folder that the run lies in @throws Error when there is none */
export function shippedFrom(read: (name: string) => Promise<Blob>): ShippedRun {
  return {
    index: once(async () => mustFit(shippedIndexSchema, JSON.parse(await (await read(shippedFiles.index)).text()))),
    history: once(async () => {
      const runs = new InMemoryRuns()
      await importRun(runs, await read(shippedFiles.run), shippedRunKey, () => undefined)
      return runs
    }),
    async adapter(step) {
      const file = await read(shippedFiles.adapter(step))
      const { tensors } = readSafetensors(new Uint8Array(await file.arrayBuffer()))
      const parameters = new Map([...tensors].map(([name, tensor]) => [name, toFloat32(tensor)]))
      return { step, parameters, first: new Map(), second: new Map() }
    },
  }
}
