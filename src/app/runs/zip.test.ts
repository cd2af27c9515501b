// What is written can be read, by another implementation's reader too.
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { zipWriter } from './zip.ts'

describe('zipWriter', () => {
  it('packs files piece by piece', async () => {
    const zip = zipWriter()
    zip.file('a.jsonl')
    zip.write('{"a":1}\n{"ä":')
    zip.write('2}\n')
    zip.file('empty.txt')
    zip.file('c.txt')
    zip.write('no line break at its end')
    const files = unzipSync(new Uint8Array(await zip.end().arrayBuffer()))
    expect(Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, strFromU8(bytes)]))).toEqual({
      'a.jsonl': '{"a":1}\n{"ä":2}\n',
      'empty.txt': '',
      'c.txt': 'no line break at its end',
    })
  })
})
