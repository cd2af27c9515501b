// Which of the page's own things dropped files are: a look at the names in a zip says.
import type { DroppedKind } from '../../rpc/contracts.ts'
import { configName, modelName } from './peft-zip.ts'
import { baseName, looksLikeZip, zipEntries } from './unzip.ts'

/** null: neither a run nor an adapter. @throws ZipError when it is a damaged zip */
export async function kindOfDropped(files: readonly File[]): Promise<DroppedKind | null> {
  if (files.some(({ name }) => name === configName) && files.some(({ name }) => name === modelName)) return 'adapter'
  const [file] = files
  if (!file || !looksLikeZip(new Uint8Array(await file.slice(0, 2).arrayBuffer()))) return null
  const names = new Set((await zipEntries(file)).map(({ path }) => baseName(path)))
  // A run that was packed for another engine has run.json, too, and an adapter, but no steps.
  if (names.has('run.json') && names.has('steps.jsonl')) return 'run'
  return names.has(modelName) ? 'adapter' : null
}
