import { gzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { kindOfFile } from './file-kind.ts'

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

describe('kindOfFile', () => {
  it.each([
    ['empty', bytes('')],
    ['lfs-pointer', bytes('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 269060552\n')],
    ['html', bytes('\n<!DOCTYPE html><html><head>')],
    ['html', bytes('<html lang="en">')],
    ['gzip', gzipSync(bytes('hello'))],
    ['zip', zipSync({ 'archive/data.pkl': bytes('x') })],
    ['zip', zipSync({})],
    ['pickle', bytes('\x80\x02}q\x00(X')],
    ['pickle', bytes('\x80\x05\x95\x0f')],
    ['gguf', bytes('GGUF\x03\x00\x00\x00')],
    ['hdf5', bytes('\x89HDF\r\n\x1a\n')],
    ['json', bytes('{"error":"Not found"}')],
    ['text', bytes('Entry not found')],
    [null, bytes('\x30\x01\x00\x00\x00\x00\x00\x00{"a":')],
  ])('%s', (kind, file) => {
    expect(kindOfFile(file)).toBe(kind)
  })
})
