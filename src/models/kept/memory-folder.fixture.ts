// A folder in memory that behaves as a browser's private files do, for tests: with a disk that can be full, and a tab
// that can be lost at any byte.
import { FileElsewhereError, type Folder, type OpenFile } from './folder.ts'

class Bytes {
  content = new Uint8Array(0)
  locked = false
}

export class MemoryFolder implements Folder {
  readonly #files = new Map<string, Bytes>()
  readonly #folders = new Map<string, MemoryFolder>()
  /** Bytes that the disk still takes. */
  readonly disk: { room: number }
  constructor(disk = { room: Infinity }) {
    this.disk = disk
  }

  folder(name: string): Promise<MemoryFolder> {
    const there = this.#folders.get(name) ?? new MemoryFolder(this.disk)
    this.#folders.set(name, there)
    return Promise.resolve(there)
  }

  folders(): Promise<string[]> {
    return Promise.resolve([...this.#folders.keys()].sort())
  }

  open(name: string): Promise<OpenFile> {
    const bytes = this.#files.get(name) ?? new Bytes()
    this.#files.set(name, bytes)
    if (bytes.locked) return Promise.reject(new FileElsewhereError('locked'))
    bytes.locked = true
    const { disk } = this
    return Promise.resolve({
      getSize: () => bytes.content.length,
      read(into, { at }) {
        const part = bytes.content.subarray(at, at + into.length)
        into.set(part)
        return part.length
      },
      write(given, { at }) {
        const part = given.subarray(0, Math.min(given.length, disk.room))
        disk.room -= part.length
        const grown = new Uint8Array(Math.max(bytes.content.length, at + part.length))
        grown.set(bytes.content)
        grown.set(part, at)
        bytes.content = grown
        return part.length
      },
      truncate(size) {
        disk.room += Math.max(0, bytes.content.length - size)
        const cut = new Uint8Array(size)
        cut.set(bytes.content.subarray(0, size))
        bytes.content = cut
      },
      flush: () => undefined,
      close() {
        bytes.locked = false
      },
    })
  }

  file(name: string): Promise<File | null> {
    const bytes = this.#files.get(name)
    return Promise.resolve(bytes ? new File([bytes.content], name) : null)
  }

  remove(name: string): Promise<void> {
    this.#files.delete(name)
    this.#folders.delete(name)
    return Promise.resolve()
  }

  /** Its tab is gone: nothing of it is open any more. */
  lose(): void {
    for (const file of this.#files.values()) file.locked = false
    for (const folder of this.#folders.values()) folder.lose()
  }

  /** Changes a byte behind everybody's back. */
  damage(name: string, at: number): void {
    const content = this.#files.get(name)?.content
    if (content) content[at] = (content[at] ?? 0) ^ 1
  }
}
