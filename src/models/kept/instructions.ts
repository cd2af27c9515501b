// What a kept model has computed of its instructions, beside its files: reading them takes seconds on a CPU, and they are
// the same the next time. Nothing depends on it: what is missing, damaged or of other weights is computed anew.
import type { Folder } from './folder.ts'
import { readManifest, wholeMark } from './manifest.ts'

/** What of a kept model's instructions is known. */
export interface KnownInstructions {
  /** @param computedBy what else the values depend on than the weights: program, device, text. null: nothing that fits */
  read(key: string, computedBy: string): Promise<Float32Array | null>
  write(key: string, computedBy: string, values: Float32Array<ArrayBuffer>): Promise<void>
}

const name = 'instructions.known'
const digestBytes = 32

const digest = async (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
const isSame = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i])

/** Of all that the values depend on; null: the weights are not all here. */
async function originOf(folder: Folder, computedBy: string): Promise<Uint8Array | null> {
  const manifest = await readManifest(folder)
  if (!manifest) return null
  const marks: string[] = []
  for (const file of manifest.files) {
    const mark = await wholeMark(folder, file.name)
    if (mark) marks.push(`${file.name} ${mark.sha256}`)
    else if (!file.optional) return null
  }
  return digest(new TextEncoder().encode(JSON.stringify([computedBy, ...marks])))
}

/** The file: SHA-256 of what the values depend on, SHA-256 of the values, the values as float32. */
export function knownInstructions(root: () => Promise<Folder>): KnownInstructions {
  const folderOf = async (key: string) => {
    const all = await root()
    return (await all.folders()).includes(key) ? all.folder(key) : null
  }
  return {
    async read(key, computedBy) {
      const folder = await folderOf(key)
      const file = (await folder?.file(name)) ?? null
      const origin = folder && file && (await originOf(folder, computedBy))
      if (!file || !origin || file.size <= 2 * digestBytes || file.size % Float32Array.BYTES_PER_ELEMENT !== 0) return null
      const head = new Uint8Array(await file.slice(0, 2 * digestBytes).arrayBuffer())
      if (!isSame(head.subarray(0, digestBytes), origin)) return null
      const values = await file.slice(2 * digestBytes).arrayBuffer()
      return isSame(head.subarray(digestBytes), await digest(new Uint8Array(values))) ? new Float32Array(values) : null
    },
    async write(key, computedBy, values) {
      const folder = await folderOf(key)
      const origin = folder && (await originOf(folder, computedBy))
      if (!folder || !origin) return
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
      const parts = [origin, await digest(bytes), bytes]
      const file = await folder.open(name)
      let at = 0
      try {
        file.truncate(0)
        for (const part of parts) at += file.write(part, { at })
        file.flush()
      } finally {
        file.close()
      }
      // On a full disk weights need the room more.
      if (at < 2 * digestBytes + bytes.length) await folder.remove(name)
    },
  }
}
