import { describe, expect, it } from 'vitest'
import { parseWellFormed, wellFormed, wellFormedValue } from './text.ts'

describe('wellFormed', () => {
  it('makes of half a character what a file and a tokenizer make of it, and leaves whole ones alone', () => {
    for (const text of ['', 'plain', '🐕 日 é', '\uD83D', 'a\uDC15b', '\uD83D\uD83D\uDC15', '\uDC15\uD83D']) {
      expect(wellFormed(text)).toBe(new TextDecoder().decode(new TextEncoder().encode(text)))
    }
  })
  it('mends a value of JSON in all its texts and names', () => {
    expect(wellFormedValue({ 'a\uD83D': ['\uDC15', { b: 'x\uD83D' }], c: 1, d: null, e: true })).toEqual({ 'a\uFFFD': ['\uFFFD', { b: 'x\uFFFD' }], c: 1, d: null, e: true })
  })
  it('reads JSON whose escapes are half a character, and JSON of any depth', () => {
    expect(parseWellFormed('{"content": "dog \\ud83d", "whole": "\\ud83d\\udc15"}')).toEqual({ content: 'dog \uFFFD', whole: '🐕' })
    expect(parseWellFormed('[1, "\\\\ud83d"]')).toEqual([1, '\\ud83d'])
    const depth = 50_000
    expect(() => parseWellFormed(`${'['.repeat(depth)}"\\ud83d"${']'.repeat(depth)}`)).not.toThrow()
    expect(() => parseWellFormed('{')).toThrow(SyntaxError)
  })
})
