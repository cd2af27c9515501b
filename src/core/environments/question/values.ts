// Numbers, quantities, dates and times of day in plain English, so that they compare by value: "two hours" is
// "120 minutes", "3 May 1990" is "1990-05-03". Knows nothing of tasks or rewards.
import { words } from '../../text.ts'

/** A day, a month of a year, a day of a month, or a year: what was said. Months count from 1. */
interface DateValue {
  kind: 'date'
  year: number | null
  month: number | null
  day: number | null
}
/** An amount of something; `unit` is singular and in base units where there are some (seconds, metres); '' for none. */
interface QuantityValue {
  kind: 'quantity'
  amount: number
  unit: string
  /** The number as it was written: 2 of "2 hours". */
  said: number
}
/** Minutes since midnight. */
interface TimeValue {
  kind: 'time'
  minutes: number
}
type Value = DateValue | QuantityValue | TimeValue

const small = new Map(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
    .split(' ')
    .map((word, value) => [word, value] as const),
)
const tens = new Map('twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, i) => [word, 20 + 10 * i] as const))
const scales = new Map([
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
])
const ordinals = new Map([
  ...(
    'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth ' +
    'sixteenth seventeenth eighteenth nineteenth'
  )
    .split(' ')
    .map((word, i) => [word, i + 1] as const),
  ...'twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth'.split(' ').map((word, i) => [word, 20 + 10 * i] as const),
])

const months = new Map(
  'january february march april may june july august september october november december'
    .split(' ')
    .flatMap((name, i) => [[name, i + 1] as const, [name.slice(0, 3), i + 1] as const]),
)
months.set('sept', 9)

const weekdays = new Set('monday tuesday wednesday thursday friday saturday sunday'.split(' '))

/** Unit word to its base unit and how many of those it is. */
const units = new Map<string, readonly [string, number]>([
  ...['second', 'sec'].map((u) => [u, ['second', 1]] as const),
  ...['minute', 'min'].map((u) => [u, ['second', 60]] as const),
  ...['hour', 'hr', 'h'].map((u) => [u, ['second', 3600]] as const),
  ['day', ['second', 86400]],
  ['week', ['second', 604800]],
  ['month', ['month', 1]],
  ['year', ['month', 12]],
  ['decade', ['month', 120]],
  ...['metre', 'meter', 'm'].map((u) => [u, ['metre', 1]] as const),
  ...['kilometre', 'kilometer', 'km'].map((u) => [u, ['metre', 1000]] as const),
  ...['gram', 'g'].map((u) => [u, ['gram', 1]] as const),
  ...['kilogram', 'kilo', 'kg'].map((u) => [u, ['gram', 1000]] as const),
  ...['dollar', 'usd'].map((u) => [u, ['dollar', 1]] as const),
])

const numeral = /\d+(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?/g
const isNumeral = (token: string | undefined): token is string => token !== undefined && /^\d+(\.\d+)?$/.test(token)
const isOrdinal = (token: string | undefined): token is string => token !== undefined && /^\d+th$/.test(token)

/** Words with numerals kept whole (decimals, thousand separators), symbols as words, "19th" and "1990s" as one word. */
function tokenise(text: string): string[] {
  const plain = text
    .replace(/\$\s?(\d[\d.,]*(?:\s(?:thousand|million|billion)\b)?)/gi, ' $1 dollars ')
    .replace(/€\s?(\d[\d.,]*(?:\s(?:thousand|million|billion)\b)?)/gi, ' $1 euros ')
    .replace(/£\s?(\d[\d.,]*(?:\s(?:thousand|million|billion)\b)?)/gi, ' $1 pounds ')
    .replace(/%|\bper cent\b/gi, ' percent ')
  const tokens: string[] = []
  let at = 0
  for (const match of plain.matchAll(numeral)) {
    for (const word of words(plain.slice(at, match.index))) tokens.push(word)
    at = match.index + match[0].length
    const suffix = /^(?:st|nd|rd|th|s)\b/i.exec(plain.slice(at, at + 3))?.[0] ?? ''
    at += suffix.length
    tokens.push(String(Number(match[0].replaceAll(',', ''))) + (suffix.length === 2 ? 'th' : suffix))
  }
  return tokens.concat(words(plain.slice(at)))
}

/** Reads a cardinal or ordinal number that starts at token `from`; null when none does. */
function readNumber(tokens: readonly string[], from: number): { token: string; next: number } | null {
  let total = 0
  let group: number | null = null
  let ceiling = Infinity
  let digits = false
  let at = from
  for (; at < tokens.length; at++) {
    const token = tokens[at] ?? ''
    // What may follow within one group of three digits: "twenty" then "one", "hundred" then "five".
    const room: number = group === null ? 1000 : digits ? 0 : group > 0 && group % 100 === 0 ? 100 : group % 100 >= 20 && group % 10 === 0 ? 10 : 0
    const unit = small.get(token)
    const ten = tens.get(token)
    const scale = scales.get(token)
    const ordinal = digits ? undefined : ordinals.get(token)
    if (isNumeral(token) && group === null) {
      group = Number(token)
      digits = true
    } else if (unit !== undefined && unit < room) {
      group = (group ?? 0) + unit
      digits = false
    } else if (ten !== undefined && room >= 100) {
      group = (group ?? 0) + ten
      digits = false
    } else if (token === 'hundred' && group !== null && group < 100) {
      group *= 100
      digits = false
    } else if (scale !== undefined && group !== null && scale < ceiling) {
      total += group * scale
      ceiling = scale
      group = null
      digits = false
    } else if (ordinal !== undefined && ordinal < room) {
      return { token: `${total + (group ?? 0) + ordinal}th`, next: at + 1 }
    } else if (token === 'a' && at === from && (tokens[at + 1] === 'hundred' || scales.has(tokens[at + 1] ?? ''))) {
      group = 1
    } else if (token === 'and' && at > from && (group === null || room === 100) && !digits) {
      const following = tokens[at + 1] ?? ''
      if (!small.has(following) && !tens.has(following)) break
    } else break
  }
  if (at === from) return null
  return { token: String(total + (group ?? 0)), next: at }
}

/**
 * The words of a text with every number in digits: "twenty-one" gives "21", "1,000" gives "1000", "nineteenth"
 * gives "19th" ("th" for every ordinal), "twice" gives "2 times".
 */
export function canonicalWords(text: string): string[] {
  const tokens = tokenise(text)
  const out: string[] = []
  let at = 0
  while (at < tokens.length) {
    const token = tokens[at] ?? ''
    // After a number "second" is the unit.
    const number = token === 'second' && isNumeral(out.at(-1)) ? null : readNumber(tokens, at)
    if (number) {
      out.push(number.token)
      at = number.next
      continue
    }
    if (token === 'twice') out.push('2', 'times')
    else out.push(token)
    at++
  }
  return out
}

const monthPattern = [...months.keys()].sort((a, b) => b.length - a.length).join('|')
const datePatterns = [
  /(?<y>\d{4}) (?<m>\d{1,2}) (?<d>\d{1,2})/,
  new RegExp(`(?<d>\\d{1,2})(?:th)? (?:of )?(?<name>${monthPattern})(?: (?:of )?(?<y>\\d{4}))?`),
  new RegExp(`(?<name>${monthPattern}) (?:the )?(?<d>\\d{1,2})(?:th)?(?: (?:of )?(?<y>\\d{4}))?`),
  new RegExp(`(?<name>${monthPattern}) (?:of )?(?<y>\\d{4})`),
].map(({ source }) => ({ anywhere: new RegExp(`(?<= )${source}(?= )`, 'g'), whole: new RegExp(`^${source}$`) }))

function readDate(groups: Record<string, string | undefined>): DateValue | null {
  const { y, m, d, name } = groups
  const year = y === undefined ? null : Number(y)
  const month = name !== undefined ? (months.get(name) ?? null) : m !== undefined ? Number(m) : null
  const day = d === undefined ? null : Number(d)
  if (month === null || month < 1 || month > 12 || (day !== null && (day < 1 || day > 31))) return null
  return { kind: 'date', year, month, day }
}

/** The dates with a month that a text names, in order of pattern; years that stand alone are not among them. */
export function datesIn(text: string): DateValue[] {
  let line = ` ${canonicalWords(text).join(' ')} `
  const found: DateValue[] = []
  for (const { anywhere } of datePatterns) {
    line = line.replace(anywhere, (match, ...rest: unknown[]) => {
      const groups: unknown = rest.at(-1)
      const date = isGroups(groups) ? readDate(groups) : null
      if (!date) return match
      found.push(date)
      return '·'
    })
  }
  return found
}

function isGroups(value: unknown): value is Record<string, string | undefined> {
  return typeof value === 'object' && value !== null
}

const singular = (word: string) => (word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word)

/** Amount and unit words as a quantity in base units. */
function quantity(amount: number, unitWords: readonly string[]): QuantityValue {
  const named = unitWords.map(singular)
  const base = units.get(named[0] ?? '')
  if (!base) return { kind: 'quantity', amount, unit: named.join(' '), said: amount }
  return { kind: 'quantity', amount: amount * base[1], unit: [base[0], ...named.slice(1)].join(' '), said: amount }
}

const bare = (amount: number): QuantityValue => ({ kind: 'quantity', amount, unit: '', said: amount })

function ordinal(token: string, nouns: readonly string[]): QuantityValue {
  const amount = Number.parseInt(token, 10)
  return { kind: 'quantity', amount, unit: ['th', ...nouns.map(singular)].join(' '), said: amount }
}

const clock = /\b(\d{1,2})(?::(\d{2}))?\s*([ap])\.?m\b\.?|\b(\d{1,2}):(\d{2})\b/gi

function readTime(match: RegExpMatchArray): TimeValue | null {
  const half = match[3]?.toLowerCase()
  const hour = Number(match[1] ?? match[4])
  const minute = Number(match[2] ?? match[5] ?? 0)
  if (hour > (half ? 12 : 23) || minute > 59) return null
  return { kind: 'time', minutes: ((half ? hour % 12 : hour) + (half === 'p' ? 12 : 0)) * 60 + minute }
}

/** The times of day that a text names: "7:30 pm", "19:30", "7 pm". */
export function timesIn(text: string): TimeValue[] {
  return [...text.matchAll(clock)].flatMap((match) => readTime(match) ?? [])
}

const lead = /^(?:(?:the|in|on|at|about|around|approximately|roughly|by) )+/

/** The value that the whole text names, or null when it is anything else ("Apollo 11", "from 1986 to 2013"). */
export function valueOf(text: string): Value | null {
  const times = timesIn(text)
  if (times[0] && /^\s*(?:at\s+)?$/i.test(text.replace(clock, ''))) return times[0]
  const line = canonicalWords(text).join(' ').replace(lead, '')
  const [first = '', ...rest] = line.split(' ')
  const dated = weekdays.has(first) ? rest.join(' ').replace(lead, '') : line
  for (const { whole } of datePatterns) {
    const groups = whole.exec(dated)?.groups
    const date = groups ? readDate(groups) : null
    if (date) return date
  }
  if (rest.some((word) => isNumeral(word) || isOrdinal(word)) || rest.length > 3) return null
  if (isOrdinal(first)) return ordinal(first, rest)
  if (!isNumeral(first)) return null
  const year = Number(first)
  if (rest.length === 0 && Number.isInteger(year) && year >= 1000 && year < 2100 && !text.includes(',')) {
    return { kind: 'date', year, month: null, day: null }
  }
  return quantity(year, rest)
}

const isRank = (value: QuantityValue) => value.unit === 'th' || value.unit.startsWith('th ')

type Comparison = 'equal' | 'vaguer' | 'different'

const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))

