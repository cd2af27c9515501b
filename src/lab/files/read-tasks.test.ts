// Files of tasks as people have them: packed, in other encodings, too large, and things that are no such file at all.
import { openAsBlob } from 'node:fs'
import { join } from 'node:path'
// Native: packing hundreds of megabytes is not what is tested.
import { gzipSync as gzip } from 'node:zlib'
import { gzipSync, strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { locomoBefore } from '../../core/environments/question/sources/conversation.fixture.ts'
import { readTaskFile, textLimit, TaskFileError } from '../../core/environments/question/sources/read.ts'
import { defaultReadOptions } from '../../core/environments/question/sources/record.ts'
import { readTasks } from './read-tasks.ts'

const context: [string, string[]][] = [
  ['Lake Orlen', ['Lake Orlen is a mountain lake.', ' It lies in the district of Vell.']],
  ['Vell', ['Vell is a district in the north.', ' Its capital is Harrow Bay.']],
  ['Sheep', ['Sheep are kept in every district.']],
]
const record = (id: string) => ({
  _id: id,
  type: 'bridge',
  question: 'What is the capital of the district that Lake Orlen lies in?',
  answer: 'Harrow Bay',
  supporting_facts: [
    ['Lake Orlen', 1],
    ['Vell', 1],
  ],
  context,
})
const records = [record('h0'), record('h1'), record('h2')]
const json = JSON.stringify(records)
const expected = readTaskFile(json, 'f').tasks

const bytesOf = (text: string, ...marks: number[]) => new Uint8Array([...marks, ...strToU8(text)])
const utf16 = (text: string, little: boolean, mark: boolean) => {
  const codes = [...(mark ? [0xfeff] : []), ...Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))]
  return new Uint8Array(codes.flatMap((code) => (little ? [code & 255, code >> 8] : [code >> 8, code & 255])))
}
const read = (bytes: BlobPart | BlobPart[], name = 'f.json', options = defaultReadOptions) =>
  readTasks(new Blob(Array.isArray(bytes) ? bytes : [bytes]), name, undefined, options)
const reason = async (bytes: BlobPart, name?: string) => {
  const error: unknown = await read(bytes, name).catch((caught: unknown) => caught)
  if (error instanceof TaskFileError) return error.message
  throw new Error('It was read, or failed in another way.', { cause: error })
}
const fixture = (name: string) => openAsBlob(join(import.meta.dirname, 'fixtures', name))

