// Zip files written piece by piece, so that a run of any length fits. Pure but for the Blob.
import { Zip, ZipDeflate } from 'fflate'

interface ZipWriter {
  /** Begins the next file; the one before is closed. */
  file(name: string): void
  write(text: string): void
  /** Closes the archive. */
  end(): Blob
}

/** Between speed and size: texts of this kind shrink to a tenth at any level. */
const level = 4

export function zipWriter(): ZipWriter {
  const encoder = new TextEncoder()
  const parts: Uint8Array<ArrayBuffer>[] = []
  const failed: Error[] = []
  const zip = new Zip((error, data) => {
    if (error) failed.push(error)
    else parts.push(data)
  })
  let open: ZipDeflate | null = null
  const close = () => { open?.push(new Uint8Array(), true) }
  return {
    file(name) {
      close()
      open = new ZipDeflate(name, { level })
      zip.add(open)
    },
    write(text) {
      if (text !== '') open?.push(encoder.encode(text))
    },
    end() {
      close()
      zip.end()
      const [error] = failed
      if (error) throw error
      return new Blob(parts, { type: 'application/zip' })
    },
  }
}
