// A model of a folder or a file on the CPU of this process.
import { loadModel } from '../src/models/files/load-model.ts'
import { LocalModel } from '../src/models/local-model.ts'
import type { Runtime } from '../src/runtime/runtime.ts'
import type { Io } from './io.ts'
import { filesInFolder, modelName } from './model-folder.ts'
import { hashOf } from './model-hash.ts'

/** Bytes that a model may need. */
const limit = 64 * 2 ** 30

/**
 * The model without its programs, and the hash of its weights. Nobody but the model holds these, so that it can let go of them.
 * @param name as it is recorded; that of the folder or the file when left out. @throws what loadModel() throws
 */
export async function openModel(runtime: Runtime, place: string, io: Pick<Io, 'signal'>, name = modelName(place)): Promise<{ model: LocalModel; hash: string }> {
  const loaded = await loadModel(await filesInFolder(place), limit, undefined, io.signal)
  return { model: LocalModel.unloaded(runtime, name, loaded), hash: hashOf(loaded) }
}
