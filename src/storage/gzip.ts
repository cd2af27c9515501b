// JSON as gzipped bytes: a third of what the database would make of the objects, and made in milliseconds.
import { messageOf } from '../core/error-message.ts'
import { DamagedRecordError } from './errors.ts'

const throughStream = async (bytes: BlobPart, stream: GenericTransformStream): Promise<Response> => Promise.resolve(new Response(new Blob([bytes]).stream().pipeThrough(stream)))

export async function gzipped(value: unknown): Promise<Uint8Array<ArrayBuffer>> {
  const packed = await throughStream(JSON.stringify(value), new CompressionStream('gzip'))
  return new Uint8Array(await packed.arrayBuffer())
}

/** @param what names it, as the beginning of a sentence. @throws DamagedRecordError */
export async function gunzipped(gzip: Uint8Array, what: string): Promise<unknown> {
  try {
    return await (await throughStream(gzip.slice(), new DecompressionStream('gzip'))).json()
  } catch (error) {
    throw new DamagedRecordError(`${what} is damaged: ${messageOf(error)}.`)
  }
}
