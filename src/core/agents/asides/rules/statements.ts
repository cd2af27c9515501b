// Finds what a message states, by rule: the sentences that say something lasting of somebody, without the talk around them.
// Knows English in general: names, what questions and hearsay look like, words of common matters. It knows no task.
import { stopWords } from '../../../text.ts'
import { topicsOf } from './topics.ts'

/** Words that begin a sentence with a capital and are no name. */
const openers = new Set(
  (
    'actually again also although always anyway apparently back because before besides big by correction earlier every everybody everyone ' +
    'everything finally fair first forget funny good great guess hello here hey hi however important keep last later let little look many ' +
    'maybe my news nice no not note now okay oh one only once our people perhaps please put right scratch since small so some somebody ' +
    'someone something sorry speaking still sure surely take thanks then there things this today tomorrow turns update usually wait well ' +
    'whatever when whenever while yes yesterday yet you hm ha for in at on from if after before under until during without within word'
  ).split(' '),
)
const calendar = /^(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|January|February|March|April|May|June|July|August|September|October|November|December)$/

const asOfAName = /^(?:['’]s?\s|,? (?:and|has|had|lives|works|plays|likes|loves|hates|prefers|moved|makes|went|told|said|married|owns|speaks|studies|who)\b|: )/

const word = "\\p{Lu}[\\p{L}\\p{M}\\d]*(?:[-'’](?!s\\b)\\p{L}+)*"
const run = new RegExp(`${word}(?: (?:(?:of|de|la|van|von|al) )?${word})*`, 'gu')

/** Names of people, places and the like, in order, each once. */
export function namesIn(sentence: string): string[] {
  const found = new Set<string>()
  for (const { 0: whole, index } of sentence.matchAll(run)) {
    const parts = whole.split(' ')
    const before = sentence.slice(0, index)
    const opens = /^\W*$|[.!?:;"]\s+$/.test(before) && !/\b(?:Dr|Mr|Mrs|Ms|Prof|St)\.\s+$/.test(before)
    while (opens && parts[0] !== undefined && (openers.has(parts[0].toLowerCase()) || stopWords.has(parts[0].toLowerCase()))) parts.shift()
    const name = parts.filter((part, i) => !(i === 0 && /^(?:I|The|A|An)$/.test(part))).join(' ')
    // One word that opens a sentence has its capital from there, unless something is said of it as of a name.
    if (opens && parts.length === 1 && whole === name && !asOfAName.test(sentence.slice(index + whole.length))) continue
    if (name.length > 1 && !calendar.test(name) && !stopWords.has(name.toLowerCase())) found.add(name)
  }
  return [...found]
}

const ofMyself = /\b(?:I|I['’]m|my|our|we|me)\b/i
/** … and lasting. */
const lastingOfMyself = /\b(?:my|our) .*\b(?:is|are|was) (?:called|named|on|in|a|an)\b|\b(?:I|we)(?:['’]m| am| are)? (?:live|work|moved to|was born|allergic|prefer|love|hate|like|play|study|speak|married|vegetarian|vegan)\b(?! how)/i
/** Says nothing by itself. */
const leaning = /^(?:the new|that is|that's|because|the year|go to|they|it|their|his|her)\b/i

/** What is said of it is that it does not hold, or that nobody knows. */
const disowned =
  /\b(?:rumou?r|nonsense|untrue|mistaken|claim(?:s|ed)?|insisted|common error|full of errors|sloppy|bet that|guess that|apology|used to|formerly|once (?:upon|true|lived|worked|had|read)|no longer holds|not the case|out of date|outdated|long ago|back in the day|history|years ago|old (?:list|email|papers?|notebook|notes|form|photo|diary|letter|claim|web)|those days|slip of the pen|over for ages|simply wrong|but no\b|far enough back|long before)/i

/** Talk in front of a statement, up to where it begins. */
function withoutLead(sentence: string): string {
  let said = sentence.trim()
  // "Correction: …", "Not Tarn, as I said: …": what counts stands behind. A speaker before his own words stays.
  const behind = /^(.*?)[:;]\s+(.+)$/u.exec(said)
  if (behind) {
    const [, before = '', after = ''] = behind
    const speaker = /^\p{Lu}[\p{L}.]*(?: \p{Lu}[\p{L}.]*)?$/u.test(before) && ofMyself.test(after) && !openers.has(before.toLowerCase())
    if (!speaker && namesIn(after).length > 0 && !/^(?:the new|that is)\b/i.test(after) && after.split(' ').length >= 3) said = after
  }
  const asked = /^(?:did|do|would|have|can) (?:I|you|we)\b.*? (?:that|if) (.+)\?$/i.exec(said)
  if (asked?.[1]) said = `${asked[1]}.`
  const that = /^(?:I|you|we|it|please|did|the truth|as|something)\b[^,:;]*? (?:that|because) (.+)$/i.exec(said)
  const because = /^please [^:;]*, because (.+)$/i.exec(said)
  if (because?.[1]) said = because[1]
  const [first = ''] = namesIn(said)
  if (that?.[1] && !/^it (?:is|was) (?:in|on)\b/i.test(said) && namesIn(that[1])[0] === first && first !== '') said = that[1]
  const comma = /^([^,]{1,40}), (.+)$/.exec(said)
  if (comma?.[1] && comma[2] && namesIn(comma[1]).length === 0 && namesIn(comma[2]).length > 0 && !/\b(?:who|which|where)\b/.test(comma[1]) && !leaning.test(comma[2])) said = comma[2]
  return said.replace(/^(?:in fact|actually|turns out|by now|and|so|oh|but)\b,? /i, '')
}

/** Talk behind it, and what it says of the value of before. */
const withoutTail = (said: string): string =>
  said
    .replace(/, (?:if I have|not in|not any|in case|mind you|as I said|though)\b[^,]*$/i, '.')
    .replace(/\b(has|have) left [^,.]+? and /, '')
    .replace(/ (?:now|these days|by now)([.!]?)$/, '$1')

const clean = (sentence: string): string => {
  const said = withoutTail(withoutLead(sentence)).trim()
  const ended = /[.!?]["”]?$/.test(said) ? said : `${said}.`
  return ended.charAt(0).toUpperCase() + ended.slice(1)
}

/** Sentences; one that goes on about somebody of the one before stands with it. */
function sentencesOf(message: string): string[] {
  const joined: string[] = []
  for (const sentence of message.split(/(?<=(?<!\b(?:Dr|Mr|Mrs|Ms|Prof|St))[.!?]["”]?)\s+/)) {
    const said = sentence.trim()
    const goesOn = /^(?:they|he|she|it|their|his|her|its|that|this|the (?:new|town|company|place|city))\b/i.test(said) && namesIn(joined.at(-1) ?? '').length > 0
    if (goesOn) joined.push(`${joined.pop() ?? ''} ${said}`)
    else if (said !== '') joined.push(said)
  }
  return joined
}

/** What the messages state that may matter later, each once. */
export function statementsIn(messages: readonly string[]): string[] {
  const found = messages.flatMap(sentencesOf).flatMap((sentence) => {
    const said = clean(sentence)
    if (/\?["”]?$/.test(said) || disowned.test(said)) return []
    const lasting = namesIn(said).length > 0 ? said.split(' ').length > 2 : lastingOfMyself.test(said) && topicsOf(said).size > 0
    return lasting ? [said] : []
  })
  return [...new Set(found)]
}
