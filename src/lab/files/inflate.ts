// Bytes of a file piece by piece, packed ones unpacked on the way. Holds a piece at a time, however large the file is or
// pretends to be: whoever asks for the pieces decides when it is enough.

export type Bytes = Uint8Array<ArrayBuffer>

export class PackedFileError extends Error {
  override readonly name = 'PackedFileError'
}

/** Deflate makes up to a thousand bytes of one: what a piece unpacks to stays below 64 MB. */
const packedPiece = 1 << 16
const plainPiece = 1 << 18

/** The bytes of a blob as they are. @param onBytes hears how many have been read */
export async function* plain(
  file: Blob,
  onBytes: (read: number) => void = () => undefined,
  size = plainPiece,
): AsyncGenerator<Bytes> {
  for (let at = 0; at < file.size; at += size) {
    yield new Uint8Array(await file.slice(at, at + size).arrayBuffer())
    onBytes(Math.min(file.size, at + size))
  }
}

/** The bytes that the blob unpacks to. @throws PackedFileError when it is damaged */
export async function* inflated(
  file: Blob,
  format: 'gzip' | 'deflate-raw',
  onBytes?: (read: number) => void,
): AsyncGenerator<Bytes> {
  const stream = new DecompressionStream(format)
  const writer = stream.writable.getWriter()
  const reader = stream.readable.getReader()
  const feed = async () => {
    for await (const piece of plain(file, onBytes, packedPiece)) await writer.write(piece)
    await writer.close()
  }
  // What goes wrong here is heard at the reading end.
  const end = (why?: unknown) => writer.abort(why).catch(() => undefined)
  void feed().catch(end)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield new Uint8Array(value)
    }
  } catch (error) {
    throw new PackedFileError('It is packed and damaged, or was cut short: it cannot be unpacked to its end.', {
      cause: error,
    })
  } finally {
    // Left early: what is under way ends by itself. Not waited for, because in Node a write may then never end.
    void reader.cancel().catch(() => undefined)
    void end()
  }
}
