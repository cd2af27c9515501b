// Key phrases of a query (eq. 21): named entities, temporal and spatial expressions, numbers, quoted titles, found by
// rule. Knows nothing of contexts or rewards.
import { containsPhrase, stopWords } from '../../text.ts'
import { canonicalWords, compareValues, valueOf, valuesLike } from './values.ts'

export interface KeyPhrase {
  text: string
  kind: 'name' | 'place' | 'date' | 'time' | 'number' | 'quoted'
}

const month = '(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan\\.?|Feb\\.?|Mar\\.?|Apr\\.?|Jun\\.?|Jul\\.?|Aug\\.?|Sept?\\.?|Oct\\.?|Nov\\.?|Dec\\.?)'
const weekday = '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?'
const nth = '\\d{1,2}(?:st|nd|rd|th)?'
const smallNumber =
  '(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?)'
const bigNumber = '(?:hundred|thousand|million|billion)'
const time = '(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?)'

/** Tried in this order; what one has taken, the next does not see. */
const patterns: readonly (readonly [KeyPhrase['kind'], RegExp])[] = [
  ['quoted', /"([^"]+)"|“([^”]+)”|(?<=^|\s)['‘]([A-Z][^'’]*(?:['’]\w[^'’]*)*)['’](?=$|[\s?.,!;:])/g],
  ['time', /\b\d{1,2}(?::\d{2})?\s*[ap]\.?m\b\.?|\b\d{1,2}:\d{2}\b|\b(?:noon|midnight)\b/gi],
  [
    'date',
    new RegExp(
      [
        '\\b\\d{4}-\\d{2}-\\d{2}\\b',
        `\\b${nth}(?: of)? ${month}(?:,? \\d{4})?(?!\\w)`,
        `\\b${month} ${nth}(?:,? \\d{4})?\\b`,
        `\\b${month},? (?:of )?\\d{4}\\b`,
        '\\b(?:\\d{1,2}(?:st|nd|rd|th)|[a-z]+teenth|twent(?:ieth|y-first)|twelfth|tenth) century\\b',
        `\\b(?:January|February|March|April|June|July|August|September|October|November|December)\\b(?! \\p{Lu})|(?<=\\p{Ll} )May\\b(?! \\p{Lu})`,
        '(?<!\\b\\p{Lu}{2,} )\\b(?:1\\d{3}|20\\d{2})s?(?:\\s?[-–]\\s?(?:\\d{4}|\\d{2}))?(?![\\d,.]*\\d)\\b',
        `\\b(?:(?:[Ll]ast|[Nn]ext|[Tt]his|[Ee]very) )?${weekday}\\b|\\b(?:[Ll]ast|[Nn]ext|[Tt]his|[Ee]very) (?:week|month|year|weekend|spring|summer|autumn|winter)\\b`,
        '\\b(?:yesterday|today|tomorrow|tonight)\\b',
      ].join('|'),
      'gu',
    ),
  ],
  [
    'number',
    new RegExp(
      `(?:[$€£]\\s?)?\\b\\d[\\d,]*(?:\\.\\d+)?(?:st|nd|rd|th)?\\b%?(?:[- ]${bigNumber}\\b)?(?:[- ]${time}\\b)?|` +
        `\\b${smallNumber}(?:[- ]${bigNumber})?[- ]${time}\\b|\\b(?:a|one|${smallNumber}) ${bigNumber}(?: ${time})?\\b`,
      'gi',
    ),
  ],
]

/** Common places that stand without a name. */
const commonPlace =
  /\b(?:in|at|near|inside|outside|behind|by|around) (?:the|her|his|their|my|our|your) ((?:[a-z]+ )?(?:airport|bakery|bank|beach|bridge|café|cafe|castle|church|cinema|city centre|clinic|factory|farm|forest|garden|gym|harbour|hospital|hotel|island|kitchen|laboratory|lake|library|market|mountains|museum|park|port|restaurant|river|school|station|theatre|university|village|workshop))\b/g

