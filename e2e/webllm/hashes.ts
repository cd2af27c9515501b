// A hash of each of WebLLM's weights on the graphics card, read back in pieces: to say whether weights are the same, bit for bit.
import type { LoadedModel } from '../../src/webllm/server.ts'

/** Read back at once, bytes. */
const piece = 64 * 2 ** 20
/** MAP_READ | COPY_DST, and mapAsync's READ. */
const readUsage = 0x01 | 0x08
const readMode = 0x01

/** FNV-1a over words, in two lanes that are seeded apart: 64 bits. */
function folded(words: Uint32Array, [one, other]: readonly [number, number]): [number, number] {
  let a = one
  let b = other
  for (const word of words) {
    a = Math.imul(a ^ word, 0x01000193)
    b = Math.imul(b ^ word, 0x85ebca6b) + (b >>> 15)
  }
  return [a, b]
}

/** By the names that the compiled library has for them, in its order. */
export async function weightHashes({ internals }: LoadedModel): Promise<[name: string, hash: string][]> {
  const device = internals.device()
  const parameters = internals.parameters()
  const hashes: [string, string][] = []
  const staging = device.createBuffer({ size: piece, usage: readUsage })
  for (const [i, name] of parameters.names().entries()) {
    const buffer = parameters.at(i).buffer()
    let state: [number, number] = [0x811c9dc5 | 0, 0x2545f491]
    for (let at = 0; at < buffer.size; at += piece) {
      const size = Math.min(piece, buffer.size - at)
      const encoder = device.createCommandEncoder()
      encoder.copyBufferToBuffer(buffer, at, staging, 0, size)
      device.queue.submit([encoder.finish()])
      await staging.mapAsync(readMode, 0, size)
      state = folded(new Uint32Array(staging.getMappedRange(0, size)), state)
      staging.unmap()
    }
    hashes.push([name, state.map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('')])
  }
  staging.destroy()
  return hashes
}
