import { describe, expect, it } from 'vitest'
import { splitPattern } from '../../pretraining/bpe-trainer.ts'
import { smallTokenizer, chatMl } from '../fixtures/small-tokenizers.ts'
import { checkPatterns, nestedRepetition, PatternError, patternsIn } from './patterns.ts'
import { Tokenizer } from './tokenizer.ts'

/** As the families that are read here have them. */
const inUse = [
  splitPattern,
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  '\\d{1,3}(?=(?:\\d{3})*\\b)',
]

describe('nestedRepetition', () => {
  it('finds a repetition of a repetition, and none in patterns that are in use', () => {
    expect(['(a+)+b', '(?:[a-z]*x)*', '(\\w+\\s?){2,}', '((a+)b)+', '(a{3,})*'].map(nestedRepetition)).toEqual(['(a+)+', '(?:[a-z]*x)*', '(\\w+\\s?){', '((a+)b)+', '(a{3,})*'])
    expect([...inUse, '(?:a+)?', '(a+)b+', '[(a+)+]+', '\\(a+\\)+', '(?:ab){2,}'].map(nestedRepetition).filter(Boolean)).toEqual([])
  })
})

describe('checkPatterns', () => {
  const splitting = (pattern: string) => (text: string) => { for (const _ of text.matchAll(new RegExp(pattern, 'gu'))) continue }
  it('lets patterns through that take their time by the length of the text', () => {
    for (const pattern of inUse) {
      const tried = new Tokenizer(smallTokenizer({ template: chatMl, pattern }))
      expect(tried.encode('hO hO').length).toBeGreaterThan(0)
    }
  })
  it('refuses one that doubles with each character, before it has taken long', () => {
    const began = performance.now()
    // Two ways for each letter, and no end that fits: nothing repeats a repetition here.
    expect(() => { checkPatterns(['(?:a|[ab])*c'], splitting('(?:a|[ab])*c'), () => performance.now()) }).toThrow(PatternError)
    expect(() => new Tokenizer(smallTokenizer({ template: chatMl, pattern: '(x+)+y|[\\s\\S]' }))).toThrow(/tokenizer\.json cannot be used: Its regular expression repeats a repetition, \(x\+\)\+/)
    expect(performance.now() - began).toBeLessThan(20_000)
  }, 40_000)
  it('does not take a machine that is busy once for a slow pattern', () => {
    let time = 0
    let calls = 0
    // The clock jumps in the middle of one probe.
    checkPatterns(['a+'], () => undefined, () => (time += ++calls === 100 ? 60_000 : 0.01))
    expect(calls).toBeGreaterThan(100)
    expect(() => { checkPatterns(['a+'], () => undefined, () => (time += 60_000)) }).toThrow(PatternError)
  })
  it('finds the patterns of a tokenizer wherever they stand, and refuses one that is a book', () => {
    expect(patternsIn({ type: 'Sequence', list: [{ pattern: { Regex: 'a' } }, { pattern: { String: 'b' } }, { deep: { pattern: { Regex: 'c' } } }] })).toEqual(['a', 'c'])
    expect(() => { checkPatterns(['a'.repeat(20_000)], () => undefined, () => 0) }).toThrow('20,000 characters')
  })
})