/** Words that open a question or a request: a capital says nothing there. */
const openers = new Set(
  (
    'name plan give tell list find make write please suggest recommend describe explain remind help compare many much considering ' +
    'between during since until according given based besides among within without despite although though because while once ' +
    'both either neither one two three most some any all every each another other yes now today ' +
    'prepare arrange book schedule draft create show say state identify let set take use think remember recall calculate choose ' +
    'along across beyond beside beneath upon via per unlike regarding concerning among amid near inside outside above below behind ' +
    'going counting taking looking starting ' +
    'hello hi hey okay ok thanks dear sorry well notable'
  ).split(' '),
)
const isOpener = (word: string) => {
  const plain = word.toLowerCase()
  return stopWords.has(plain) || openers.has(plain) || /n['’]t$/.test(plain) || stopWords.has(plain.split(/['’]/)[0] ?? '')
}

/** Capitalised, and yet no entity: adjectives of nationality alone, and New Year, which says how to count a year. */
const nameless = new Set([
  'new year',
  ...(
    'african american argentine asian australian austrian bangladeshi belgian brazilian british bulgarian canadian chilean chinese ' +
    'colombian croatian cuban czech danish dutch egyptian english european filipino finnish french german greek hungarian ' +
    'icelandic indian indonesian iranian iraqi irish israeli italian japanese kenyan korean malaysian mexican moroccan nigerian ' +
    'norwegian pakistani peruvian polish portuguese romanian russian scottish serbian spanish swedish swiss thai turkish ' +
    'ukrainian vietnamese welsh'
  ).split(' '),
])

const titles = 'Mr|Mrs|Ms|Dr|Prof'
const abbreviated = `${titles}|St|Jr|Sr`
const capital = `(?:\\p{Lu}[\\p{L}\\p{M}\\d]*(?:['’](?!s\\b)\\p{L}+)*(?:(?<=\\b(?:\\p{Lu}|${abbreviated}))\\.)?)`
const compound = `${capital}(?:[-–&]?(?:${capital}|(?<=-)\\d+))*`
const inner = "(?:of the|of|the|de la|de|del|della|da|di|du|la|le|van der|van den|van|von der|von|ap|bin|ibn|al|y|N'|&)"
const nameRun = new RegExp(`${compound}(?:,? (?:Jr\\b\\.?|Sr\\b\\.?|I{2,3}\\b|IV\\b)|(?: (?:${inner} )?)(?:${compound}|\\d+\\b(?! (?:${time})\\b)))*`, 'gu')
const spatial = /(?:^|\s)(?:in|at|near|inside|outside|around|on the island of|on the coast of)\s+(?:the\s+)?$/i

interface Taken {
  from: number
  to: number
}

const overlaps = (taken: readonly Taken[], from: number, to: number) => taken.some((span) => from < span.to && to > span.from)

