// Entry of the model worker: one language model, on the CPU or on the graphics card, whichever is faster with it. As a
// replica (src/lab/models.ts) on one thread of the CPU.
import { knownInstructions } from '../src/models/kept/instructions.ts'
import { weightsFolder } from '../src/models/kept/folder.ts'
import { wholeFiles } from '../src/models/kept/kept-models.ts'
import { ModelServer, type Place } from '../src/models/model-server.ts'
import { placeModel } from '../src/models/place-model.ts'
import type { ModelApi } from '../src/rpc/contracts.ts'
import { serve } from '../src/rpc/ports.ts'
import { createWasmRuntime } from '../src/runtime/wasm.ts'

const alone = placeModel({
  wasm: () => createWasmRuntime(),
  // Loaded when it is needed: 27 MB that most never do.
  webgpu: async () => (await import('../src/runtime/webgpu.ts')).createWebGpuRuntime(),
})
const asReplica: Place = () => {
  const runtime = createWasmRuntime(1)
  return Promise.resolve({ runtime, measured: [] })
}
/** Bytes that the tab may take with a model: a wasm heap ends at 4 GiB, and most of what a model takes lies in it. */
const limit = 4 * 2 ** 30

const kept = async (key: string) => wholeFiles(await weightsFolder(navigator.storage), key)

// A built program's name has its hash: another one computes its own. While somebody works on the page names stay the same.
const instructions = { known: knownInstructions(() => weightsFolder(navigator.storage)), program: self.location.pathname }
const keeps = self.name !== 'replica' && import.meta.env.PROD

serve<ModelApi>(new ModelServer({ place: self.name === 'replica' ? asReplica : alone, limit, kept, ...(keeps ? { instructions } : {}), now: () => performance.now() }))