/** Are two values the same? `vaguer`: nothing contradicts, but one says less ("May 1990", "120" without its unit). */
export function compareValues(a: Value, b: Value): Comparison {
  if (a.kind === 'date' && b.kind === 'date') {
    let vaguer = false
    for (const part of ['year', 'month', 'day'] as const) {
      if (a[part] === b[part]) continue
      if (a[part] !== null && b[part] !== null) return 'different'
      vaguer = true
    }
    const shared = (['year', 'month', 'day'] as const).some((part) => a[part] !== null && b[part] !== null)
    return !vaguer ? 'equal' : shared ? 'vaguer' : 'different'
  }
  if (a.kind === 'time' && b.kind === 'time') return a.minutes === b.minutes ? 'equal' : 'different'
  if (a.kind === 'quantity' && b.kind === 'quantity') {
    if (near(a.amount, b.amount) && a.unit === b.unit) return 'equal'
    const unitless = (a.unit === '') !== (b.unit === '') && !isRank(a) && !isRank(b)
    return unitless && near(a.said, b.said) ? 'vaguer' : 'different'
  }
  // A bare "1984" is read as a year; against a plain number it is one.
  if (a.kind === 'quantity' && b.kind === 'date') return compareValues(b, a)
  if (a.kind === 'date' && b.kind === 'quantity' && a.year !== null && a.month === null) {
    return compareValues(bare(a.year), b)
  }
  return 'different'
}