/** Is the word at this offset the first of a sentence, so that its capital means nothing? */
function opensSentence(text: string, at: number): boolean {
  const before = text.slice(0, at)
  return /^[\s"“'‘(]*$/.test(before) || (/[.!?:]["”’]?\s+["“(]?$/.test(before) && !new RegExp(`\\b(?:${abbreviated}|\\p{Lu})\\.\\s+$`, 'u').test(before))
}

/** Drops the openers a run starts with ("Is Mira" → "Mira"), and a lone capitalised first word that is no name. */
function trimName(query: string, run: string, at: number): { text: string; at: number } | null {
  let text = run
  let start = at
  if (opensSentence(query, at)) {
    for (;;) {
      const first = /^\S+/.exec(text)?.[0] ?? ''
      if (first === '' || !isOpener(first)) break
      const rest = text.slice(first.length)
      const gap = rest.length - rest.trimStart().length
      start += first.length + gap
      text = rest.trimStart()
      // "Of the Mira" cannot begin a name: skip to the next capital.
      const lower = /^(?:\p{Ll}\S*\s+)+/u.exec(text)?.[0] ?? ''
      start += lower.length
      text = text.slice(lower.length)
    }
    const alone = !/\s/.test(text) && start === at && text !== ''
    const after = query.slice(start + text.length)
    const nameLike = /^(?:['’]s\b|,? (?:is|was|has|had|will|does|did|and|or|who|which|lives|works|likes|wants|moved|the)\b)/.test(after) || /[-\d.]|\p{Lu}.*\p{Lu}/u.test(text)
    if (alone && !nameLike) return null
  }
  // "The Exies" and "Dr. Tal Renn" may stand elsewhere without article or title.
  const lead = new RegExp(`^(?:(?:The|A|An|${titles})\\.? )+(?=\\S)`).exec(text)?.[0].length ?? 0
  text = text.slice(lead)
  start += lead
  // "I", "I'm", the C of "C major".
  if (text.length < 2 || /^I['’]/.test(text) || nameless.has(text.toLowerCase())) return null
  return { text, at: start }
}

/** Characters of a query in which key phrases are looked for: a question has a few hundred. */
const queryRead = 4000

/** The key phrases of a query, in the order in which they stand there, each once. */
export function keyPhrases(whole: string): KeyPhrase[] {
  const query = whole.slice(0, queryRead)
  const taken: Taken[] = []
  const found: (KeyPhrase & { at: number })[] = []
  const take = (kind: KeyPhrase['kind'], text: string, at: number, length: number) => {
    taken.push({ from: at, to: at + length })
    found.push({ kind, text: text.trim(), at })
  }
  for (const [kind, pattern] of patterns) {
    if (kind === 'number') takeNames()
    for (const match of query.matchAll(pattern)) {
      const text = match[1] ?? match[2] ?? match[3] ?? match[0]
      if (overlaps(taken, match.index, match.index + match[0].length)) continue
      take(kind, text, match.index, match[0].length)
    }
  }
  for (const match of query.matchAll(commonPlace)) {
    const place = match[1] ?? ''
    const at = match.index + match[0].length - place.length
    if (!overlaps(taken, at, at + place.length)) take('place', place, at, place.length)
  }

  // Names come before numbers, so that "Apollo 11" is one name, and after dates, so that "May" is a month.
  function takeNames() {
    for (const match of query.matchAll(nameRun)) {
      for (const piece of uncovered(taken, match.index, match[0])) {
        const name = trimName(query, piece.text, piece.at)
        if (name && /^\p{Lu}/u.test(name.text)) take(spatial.test(query.slice(0, name.at)) ? 'place' : 'name', name.text, name.at, name.text.length)
      }
    }
  }

  const seen = new Set<string>()
  return found
    .sort((a, b) => a.at - b.at)
    .filter(({ text }) => {
      const key = canonicalWords(text).join(' ')
      if (key === '' || seen.has(key)) return false
      seen.add(key)
      return true
    })
    .map(({ kind, text }) => ({ kind, text }))
}

/** The parts of a run that nothing has taken yet, in whole words. */
function uncovered(taken: readonly Taken[], at: number, run: string): { text: string; at: number }[] {
  const pieces: { text: string; at: number }[] = []
  for (const match of run.matchAll(/\S+(?: +\S+)*?(?= |$)/g)) {
    const from = at + match.index
    if (overlaps(taken, from, from + match[0].length)) continue
    const last = pieces.at(-1)
    if (last && last.at + last.text.length + 1 === from) last.text += ` ${match[0]}`
    else pieces.push({ text: match[0], at: from })
  }
  return pieces
}

/** Does a text hold the phrase: its words in a row (numbers in any spelling), or the same value? */
export function holdsPhrase(text: string, phrase: KeyPhrase): boolean {
  if (containsPhrase(text, phrase.text)) return true
  const wanted = canonicalWords(phrase.text).join(' ')
  if (wanted !== '' && ` ${canonicalWords(text).join(' ')} `.includes(` ${wanted} `)) return true
  const value = valueOf(phrase.text)
  return value !== null && valuesLike(text, value).some((other) => compareValues(other, value) === 'equal')
}