describe('a file of tasks is read', () => {
  const zip = (files: Record<string, Uint8Array>) => zipSync(files)
  it.each<[string, BlobPart]>([
    ['as it is', json],
    ['with a byte order mark', bytesOf(json, 0xef, 0xbb, 0xbf)],
    ['in UTF-16', utf16(json, true, true)],
    ['in UTF-16, the other way round', utf16(json, false, true)],
    ['in UTF-16 without a mark', utf16(json, true, false)],
    ['in UTF-16 the other way round without a mark', utf16(json, false, false)],
    ['as JSON Lines with Windows line ends and commas', records.map((each) => JSON.stringify(each)).join(',\r\n')],
    ['gzipped', gzipSync(strToU8(json))],
    ['gzipped without any packing', gzipSync(strToU8(json), { level: 0 })],
    [
      'as the only file of a zip',
      zip({
        'data/train.json': strToU8(json),
        '__MACOSX/data/._train.json': new Uint8Array([1]),
        'README.md': strToU8('hello'),
      }),
    ],
    ['stored in a zip', zipSync({ 'a.jsonl': strToU8(json) }, { level: 0 })],
  ])('%s', async (_, bytes) => {
    const report = await read(bytes)
    expect(report.tasks).toEqual(expected)
    expect([report.head, report.notes]).toEqual([null, []])
  })
  it('of each conversation of LoCoMo’s older zip', async () => {
    const files = ['26', '30'].map((name, i): [string, Uint8Array] => [`data/locomo10_v2/${name}.json`, strToU8(JSON.stringify({ ...locomoBefore, speaker_b: `Bo ${i}` }))])
    const report = await read(zip(Object.fromEntries(files)), 'locomo10.zip')
    expect([report.format, report.records, report.tasks.map(({ id }) => id).filter((id) => id.endsWith('q1'))]).toEqual(['locomo', 16, ['locomo-ada-bo-0-q1', 'locomo-ada-bo-1-q1']])
  })
  it('piece by piece, with progress that grows to 1', async () => {
    const many = JSON.stringify(Array.from({ length: 1500 }, (_, index) => record(`é${index}`)))
    const heard: number[] = []
    const report = await readTasks(new Blob([many]), 'many.json', (share) => heard.push(share))
    expect(report).toEqual(readTaskFile(many, 'many.json'))
    expect(heard.length).toBeGreaterThan(2)
    expect(heard).toEqual([...heard].sort((a, b) => a - b))
    expect(heard.at(-1)).toBe(1)
  })
  it('with a word when its bytes are of another encoding', async () => {
    const [head = '', tail = ''] = JSON.stringify([record('h0')]).split('mountain')
    const report = await read([strToU8(head), new Uint8Array([0xff, 0xc3, 0x28, 0x80]), strToU8(tail)])
    expect(report.tasks).toHaveLength(1)
    expect(report.notes).toEqual([
      'Some characters of f.json are not UTF-8 and stand as \uFFFD in the tasks: save the file as UTF-8.',
    ])
    // One that is in the file as such is no fault.
    expect((await read(json.replace('mountain', '\uFFFD'))).notes).toEqual([])
  })
})

describe('a Parquet file', () => {
  it('of HotpotQA in Hugging Face’s form is read, group by group', async () => {
    const report = await readTasks(await fixture('hotpotqa.parquet'), 'f.parquet')
    expect(report.format).toBe('hotpotqa-hf')
    expect(report.tasks).toHaveLength(5)
    expect(report.tasks.slice(0, 3)).toEqual(expected)
    const first = await readTasks(await fixture('hotpotqa.parquet'), 'f.parquet', undefined, {
      ...defaultReadOptions,
      atMost: 3,
    })
    expect(first.tasks).toEqual(expected)
  })
  it('of MuSiQue is read, gzipped, with its lists of structs and 64-bit numbers', async () => {
    const [task] = (await readTasks(await fixture('musique.parquet'), 'f.parquet')).tasks
    expect(task).toMatchObject({
      id: 'musique-2hop__1_2',
      kind: '2-hop',
      answer: 'Harrow Bay',
      aliases: ['the town of Harrow Bay'],
    })
    expect(task?.facts).toHaveLength(2)
  })
  it('of 2WikiMultihopQA is read, with JSON in strings', async () => {
    const [task] = (await readTasks(await fixture('2wiki.parquet'), 'f.parquet')).tasks
    expect(task?.facts).toEqual(expected[0]?.facts)
  })
  it('is named when it cannot be', async () => {
    const wrong = async (name: string, cut?: number) =>
      readTasks((await fixture(name)).slice(0, cut), name).catch(String)
    expect(await wrong('zstd.parquet')).toContain(
      'zstd.parquet cannot be read. It is a Parquet file compressed with zstd, which is not read here: write it with snappy',
    )
    expect(await wrong('recipes.parquet')).toContain('It is a Parquet file with the columns dish, minutes')
    expect(await wrong('hotpotqa.parquet', 4000)).toContain('It is a Parquet file that was cut short')
    const whole = new Uint8Array(await (await fixture('hotpotqa.parquet')).arrayBuffer())
    expect(
      await reason(
        whole.map((byte, at) => (at > 4 && at < 2000 ? byte ^ 0x55 : byte)),
        'f.parquet',
      ),
    ).toContain('It is a Parquet file that cannot be read: it is damaged')
  })
})

