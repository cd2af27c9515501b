// What is written can be read, and what should not be read is refused.
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { zipLines, zipNames, zipWriter } from './zip.ts'

const limits = { packed: 10_000, unpacked: 10_000 }

async function read(archive: Blob, wanted: string[], within = limits) {
  const lines: string[] = []
  for await (const { name, number, line } of zipLines(archive, wanted, within)) lines.push(`${name}:${number}:${line}`)
  return lines
}

function written() {
  const zip = zipWriter()
  zip.file('a.jsonl')
  zip.write('{"a":1}\n{"ä":')
  zip.write('2}\n')
  zip.file('b.txt')
  zip.write('not wanted')
  zip.file('c.txt')
  zip.write('no line break at its end')
  return zip.end()
}

describe('zip files', () => {
  it('come back line by line, whatever pieces they were written in', async () => {
    expect(await read(written(), ['a.jsonl', 'c.txt'])).toEqual(['a.jsonl:1:{"a":1}', 'a.jsonl:2:{"ä":2}', 'c.txt:1:no line break at its end'])
  })
  it('are refused when they are too large, packed or unpacked', async () => {
    await expect(read(written(), ['a.jsonl'], { packed: 20, unpacked: 10_000 })).rejects.toThrow(/is the limit/)
    const zip = zipWriter()
    zip.file('a')
    zip.write('0'.repeat(20_000))
    await expect(read(zip.end(), ['a'])).rejects.toThrow(/unpacks to more/)
  })
  it('are refused when they are something else', async () => {
    await expect(read(new Blob(['Dear all']), ['a'])).rejects.toThrow('The file is not a zip file.')
  })
})

describe('zipNames', () => {
  it('lists what is in an archive, whoever packed it', async () => {
    const zip = zipWriter()
    zip.file('run.json')
    zip.write('{}')
    zip.file('steps.jsonl')
    expect(await zipNames(zip.end())).toEqual(['run.json', 'steps.jsonl'])
    expect(await zipNames(new Blob([zipSync({ folder: { 'é.txt': new Uint8Array([1]) } }, { comment: 'a comment' }), 'more']))).toEqual(['folder/', 'folder/é.txt'])
  })
  it('refuses what is none', async () => {
    await expect(zipNames(new Blob(['Dear all, '.repeat(10)]))).rejects.toThrow('not a zip file')
    await expect(zipNames(new Blob(['PK']))).rejects.toThrow('not a zip file')
  })
})
