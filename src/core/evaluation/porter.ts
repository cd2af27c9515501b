// The stemmer of Porter (1980), "An algorithm for suffix stripping", with the extensions of NLTK, which published evaluations
// of answers use. Knows nothing of tasks.

const isConsonant = (word: string, at: number): boolean => {
  const letter = word[at] ?? ''
  if ('aeiou'.includes(letter)) return false
  return letter !== 'y' || at === 0 || !isConsonant(word, at - 1)
}

/** How often a vowel is followed by a consonant: m of the paper. */
function measure(stem: string): number {
  let m = 0
  for (let at = 1; at < stem.length; at++) if (isConsonant(stem, at) && !isConsonant(stem, at - 1)) m++
  return m
}

const hasVowel = (stem: string) => Array.from(stem, (_, at) => at).some((at) => !isConsonant(stem, at))
const endsDouble = (word: string) => word.length >= 2 && word.at(-1) === word.at(-2) && isConsonant(word, word.length - 1)

/** Consonant, vowel, consonant that is none of w, x, y; NLTK: or vowel, consonant and nothing before. */
function endsShort(word: string): boolean {
  const last = word.length - 1
  if (word.length === 2) return !isConsonant(word, 0) && isConsonant(word, 1)
  return last >= 2 && isConsonant(word, last - 2) && !isConsonant(word, last - 1) && isConsonant(word, last) && !'wxy'.includes(word[last] ?? '')
}

type Rule = readonly [suffix: string, by: string, when?: (stem: string) => boolean]

/** By the first rule whose suffix the word has, if its condition holds; else the word as it is. */
function apply(word: string, rules: readonly Rule[], usually: (stem: string) => boolean): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix))
  if (!rule) return word
  const [suffix, by, when = usually] = rule
  const stem = word.slice(0, word.length - suffix.length)
  return when(stem) ? stem + by : word
}

const positive = (stem: string) => measure(stem) > 0
const long = (stem: string) => measure(stem) > 1
const always = () => true

function plural(word: string): string {
  if (word.length === 4 && word.endsWith('ies')) return `${word.slice(0, -3)}ie`
  return apply(word, [['sses', 'ss'], ['ies', 'i'], ['ss', 'ss'], ['s', '']], always)
}

function past(word: string): string {
  if (word.endsWith('ied')) return word.length === 4 ? `${word.slice(0, -3)}ie` : `${word.slice(0, -3)}i`
  if (word.endsWith('eed')) return positive(word.slice(0, -3)) ? word.slice(0, -1) : word
  const suffix = ['ed', 'ing'].find((each) => word.endsWith(each) && hasVowel(word.slice(0, -each.length)))
  if (suffix === undefined) return word
  const stem = word.slice(0, -suffix.length)
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`
  if (endsDouble(stem)) return /[lsz]$/.test(stem) ? stem : stem.slice(0, -1)
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem
}

const yToI = (word: string) => apply(word, [['y', 'i', (stem) => stem.length > 1 && isConsonant(stem, stem.length - 1)]], always)

const second: readonly Rule[] = [
  ['ational', 'ate'], ['tional', 'tion'], ['enci', 'ence'], ['anci', 'ance'], ['izer', 'ize'], ['bli', 'ble'], ['alli', 'al'], ['entli', 'ent'],
  ['eli', 'e'], ['ousli', 'ous'], ['ization', 'ize'], ['ation', 'ate'], ['ator', 'ate'], ['alism', 'al'], ['iveness', 'ive'], ['fulness', 'ful'],
  ['ousness', 'ous'], ['aliti', 'al'], ['iviti', 'ive'], ['biliti', 'ble'], ['fulli', 'ful'], ['logi', 'log', (stem) => positive(`${stem}l`)],
]

function doubleSuffix(word: string): string {
  if (word.endsWith('alli') && positive(word.slice(0, -4))) return doubleSuffix(word.slice(0, -2))
  return apply(word, second, positive)
}

const third: readonly Rule[] = [['icate', 'ic'], ['ative', ''], ['alize', 'al'], ['iciti', 'ic'], ['ical', 'ic'], ['ful', ''], ['ness', '']]

const fourth: readonly Rule[] = [
  ['al', ''], ['ance', ''], ['ence', ''], ['er', ''], ['ic', ''], ['able', ''], ['ible', ''], ['ant', ''], ['ement', ''], ['ment', ''], ['ent', ''],
  ['ion', '', (stem) => long(stem) && /[st]$/.test(stem)],
  ['ou', ''], ['ism', ''], ['ate', ''], ['iti', ''], ['ous', ''], ['ive', ''], ['ize', ''],
]

function last(word: string): string {
  const stem = word.slice(0, -1)
  const short = word.endsWith('e') && (long(stem) || (measure(stem) === 1 && !endsShort(stem))) ? stem : word
  return short.endsWith('ll') && long(short.slice(0, -1)) ? short.slice(0, -1) : short
}

/** Words that NLTK has by heart. */
const irregular: Readonly<Record<string, string>> = {
  sky: 'sky', skies: 'sky', dying: 'die', lying: 'lie', tying: 'tie', news: 'news', innings: 'inning', inning: 'inning', outings: 'outing',
  outing: 'outing', cannings: 'canning', canning: 'canning', howe: 'howe', proceed: 'proceed', exceed: 'exceed', succeed: 'succeed',
}

/** The stem of a word, in lower case. */
export function stem(given: string): string {
  const word = given.toLowerCase()
  if (Object.hasOwn(irregular, word)) return irregular[word] ?? word
  if (word.length <= 2) return word
  return last(apply(apply(doubleSuffix(yToI(past(plural(word)))), third, positive), fourth, long))
}
