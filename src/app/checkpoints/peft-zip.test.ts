// Adapters in and out of zip files, and what is refused.
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { packAdapter, readAdapterFiles, unpackAdapter } from './peft-zip.ts'

const files = { config: '{"peft_type":"LORA"}', model: new Uint8Array([1, 2, 3]) }
const entry = { 'adapter_config.json': strToU8(files.config), 'adapter_model.safetensors': files.model }

describe('an adapter as a zip', () => {
  it('comes back as it was, also from inside a folder', () => {
    expect(unpackAdapter(packAdapter(files))).toEqual(files)
    expect(unpackAdapter(zipSync({ 'my adapter': entry, 'README.md': strToU8('hello') }))).toEqual(files)
  })
  it('is packed without trying to make weights smaller', () => {
    const zeros = new Uint8Array(10_000)
    expect(packAdapter({ ...files, model: zeros }).length).toBeGreaterThan(10_000)
    expect(unpackAdapter(packAdapter({ ...files, model: zeros })).model).toEqual(zeros)
  })
  it('is refused when a file is missing, doubled, or the zip is something else', () => {
    expect(() => unpackAdapter(zipSync({ 'adapter_config.json': entry['adapter_config.json'] }))).toThrow('The zip file has no adapter_model.safetensors.')
    expect(() => unpackAdapter(zipSync({ a: entry, b: entry }))).toThrow('more than one adapter')
    expect(() => unpackAdapter(zipSync({ a: { 'adapter_config.json': entry['adapter_config.json'], 'adapter_model.bin': files.model } }))).toThrow('has its weights in adapter_model.bin, a pickle of Python')
    expect(() => unpackAdapter(strToU8('Dear all'))).toThrow('not a zip file')
    expect(() => unpackAdapter(packAdapter(files).slice(0, 60))).toThrow('damaged')
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
