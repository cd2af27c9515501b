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

/** Halves of a character that stand alone, as they come of "\ud83d" in JSON or of a text cut within an emoji. */
const loneSurrogates = /\p{Surrogate}/gu

/**
 * The text with every lone surrogate as U+FFFD, which is what UTF-8, and with it every tokenizer and every file, makes of
 * one. Whatever comes in is mended once, so that what is recorded is what a policy reads when it is replayed.
 */
export function wellFormed(text: string): string {
  return text.replace(loneSurrogates, '\uFFFD')
}

/** Deeper than any schema here: what lies there is refused or left out anyhow. */
const deepest = 500

/** The same in a value read from JSON: all texts in it, and the names of fields. */
export function wellFormedValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return wellFormed(value)
  if (typeof value !== 'object' || value === null || depth > deepest) return value
  if (Array.isArray(value)) return value.map((each) => wellFormedValue(each, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [wellFormed(name), wellFormedValue(each, depth + 1)]))
}

/** JSON.parse() with its texts mended: escapes are the only way for half a character into text that was UTF-8. @throws SyntaxError */
export function parseWellFormed(json: string): unknown {
  const value: unknown = JSON.parse(json)
  return /\\u[dD][89a-fA-F]/.test(json) ? wellFormedValue(value) : value
}

/** As it is named in a message: short, on one line. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return `"${line.length > 60 ? `${line.slice(0, 60).replace(/\p{Surrogate}/gu, '')}…` : line}"`
}
