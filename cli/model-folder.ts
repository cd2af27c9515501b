// A model's files on disk: a folder in Hugging Face form, or one GGUF file.
import { openAsBlob } from 'node:fs'
import { open, readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { blobReader, checkSize, ModelFilesError, type ModelFiles } from '../src/models/files/model-files.ts'
import { messageOf } from '../src/core/error-message.ts'

/** What a model is called: its folder, or its file without the ending. */
export const modelName = (path: string): string => basename(resolve(path)).replace(/\.gguf$/i, '')

/** @param path of the folder, or of the file. @throws ModelFilesError from read(), head() and open() when a file is there and cannot be read */
export async function filesInFolder(path: string): Promise<ModelFiles> {
  const single = /\.gguf$/i.test(path) && (await stat(path).catch(() => null))?.isFile() === true
  const folder = single ? dirname(path) : path
  const guarded = async <T>(name: string, job: (path: string) => Promise<T>): Promise<T | null> => {
    const path = join(folder, name)
    try {
      return await job(path)
    } catch (error) {
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null
      if (error instanceof ModelFilesError) throw error
      throw new ModelFilesError(`${path} cannot be read: ${messageOf(error)}.`, { cause: error })
    }
  }
  return {
    place: folder,
    names: single ? [basename(path)] : await readdir(folder).catch(() => []),
    read: (name, { onBytes, limit } = {}) =>
      guarded(name, async (path) => {
        checkSize(name, (await stat(path)).size, limit)
        const bytes = new Uint8Array(await readFile(path))
        onBytes?.(bytes.length, bytes.length)
        return bytes
      }),
    open: (name, options) => guarded(name, async (path) => blobReader(await openAsBlob(path), options)),
    head: (name, bytes) =>
      guarded(name, async (path) => {
        const file = await open(path)
        try {
          const buffer = new Uint8Array(bytes)
          const { bytesRead } = await file.read(buffer, 0, bytes, 0)
          return buffer.subarray(0, bytesRead)
        } finally {
          await file.close()
        }
      }),
  }
}
