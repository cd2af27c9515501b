// What tells one base model from another: an adapter fits no other.
import { createHash } from 'node:crypto'
import type { LoadedModel } from '../src/models/files/load-model.ts'

/** SHA-256 of all weights, in the order of their names. */
export function hashOf({ weights }: LoadedModel): string {
  const hash = createHash('sha256')
  for (const [name, values] of [...weights].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(name).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  }
  return hash.digest('hex')
}
