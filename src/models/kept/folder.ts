// A folder of the origin's private file system (OPFS), as far as weights need it. In a browser's worker: writes go to the
// disk where they are made, without a copy of the file in memory. Tests have folders of their own.

/** An open file that nobody else can open to write. All of it is synchronous. */
export interface OpenFile {
  getSize(): number
  /** @returns bytes read */
  read(into: Uint8Array, options: { at: number }): number
  /** @returns bytes written: fewer where the disk is full. @throws QuotaExceededError */
  write(bytes: Uint8Array, options: { at: number }): number
  truncate(size: number): void
  /** What was written is on the disk when this returns. */
  flush(): void
  close(): void
}

export interface Folder {
  /** A folder in it, made when there is none. */
  folder(name: string): Promise<Folder>
  folders(): Promise<string[]>
  /** Opens a file to write, made when there is none. @throws FileElsewhereError while another tab has it open */
  open(name: string): Promise<OpenFile>
  /** A file to read; null when there is none. */
  file(name: string): Promise<File | null>
  /** With all that is in it; nothing happens when there is none. */
  remove(name: string): Promise<void>
}

/** Another tab has the file open. */
export class FileElsewhereError extends Error {
  override readonly name = 'FileElsewhereError'
}

/** The browser keeps no files for pages, or not for this one. */
export class NoFilesError extends Error {
  override readonly name = 'NoFilesError'
}

/** What TypeScript's list of a page's objects lacks: it stands in that of workers. */
interface SyncFile {
  createSyncAccessHandle(): Promise<OpenFile>
}

const isSyncFile = (handle: object): handle is SyncFile => 'createSyncAccessHandle' in handle

const named = (error: unknown, ...names: string[]) => error instanceof DOMException && names.includes(error.name)

const orNull = (error: unknown): null => {
  if (named(error, 'NotFoundError')) return null
  throw error
}

function folderOf(handle: FileSystemDirectoryHandle): Folder {
  return {
    folder: async (name) => folderOf(await handle.getDirectoryHandle(name, { create: true })),
    async folders() {
      const names: string[] = []
      for await (const [name, each] of handle.entries()) if (each.kind === 'directory') names.push(name)
      return names.sort()
    },
    async open(name) {
      const file = await handle.getFileHandle(name, { create: true })
      if (!isSyncFile(file)) throw new NoFilesError('This browser lets workers write no files.')
      try {
        return await file.createSyncAccessHandle()
      } catch (error) {
        // Browsers name a lock that is held in two ways.
        if (named(error, 'NoModificationAllowedError', 'InvalidStateError')) throw new FileElsewhereError('Another tab has this file open.', { cause: error })
        throw error
      }
    },
    async file(name) {
      const file = await handle.getFileHandle(name).catch(orNull)
      return file && (await file.getFile().catch(orNull))
    },
    async remove(name) {
      await handle.removeEntry(name, { recursive: true }).catch(orNull)
    },
  }
}

/** The folder of this project's weights in the browser. @throws NoFilesError */
export async function weightsFolder(storage: StorageManager | undefined): Promise<Folder> {
  let root: FileSystemDirectoryHandle
  try {
    if (!storage) throw new NoFilesError('Pages that came over plain http keep no files.')
    root = await storage.getDirectory()
  } catch (error) {
    // Private windows of some browsers refuse here.
    throw error instanceof NoFilesError ? error : new NoFilesError('This browser keeps no files for this page, as in a private window.', { cause: error })
  }
  return folderOf(root).folder('weights')
}
