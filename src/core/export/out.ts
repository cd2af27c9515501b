// Where files on their way out go, one after the other, so that one of any length fits: into a zip, or a list in tests.
import { Zip, ZipDeflate } from 'fflate'
import type { ExportFile } from './files.ts'

export interface Out {
  /** Begins the next file; the one before is closed. */
  file(path: string): void
  write(content: string | Uint8Array): void
}

/** Between speed and size: texts of this kind shrink to a tenth at any level. */
const level = 4

/** A zip, in parts. */
export function zipOut(): Out & { /** Closes the archive. @throws Error of the packer */ end(): Uint8Array<ArrayBuffer>[] } {
  const encoder = new TextEncoder()
  const parts: Uint8Array<ArrayBuffer>[] = []
  const failed: Error[] = []
  const zip = new Zip((error, data) => {
    if (error) failed.push(error)
    else parts.push(data)
  })
  let open: ZipDeflate | null = null
  const close = () => open?.push(new Uint8Array(), true)
  return {
    file(path) {
      close()
      zip.add((open = new ZipDeflate(path, { level })))
    },
    write(content) {
      const bytes = typeof content === 'string' ? encoder.encode(content) : content
      if (bytes.length > 0) open?.push(bytes)
    },
    end() {
      close()
      zip.end()
      const [error] = failed
      if (error) throw error
      return parts
    },
  }
}

/** A folder of files as a zip, in parts. */
export function zipOfFiles(files: readonly ExportFile[]): Uint8Array<ArrayBuffer>[] {
  const out = zipOut()
  for (const { path, content } of files) {
    out.file(path)
    out.write(content)
  }
  return out.end()
}