/** Values of one text that are compared with one another at most: more only say that a text lists everything. */
const mostValues = 500

/** The values in a text that are of the same kind as `like`, each once, of the first 500. */
export function valuesLike(text: string, like: Value): Value[] {
  return distinct(candidates(text, like).slice(0, mostValues))
}

function distinct(values: readonly Value[]): Value[] {
  return values.filter((value, i) => !values.slice(0, i).some((earlier) => compareValues(earlier, value) === 'equal'))
}

function candidates(text: string, like: Value): Value[] {
  const tokens = canonicalWords(text)
  switch (like.kind) {
    case 'time':
      return timesIn(text)
    case 'date': {
      if (like.month !== null) return datesIn(text)
      return tokens.flatMap((token): Value[] =>
        isNumeral(token) && Number(token) >= 1000 && Number(token) < 2100 ? [{ kind: 'date', year: Number(token), month: null, day: null }] : [],
      )
    }
    case 'quantity': {
      const ranked = isRank(like)
      const length = like.unit === '' ? 0 : like.unit.split(' ').length
      return tokens.flatMap((token, at): Value[] => {
        if (ranked && isOrdinal(token)) return [ordinal(token, tokens.slice(at + 1, at + length))]
        if (ranked || !isNumeral(token)) return []
        const named = quantity(Number(token), tokens.slice(at + 1, at + 1 + Math.max(1, length)))
        // Words behind a bare number that are not the unit in question are the rest of the sentence.
        return [named.unit === like.unit || units.has(singular(tokens[at + 1] ?? '')) ? named : bare(Number(token))]
      })
    }
  }
}
