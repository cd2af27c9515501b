// What tells a text apart, by rule: its names and numbers, and its rarer words.
import { commonStems } from '../../memory/common-words.ts'
import { stem } from '../../memory/stem.ts'
import { contentWords, normalise, stopWords } from '../../text.ts'

const isPlain = (word: string) => stopWords.has(normalise(word)) || commonStems.has(stem(normalise(word)))

/** Names and dates: words with a capital that stand together, unless a sentence merely begins with one; and numbers. */
export function namesIn(text: string): string[] {
  const found = new Set<string>()
  for (const sentence of text.split(/(?<=[.!?:])\s+/)) {
    for (const match of sentence.matchAll(/\p{Lu}[\p{L}\p{N}’'-]*(?:\s+\p{Lu}[\p{L}\p{N}’'-]*)*|\d[\d.,:/-]*\d|\d/gu)) {
      const words = match[0].replace(/['’]s$/, '').split(/\s+/)
      // "Before I forget": what begins a sentence has its capital from that.
      while (words[0] !== undefined && isPlain(words[0])) words.shift()
      const name = words.join(' ')
      if (name !== '' && !isPlain(name)) found.add(name)
    }
  }
  return [...found]
}

/** Words that carry content and belong to no name; the rarer ones first, of these the longer ones. */
export function topicsIn(text: string): string[] {
  const ofNames = new Set(namesIn(text).flatMap((name) => normalise(name).split(' ')))
  const words = [...new Set(contentWords(text))].filter((word) => !ofNames.has(word) && word.length > 2 && !/^\d/.test(word))
  const common = (word: string) => commonStems.has(stem(word))
  const longest = (some: string[]) => some.sort((a, b) => b.length - a.length)
  return [...longest(words.filter((word) => !common(word))), ...longest(words.filter(common))]
}
