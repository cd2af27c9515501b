// A model's files in a folder on disk.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelFilesError, type ModelFiles } from '../src/models/model-files.ts'

/** @throws ModelFilesError from read() when a file is there and cannot be read */
export function filesInFolder(folder: string): ModelFiles {
  return {
    place: folder,
    async read(name, { onBytes } = {}) {
      try {
        const bytes = new Uint8Array(await readFile(join(folder, name)))
        onBytes?.(bytes.length, bytes.length)
        return bytes
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
        throw new ModelFilesError(`${join(folder, name)} cannot be read: ${error instanceof Error ? error.message : String(error)}.`, { cause: error })
      }
    },
  }
}
