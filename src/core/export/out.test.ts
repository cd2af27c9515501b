// What is written can be read, by another implementation's reader too.
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { zipOfFiles, zipOut } from './out.ts'

async function filesIn(parts: Uint8Array<ArrayBuffer>[]): Promise<Record<string, string>> {
  const whole = new Uint8Array(await new Blob(parts).arrayBuffer())
  return Object.fromEntries(Object.entries(unzipSync(whole)).map(([name, bytes]) => [name, strFromU8(bytes)]))
}

describe('zipOut', () => {
  it('packs files piece by piece', async () => {
    const zip = zipOut()
    zip.file('a.jsonl')
    zip.write('{"a":1}\n{"ä":')
    zip.write('2}\n')
    zip.file('empty.txt')
    zip.file('c.txt')
    zip.write('no line break at its end')
    expect(await filesIn(zip.end())).toEqual({ 'a.jsonl': '{"a":1}\n{"ä":2}\n', 'empty.txt': '', 'c.txt': 'no line break at its end' })
  })
})

it('packs a folder of texts and bytes', async () => {
  const files = [{ path: 'x/a.txt', content: 'ä' }, { path: 'b.bin', content: new Uint8Array([104, 105]) }]
  expect(await filesIn(zipOfFiles(files))).toEqual({ 'x/a.txt': 'ä', 'b.bin': 'hi' })
})
