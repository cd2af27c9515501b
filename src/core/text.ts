// Words as the judge, the embedder and the fact matcher see them: one normalisation for all of core.

const accents = /[\u0300-\u036f]/g
const ascii = /^[\x20-\x7e]*$/

/** Lower case, accents removed, anything but letters and digits becomes one space. */
export function normalise(text: string): string {
  // Plain ASCII has no accents to take off, and is nearly everything.
  const plain = ascii.test(text) ? text : text.normalize('NFKD').replace(accents, '')
  return plain
    .toLowerCase()
    .replace(/['’](?=s\b)/g, ' ')
    .replace(/(\d),(?=\d{3}\b)/g, '$1')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** The words of a text, normalised. */
export function words(text: string): string[] {
  const n = normalise(text)
  return n === '' ? [] : n.split(' ')
}

/** True when the phrase stands in the text as whole words, after normalisation. */
export function containsPhrase(text: string, phrase: string): boolean {
  const p = normalise(phrase)
  return p !== '' && ` ${normalise(text)} `.includes(` ${p} `)
}

/** Words that carry grammar, not content. */
export const stopWords: ReadonlySet<string> = new Set(
  (
    'a an the and or but if then than so as of at by for from in into on onto to up with about over after before under ' +
    'is are was were be been being am do does did done has have had having will would shall should can could may might must ' +
    'i you he she it we they me him her us them my your his its our their this that these those there here ' +
    'who whom whose which what when where why how not no nor only own same too very s t just also'
  ).split(' '),
)

/** The words that carry content. */
export function contentWords(text: string): string[] {
  return words(text).filter((w) => !stopWords.has(w))
}