describe('of a large file the first records are read', () => {
  const some = `${JSON.stringify(record('h'))}\n`
  // 61 MB and more, without 61 MB of tasks: padding that no reader keeps.
  const large = `${some.repeat(50)}${`${JSON.stringify({ pad: 'x'.repeat(3_900_000) })}\n`.repeat(17)}`
  it('and it says how many, and of how much', async () => {
    const report = await read(large)
    expect(report.tasks).toHaveLength(50)
    expect(report.records).toBe(66)
    expect(report.head).toBe(
      'Only the first 66 records were read: the file has 63 MB, and reading ends after 60 MB of text.',
    )
    // What was cut in the middle is not among what was skipped.
    expect(report.skipped.every(({ field }) => field === 'context')).toBe(true)
  })
  it('of a JSON list, of a gzipped one, of a zip', async () => {
    const list = `[${large.trimEnd().split('\n').join(',')}]`
    for (const bytes of [list, gzip(list), zipSync({ 'a.json': strToU8(list) })]) {
      const report = await read(bytes)
      expect(report.tasks).toHaveLength(50)
      expect(report.head).toMatch(/^Only the first \d+ records were read/)
    }
  })
  it('and no more than was asked for', async () => {
    const report = await read(large, 'f', { ...defaultReadOptions, atMost: 7 })
    expect([report.tasks.length, report.records, report.head]).toEqual([7, 7, null])
  })
  it('a bomb is left where the limit is', async () => {
    const zeros = gzip(Buffer.alloc(textLimit * 4, 32))
    expect(zeros.length).toBeLessThan(300_000)
    const began = process.memoryUsage().rss
    expect(await reason(zeros, 'bomb.gz')).toContain('bomb.gz is empty')
    expect(process.memoryUsage().rss - began).toBeLessThan(400 * 2 ** 20)
  })
})

describe('what is something else is named, with what to do', () => {
  const pointer =
    'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 46320117\n'
  it.each<[string, BlobPart, string]>([
    [
      'train.json',
      pointer,
      'train.json cannot be read. It is a Git LFS pointer, a note in the place of the file, which has 46,320,117 bytes: get the file itself with git lfs pull',
    ],
    ['train.json', '\n<!DOCTYPE html><html><head>', 'It is a web page and not the file'],
    ['train.json', '<?xml version="1.0"?>', 'It is XML'],
    ['train.csv', 'a,b\n', 'It is a table (CSV or TSV)'],
    ['train.txt', 'id,question,answer,context\n1,"a","b"\n', 'It is a table (CSV or TSV)'],
    ['a.zst', new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0]), 'It is compressed with zstd'],
    ['a.bz2', 'BZh91AY', 'It is compressed with bzip2'],
    ['a.arrow', 'ARROW1\0\0', 'It is an Arrow file'],
    ['a.pkl', new Uint8Array([0x80, 4, 0x95, 0]), 'It is a Python pickle'],
    ['a.json.gz', gzipSync(strToU8(pointer)), 'What is packed in the file cannot be read. It is a Git LFS pointer'],
    ['a.tar.gz', gzipSync(bytesOf(`${'\0'.repeat(256)}ustar${'\0'.repeat(300)}`, 65)), 'It is a tar archive'],
    ['a.gz', gzipSync(gzipSync(strToU8(json))), 'packed once more (gzip)'],
    ['cut.gz', gzipSync(strToU8(json.repeat(50))).slice(0, 200), 'It is packed and damaged, or was cut short'],
    [
      'two.zip',
      zipSync({ 'a.json': strToU8('[]'), 'b.json': strToU8('[]') }),
      'two.zip cannot be read. The zip file has several files in it (a.json, b.json): unpack it and choose one.',
    ],
    ['letter.txt', 'Dear all, this is a letter.', 'it begins with "D"'],
  ])('%s', async (name, bytes, words) => {
    expect(await reason(bytes, name)).toContain(words)
  })
})
