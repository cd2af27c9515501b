// Adapters in and out of zip files, and what is refused.
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { readAdapterFiles, unpackAdapter, unpackTrained } from './peft-zip.ts'

const files = { config: '{"peft_type":"LORA"}', model: new Uint8Array([1, 2, 3]) }
const entry = { 'adapter_config.json': strToU8(files.config), 'adapter_model.safetensors': files.model }

const packAdapter = ({ config, model }: typeof files) => zipSync({ 'adapter_config.json': strToU8(config), 'adapter_model.safetensors': [model, { level: 0 }] })

const unpack = (archive: Uint8Array<ArrayBuffer>) => unpackAdapter(new Blob([archive]))

describe('an adapter as a zip', () => {
  it('comes back as it was, also from inside a folder', async () => {
    expect(await unpack(packAdapter(files))).toEqual(files)
    expect(await unpack(zipSync({ 'my adapter': entry, 'README.md': strToU8('hello') }))).toEqual(files)
  })
  it('is refused when a file is missing, doubled, or the zip is something else', async () => {
    await expect(unpack(zipSync({ 'adapter_config.json': entry['adapter_config.json'] }))).rejects.toThrow('The zip file has no adapter_model.safetensors.')
    await expect(unpack(zipSync({ a: entry, b: entry }))).rejects.toThrow('more than one adapter')
    await expect(unpack(zipSync({ a: { 'adapter_config.json': entry['adapter_config.json'], 'adapter_model.bin': files.model } }))).rejects.toThrow('has its weights in adapter_model.bin, a pickle of Python')
    await expect(unpack(strToU8('Dear all'))).rejects.toThrow('not a zip file')
    await expect(unpack(packAdapter(files).slice(0, 60))).rejects.toThrow('damaged')
  })
  it('is refused when its weights are not those that were packed, or more than it says', async () => {
    const packed = packAdapter({ ...files, model: new Uint8Array(3000).fill(7) })
    const at = packed.findIndex((_, i) => packed.subarray(i, i + 20).every((byte) => byte === 7))
    await expect(unpack(packed.map((byte, i) => (i === at ? 8 : byte)))).rejects.toThrow('adapter_model.safetensors in the zip file is damaged')
    const lying = zipSync({ ...entry, 'adapter_model.safetensors': new Uint8Array(3000) })
    const view = new DataView(lying.buffer)
    for (let i = 0; i + 4 < lying.length; i++) if (view.getUint32(i, true) === 0x02014b50) view.setUint32(i + 24, 2, true)
    await expect(unpack(lying)).rejects.toThrow('in the zip file is damaged')
  })
})

describe('an adapter in the file of a run that an engine went on with', () => {
  const [first, second] = [new Uint8Array([4]), new Uint8Array([5, 6])]
  const run = { 'run.json': strToU8('{}'), 'engine.jsonl': strToU8('') }
  const moments = { 'first_moment.safetensors': first, 'second_moment.safetensors': second, 'moments.json': strToU8('{"optimizer_step": 3}') }
  const trained = (adapter: Record<string, Uint8Array>) => unpackTrained(new Blob([zipSync({ ...run, adapter })]))
  it('has the moments of its optimizer, where the engine gave them', async () => {
    expect(await trained({ ...entry, ...moments })).toEqual({ ...files, moments: { step: 3, first, second } })
    expect(await trained(entry)).toEqual({ ...files, moments: null })
  })
  it('is null in a file of ours, and refused where it does not say how far Adam is', async () => {
    expect(await unpackTrained(new Blob([zipSync(run)]))).toBeNull()
    await expect(trained({ ...entry, ...moments, 'moments.json': strToU8('{"steps": 3}') })).rejects.toThrow('does not say how many updates Adam has seen')
  })
})

describe('readAdapterFiles', () => {
  it('takes a zip, or the two files', async () => {
    expect(await readAdapterFiles([new File([packAdapter(files)], 'adapter.zip')])).toEqual(files)
    expect(await readAdapterFiles([new File([files.model], 'adapter_model.safetensors'), new File([files.config], 'adapter_config.json')])).toEqual(files)
  })
  it('says what to choose', async () => {
    await expect(readAdapterFiles([new File([files.config], 'adapter_config.json'), new File(['x'], 'adapter_model.bin')])).rejects.toThrow('a pickle of Python, which can run code and is never read')
    await expect(readAdapterFiles([new File([files.config], 'adapter_config.json'), new File([''], 'x')])).rejects.toThrow('Choose a zip file')
  })
})
