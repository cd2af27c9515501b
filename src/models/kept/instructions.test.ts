import { beforeEach, describe, expect, it } from 'vitest'
import { knownInstructions } from './instructions.ts'
import { markWhole, writeManifest } from './manifest.ts'
import { MemoryFolder } from './memory-folder.fixture.ts'

const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i))
const weights = { bytes: 3, sha256: 'a'.repeat(64) }
let root: MemoryFolder
let folder: MemoryFolder
const known = () => knownInstructions(() => Promise.resolve(root))

beforeEach(async () => {
  root = new MemoryFolder()
  folder = await root.folder('tiny')
  await writeManifest(folder, { version: 1, name: 'tiny', from: 'here', address: 'here', files: [{ name: 'model.gguf', bytes: 3, sha256: null, git: null, optional: false }] })
  const file = await folder.open('model.gguf')
  file.write(Uint8Array.of(1, 2, 3), { at: 0 })
  file.close()
  await markWhole(folder, 'model.gguf', weights)
})

describe('what is known of instructions', () => {
  it('is what was written, and the last', async () => {
    expect(await known().read('tiny', 'wasm')).toBeNull()
    await known().write('tiny', 'wasm', values)
    expect(await known().read('tiny', 'wasm')).toEqual(values)
    await known().write('tiny', 'wasm', values.slice(0, 10))
    expect(await known().read('tiny', 'wasm')).toEqual(values.slice(0, 10))
  })
  it('is of one program, device and text', async () => {
    await known().write('tiny', 'wasm, 2 threads', values)
    expect(await known().read('tiny', 'wasm, 4 threads')).toBeNull()
  })
  it('is of the weights that are there', async () => {
    await known().write('tiny', 'wasm', values)
    await markWhole(folder, 'model.gguf', { ...weights, sha256: 'b'.repeat(64) })
    expect(await known().read('tiny', 'wasm')).toBeNull()
    await folder.remove('model.gguf')
    expect(await known().read('tiny', 'wasm')).toBeNull()
    await known().write('tiny', 'wasm', values)
    expect(await known().read('tiny', 'wasm')).toBeNull()
  })
  it('is nothing once a bit of it has changed', async () => {
    for (const at of [0, 40, 64, 4000]) {
      await known().write('tiny', 'wasm', values)
      folder.damage('instructions.known', at)
      expect(await known().read('tiny', 'wasm')).toBeNull()
    }
  })
  it('leaves no room taken on a disk that is full', async () => {
    root = new MemoryFolder({ room: 3000 })
    folder = await root.folder('tiny')
    await writeManifest(folder, { version: 1, name: 'tiny', from: 'here', address: 'here', files: [{ name: 'model.gguf', bytes: 3, sha256: null, git: null, optional: true }] })
    await known().write('tiny', 'wasm', values)
    expect(await folder.file('instructions.known')).toBeNull()
  })
  it('makes no folder of a model that is not there', async () => {
    await known().write('gone', 'wasm', values)
    expect(await known().read('gone', 'wasm')).toBeNull()
    expect(await root.folders()).toEqual(['tiny'])
  })
})
