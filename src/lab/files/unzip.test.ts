// What a zip file has in it comes out as it went in, within limits, and nothing that was tampered with does.
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { crc32, unzipped, zipEntries, ZipError } from './unzip.ts'

const text = 'a line of text\n'.repeat(1000)
const archiveOf = (level: 0 | 6 = 6) =>
  zipSync(
    { 'folder/a.txt': strToU8(text), '__MACOSX/._a.txt': strToU8('x'), 'é.txt': strToU8('two') },
    { level, comment: 'a comment' },
  )

async function contentOf(archive: Uint8Array<ArrayBuffer>, path: string, limit = 1e6): Promise<string> {
  const blob = new Blob([archive])
  const entry = (await zipEntries(blob)).find((each) => each.path === path)
  if (!entry) throw new Error('There is no such file.')
  const parts: Uint8Array<ArrayBuffer>[] = []
  for await (const piece of unzipped(blob, entry, limit)) parts.push(piece)
  return new Blob(parts).text()
}

/** The archive with so many bytes changed at each place where the signature stands. */
function patched(
  archive: Uint8Array<ArrayBuffer>,
  signature: number,
  offset: number,
  bytes: readonly number[],
): Uint8Array<ArrayBuffer> {
  const copy = archive.slice()
  const view = new DataView(copy.buffer)
  for (let at = 0; at + 4 <= copy.length; at++) if (view.getUint32(at, true) === signature) copy.set(bytes, at + offset)
  return copy
}
const directory = 0x02014b50

describe('zipEntries', () => {
  it('lists what is in an archive, and not what systems put beside', async () => {
    const entries = await zipEntries(new Blob([archiveOf(), 'more']))
    expect(entries.map(({ path, size }) => [path, size])).toEqual([
      ['folder/a.txt', 15_000],
      ['é.txt', 3],
    ])
  })
  it('refuses what is none, and one with too many files, before it looks at them', async () => {
    await expect(zipEntries(new Blob(['Dear all, '.repeat(10)]))).rejects.toThrow('not a zip file')
    await expect(zipEntries(new Blob(['PK']))).rejects.toThrow('not a zip file')
    const many = patched(archiveOf(), 0x06054b50, 10, [0x11, 0x27 * 2])
    await expect(zipEntries(new Blob([many]))).rejects.toThrow('more than 10,000 files')
  })
})

describe('unzipped', () => {
  it('gives what went in, packed or stored', async () => {
    for (const level of [0, 6] as const) expect(await contentOf(archiveOf(level), 'folder/a.txt')).toBe(text)
  })
  it('ends at the limit, whether the file says how large it is or not', async () => {
    await expect(contentOf(archiveOf(), 'folder/a.txt', 10_000)).rejects.toThrow(
      'folder/a.txt in the zip file unpacks to more than',
    )
    // It says 16 bytes, and has 15,000.
    const lying = patched(archiveOf(), directory, 24, [16, 0, 0, 0])
    await expect(contentOf(lying, 'folder/a.txt', 10_000)).rejects.toThrow('folder/a.txt in the zip file is damaged')
  })
  it('refuses what was changed on the way', async () => {
    const stored = archiveOf(0)
    const at = new TextDecoder('latin1').decode(stored).indexOf('a line of')
    await expect(
      contentOf(
        stored.map((byte, i) => (i === at ? byte ^ 1 : byte)),
        'folder/a.txt',
      ),
    ).rejects.toThrow('is damaged')
    await expect(contentOf(patched(archiveOf(), directory, 42, [9, 0, 0, 0]), 'folder/a.txt')).rejects.toThrow(
      'is damaged',
    )
    await expect(contentOf(patched(archiveOf(), directory, 20, [255, 255, 0, 0]), 'folder/a.txt')).rejects.toThrow(
      ZipError,
    )
  })
  it('names what is packed in another way, or encrypted', async () => {
    await expect(contentOf(patched(archiveOf(), directory, 10, [93, 0]), 'folder/a.txt')).rejects.toThrow(
      '(method 93): unpack it first',
    )
    await expect(contentOf(patched(archiveOf(), directory, 8, [1, 0]), 'folder/a.txt')).rejects.toThrow(
      'encrypted: unpack it first',
    )
  })
})

describe('crc32', () => {
  it('is that of the standard, in pieces too', () => {
    // The check value of CRC-32/ISO-HDLC.
    expect(crc32(strToU8('123456789'))).toBe(0xcbf43926)
    expect(crc32(strToU8('6789'), crc32(strToU8('12345')))).toBe(0xcbf43926)
  })
})
