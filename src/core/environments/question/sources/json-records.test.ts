import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRecordSplitter, RecordFormatError, type RawRecord } from './json-records.ts'

function split(text: string, size = text.length || 1): RawRecord[] {
  const splitter = createRecordSplitter()
  const records: RawRecord[] = []
  for (let at = 0; at < text.length; at += size) records.push(...splitter.push(text.slice(at, at + size)))
  return [...records, ...splitter.end()]
}
const texts = (records: readonly RawRecord[]) => records.map((record) => ('text' in record ? record.text : `! ${record.problem}`))

describe('a JSON list', () => {
  it('is taken apart at its top level, whatever the strings hold', () => {
    expect(texts(split(' [ {"a":"]},{"} , {"b":[1,{"c":"\\"]"}]},\n3 ,"x,y", null]\n'))).toEqual(['{"a":"]},{"}', '{"b":[1,{"c":"\\"]"}]}', '3 ', '"x,y"', 'null'])
  })
  it('may be empty', () => {
    expect(split('[]')).toEqual([])
    expect(split(' [ \n ] ')).toEqual([])
  })
  it('may begin with a byte order mark', () => {
    expect(texts(split('\uFEFF[1,2]'))).toEqual(['1', '2'])
  })
  it('says where it is cut off', () => {
    expect(texts(split('[{"a":1},{"b":'))).toEqual(['{"a":1}', '! The file ends in the middle of this record'])
    expect(texts(split('[{"a":1},'))).toEqual(['{"a":1}', '! The file ends before the list does'])
  })
  it('says when more comes after it', () => {
    expect(texts(split('[1] [2]'))).toEqual(['1', '! There is more text after the end of the list'])
  })
  it('gives the same records in pieces of any size', () => {
    fc.assert(
      fc.property(fc.array(fc.json()), fc.integer({ min: 1, max: 40 }), fc.constantFrom('', ' ', '\n  '), (values, size, gap) => {
        const text = `[${values.map((value) => gap + value + gap).join(',')}]`
        const found = texts(split(text, size)).map((each): unknown => JSON.parse(each))
        expect(found).toEqual(values.map((value): unknown => JSON.parse(value)))
      }),
    )
  })
})

describe('JSON Lines', () => {
  it('are one record a line, empty lines apart', () => {
    expect(texts(split('{"a":1}\r\n\n{"b":\n{"c":3}'))).toEqual(['{"a":1}\r', '{"b":', '{"c":3}'])
    expect(texts(split('{"a":\n{"b":2}\n'))).toEqual(['{"a":', '{"b":2}'])
  })
  it('may have a comma behind each', () => {
    expect(texts(split('{"a":1},\r\n{"b":"},"},\n{"c":3}\n'))).toEqual(['{"a":1}', '{"b":"},"}', '{"c":3}'])
  })
  it('give the same records in pieces of any size', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ a: fc.string(), b: fc.nat() }), { minLength: 1 }), fc.integer({ min: 1, max: 40 }), (values, size) => {
        const text = values.map((value) => JSON.stringify(value)).join('\n')
        expect(texts(split(text, size)).map((each): unknown => JSON.parse(each))).toEqual(values)
      }),
    )
  })
})

describe('a list in an object', () => {
  const rows = [{ row_idx: 0, row: { data: [{ a: 1 }] } }, { row_idx: 1, row: { b: ']' } }]
  const wanted = rows.map((row) => JSON.stringify(row))
  it.each<[string, string]>([
    ['rows', JSON.stringify({ features: [{ feature_idx: 0, name: 'id' }], rows, num_rows_total: 2, partial: false })],
    ['data', JSON.stringify({ version: 'data', data: rows })],
    ['written over several lines', JSON.stringify({ note: 'x', data: rows }, null, 2).replace(/\n {4,}/g, '')],
    ['with the bracket on the first line', `{ "data": [\n${wanted.join(',\n')}\n] }\n`],
    ['after a long text', JSON.stringify({ licence: 'x'.repeat(2_000_000), data: rows })],
  ])('gives its elements: %s', (_, text) => {
    for (const size of [text.length, 7, 64_000]) {
      if (text.length / size > 10_000) continue
      expect(texts(split(text, size)).map((each): unknown => JSON.parse(each))).toEqual(rows)
    }
  })
  it('may be one of several', () => {
    expect(texts(split('{"train": [{"a":1}], "about": {"data": [3]}, "dev": [{"b":2},]}'))).toEqual(['{"a":1}', '{"b":2}'])
  })
  it('is none under another name, or deeper', () => {
    for (const text of ['{"context": [{"a":1}]}', '{"a": {"data": [1]}}', '{"validations": [1]}', '{"a": "data", "b": ["x"]}']) expect(texts(split(text))).toEqual([text])
  })
  it('says when it is cut off', () => {
    expect(texts(split('{"data": [{"a":1},'))).toEqual(['{"a":1}', '! The file ends before the list does'])
  })
})

describe('objects over several lines', () => {
  it('may begin on the first line', () => {
    expect(texts(split('{"a": 1,\n "b": [\n2]}\n{"c": 3}\n'))).toEqual(['{"a": 1,\n "b": [\n2]}', '{"c": 3}'])
  })
  it('are taken apart by their brackets', () => {
    expect(texts(split('{\n "a": {"b": 1}\n}\n{\n "c": 2\n}\n', 3))).toEqual(['{\n "a": {"b": 1}\n}', '{\n "c": 2\n}'])
  })
})

describe('anything else', () => {
  it('is refused by its first character', () => {
    expect(() => split('hello')).toThrow(RecordFormatError)
    expect(() => split('  "a"')).toThrow(/begins with "\\""/)
  })
  it('of nothing has no records', () => {
    expect(split('')).toEqual([])
    expect(split(' \n\t')).toEqual([])
  })
  it('that never ends is not kept', () => {
    const splitter = createRecordSplitter()
    const found: RawRecord[] = [...splitter.push('[1,"')]
    for (let n = 0; n < 90; n++) found.push(...splitter.push('x'.repeat(100_000)))
    found.push(...splitter.push('",2]'), ...splitter.end())
    expect(texts(found)).toEqual(['1', '! The record is longer than 8,000,000 characters', '2'])
  })
  it('that never ends is not kept as a line either', () => {
    const splitter = createRecordSplitter()
    const found: RawRecord[] = [...splitter.push('{"a":1}\n{"b":"')]
    for (let n = 0; n < 90; n++) found.push(...splitter.push('x'.repeat(100_000)))
    found.push(...splitter.push('"}\n{"c":3}\n'), ...splitter.end())
    expect(texts(found)).toEqual(['{"a":1}', '! The record is longer than 8,000,000 characters', '{"c":3}'])
  })
})
