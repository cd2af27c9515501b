// Tasks that somebody writes: a few things told, with corrections, what distracts, a question and its answer. As data, as
// lines of text, and as a task. Knows no page and no file.
import { z } from 'zod'
import { hash32 } from '../../../random.ts'
import { containsPhrase, contentWords, wellFormed } from '../../../text.ts'
import type { Fact, Task, TaskMessage } from '../task.ts'

/** How long a task of one's own can be: it has to fit into an address. */
export const ownLimits = { told: 40, distractors: 20, answers: 10, text: 300, encoded: 12_000 } as const

const text = z.string().max(ownLimits.text)

export const toldSchema = z.object({
  kind: z.enum(['fact', 'correction', 'small-talk']),
  text,
  /** Of a correction: which of what was told before it corrects, from 0; null: what it has most words in common with. */
  corrects: z.number().int().nonnegative().nullable(),
  /** Of a fact: the answer needs it, or what corrects it. */
  needed: z.boolean(),
})
export type Told = z.infer<typeof toldSchema>

/** What somebody wrote, finished or not. */
export const ownSchema = z.object({
  /** Stage 1, in order. */
  told: z.array(toldSchema).max(ownLimits.told),
  /** Stage 2, in order. */
  distractors: z.array(text).max(ownLimits.distractors),
  query: text,
  /** The right answer first, then other wordings of it. */
  answers: z.array(text).max(ownLimits.answers),
})
export type Own = z.infer<typeof ownSchema>

/** What keeps it from being a task. `at`: which of what was told, from 0. */
export type OwnProblem =
  | { kind: 'no-facts' | 'no-question' | 'no-answer' | 'too-long' }
  | { kind: 'corrects-nothing' | 'corrects-later'; at: number }

const isFact = ({ kind }: Told) => kind !== 'small-talk'

/** How many content words two texts share. */
function shared(a: string, b: string): number {
  const words = new Set(contentWords(a))
  return new Set(contentWords(b).filter((word) => words.has(word))).size
}

/** Which of what was told before a correction it corrects; null: nothing. The latest of those that are as likely. */
function corrected(told: readonly Told[], at: number): number | null {
  const own = told[at]
  if (own?.kind !== 'correction') return null
  if (own.corrects !== null) return own.corrects
  let best: { index: number; words: number } | null = null
  for (const [index, each] of told.slice(0, at).entries()) {
    if (!isFact(each)) continue
    const words = shared(each.text, own.text)
    if (words > 0 && words >= (best?.words ?? 0)) best = { index, words }
  }
  return best?.index ?? null
}

const trimmed = (lines: readonly string[]) => lines.map((line) => wellFormed(line.replace(/\s+/g, ' ').trim()))

/** Without what was left empty, and with everything said that goes without saying. */
function whole({ told, distractors, query, answers }: Own): Own {
  const texts = trimmed(told.map((each) => each.text))
  const kept = told.flatMap((each, i) => (texts[i] === '' ? [] : [{ ...each, text: texts[i] ?? '', from: i }]))
  const place = new Map(kept.map(({ from }, i) => [from, i]))
  const numbered = kept.map(({ from: _, ...each }) => ({ ...each, corrects: each.corrects === null ? null : (place.get(each.corrects) ?? null) }))
  const linked = numbered.map((each, i) => ({ ...each, corrects: corrected(numbered, i) }))
  const said = trimmed([query])[0] ?? ''
  const right = trimmed(answers).filter((answer) => answer !== '')
  return { told: withNeeded(linked, right), distractors: trimmed(distractors).filter((line) => line !== ''), query: said, answers: right }
}

/** The first wording of what a correction corrects, however often it was corrected. */
function rootOf(told: readonly Told[], at: number): number {
  const before = told[at]?.corrects ?? null
  return before === null || before >= at ? at : rootOf(told, before)
}

/** Where nobody marked what the answer needs, it is what says it; where nothing does, all of it. */
function withNeeded(told: readonly Told[], answers: readonly string[]): Told[] {
  const roots = told.map((_, i) => rootOf(told, i))
  const latest = (root: number) => told[roots.lastIndexOf(root)]?.text ?? ''
  const isRoot = (i: number) => roots[i] === i && told[i]?.kind === 'fact'
  const marked = new Set(told.flatMap((each, i) => (each.needed && isFact(each) ? [roots[i] ?? i] : [])))
  const all = told.flatMap((_, i) => (isRoot(i) ? [i] : []))
  const saying = all.filter((root) => answers.some((answer) => containsPhrase(latest(root), answer)))
  const needed = marked.size > 0 ? marked : new Set(saying.length > 0 ? saying : all)
  return told.map((each, i) => ({ ...each, needed: isRoot(i) && needed.has(i) }))
}

export function ownProblems(own: Own): OwnProblem[] {
  const { told, query, answers } = whole(own)
  const links = told.flatMap((each, at): OwnProblem[] => {
    if (each.kind !== 'correction') return []
    if (each.corrects === null) return [{ kind: 'corrects-nothing', at }]
    const target = told[each.corrects]
    return each.corrects < at && target && isFact(target) ? [] : [{ kind: 'corrects-later', at }]
  })
  return [
    ...(told.some(isFact) ? [] : [{ kind: 'no-facts' } as const]),
    ...links,
    ...(query === '' ? [{ kind: 'no-question' } as const] : []),
    ...(answers.length === 0 ? [{ kind: 'no-answer' } as const] : []),
    ...(encodeURIComponent(writeOwn(own)).length > ownLimits.encoded ? [{ kind: 'too-long' } as const] : []),
  ]
}

/** Words that are numbers, or begin with a capital where no sentence does. */
const namesIn = (said: string) => new Set(said.split(/\s+/).flatMap((word, i) => (/\d/.test(word) || (i > 0 && /^\p{Lu}/u.test(word)) ? contentWords(word) : [])))

/**
 * Phrases that tell a fact from what it corrects or is corrected by: of the words that only it has those that say a value,
 * where some do, and one of the words that both have. None where it has no words of its own.
 */
function keysAgainst(own: string, others: readonly string[], answers: readonly string[]): string[][] {
  const words = [...new Set(contentWords(own))]
  const theirs = new Set(others.flatMap(contentWords))
  const alone = words.filter((word) => !theirs.has(word))
  const both = words.filter((word) => theirs.has(word))
  const values = new Set([...namesIn(own), ...answers.flatMap(contentWords)])
  const saying = alone.filter((word) => values.has(word))
  const telling = saying.length > 0 ? saying : alone
  if (telling.length === 0) return []
  return [...telling.map((word) => [word]), ...(both.length > 0 ? [both] : [])]
}

function factsOf(told: readonly Told[], answers: readonly string[]): Fact[] {
  const ids = new Map(told.flatMap((each, i) => (isFact(each) ? [i] : [])).map((index, i) => [index, `f${i + 1}`]))
  return [...ids].map(([index, id]) => {
    const root = rootOf(told, index)
    const chain = told.flatMap((each, i) => (i !== index && isFact(each) && rootOf(told, i) === root ? [{ i, text: each.text }] : []))
    const next = chain.find(({ i }) => i > index)
    return {
      id,
      text: told[index]?.text ?? '',
      keys: chain.length === 0 ? [] : keysAgainst(told[index]?.text ?? '', chain.map((each) => each.text), answers),
      needed: next === undefined && (told[root]?.needed ?? false),
      superseded_by: next ? (ids.get(next.i) ?? null) : null,
    }
  })
}

/** @throws RangeError where it has problems */
export function ownTask(own: Own): Task {
  const [problem] = ownProblems(own)
  if (problem) throw new RangeError(`This is no task yet: ${problem.kind}.`)
  const { told, distractors, query, answers } = whole(own)
  const facts = factsOf(told, answers)
  let stated = 0
  const build = told.map((each): TaskMessage => ({ text: each.text, kind: each.kind, facts: isFact(each) ? [facts[stated++]?.id ?? ''] : [] }))
  const [answer = '', ...aliases] = answers
  return {
    id: `own-${hash32(writeOwn({ told, distractors, query, answers })).toString(16).padStart(8, '0')}`,
    source: 'own',
    kind: told.some(({ kind, corrects }) => kind === 'correction' && corrects !== null) ? 'update' : 'own',
    split: 'none',
    facts,
    build,
    resist: distractors.map((line): TaskMessage => ({ text: line, kind: 'distractor', facts: [] })),
    query,
    answer,
    aliases,
  }
}

/** What ownTask() makes this task of. Of a task of another source it is the nearest. */
export function ownOf({ facts, build, resist, query, answer, aliases }: Task): Own {
  const place = new Map(build.flatMap((message, i) => message.facts.map((id) => [id, i] as const)))
  const rootNeeded = (fact: Fact): boolean => {
    const next = facts.find(({ id }) => id === fact.superseded_by)
    return next ? rootNeeded(next) : fact.needed
  }
  const told = build.map((message): Told => {
    const fact = facts.find(({ id }) => message.facts.includes(id))
    if (!fact) return { kind: 'small-talk', text: message.text, corrects: null, needed: false }
    const before = facts.find(({ superseded_by }) => superseded_by === fact.id)
    const corrects = before ? (place.get(before.id) ?? null) : null
    return { kind: corrects === null ? 'fact' : 'correction', text: message.text, corrects, needed: corrects === null && rootNeeded(fact) }
  })
  return { told, distractors: resist.map((message) => message.text), query, answers: [answer, ...aliases] }
}

/**
 * As lines, each with a mark of what it is:
 *
 *   + Lena lives in Bergen.        a fact
 *   * Lena has a cat.              a fact that the answer needs
 *   ~1 Lena lives in Oslo now.     corrects the first fact; without a number: the one it has most words in common with
 *   . What a day!                  small talk
 *   - Tom lives in Rome.           distracts, in stage 2
 *   ? Where does Lena live?        the question
 *   = Oslo                         its answer; further ones are other wordings of it
 *
 * A line without a mark is a fact. A correction counts as a fact.
 */
export function writeOwn({ told, distractors, query, answers }: Own): string {
  const number = new Map(told.flatMap((each, i) => (isFact(each) ? [i] : [])).map((index, i) => [index, i + 1]))
  const mark = ({ kind, corrects, needed }: Told) => {
    if (kind === 'small-talk') return '.'
    if (kind === 'fact') return needed ? '*' : '+'
    return `~${corrects === null ? '' : (number.get(corrects) ?? '')}`
  }
  return [
    ...told.map((each) => `${mark(each)} ${each.text}`),
    ...distractors.map((line) => `- ${line}`),
    ...(query === '' ? [] : [`? ${query}`]),
    ...answers.map((answer) => `= ${answer}`),
  ].join('\n')
}

/** Reads such lines; what is too long or too many for ownSchema is left to it. */
export function readOwn(lines: string): Own {
  const own: Own = { told: [], distractors: [], query: '', answers: [] }
  /** Of each fact, where it stands in what was told. */
  const facts: number[] = []
  const tell = (kind: Told['kind'], said: string, rest: Partial<Told> = {}) => {
    if (kind !== 'small-talk') facts.push(own.told.length)
    own.told.push({ kind, text: said, corrects: null, needed: false, ...rest })
  }
  for (const line of lines.split('\n')) {
    const [, mark = '', number = '', said = ''] = /^\s*(?:([+*~.?=-])(\d*)(?=\s|$))?\s*(.*?)\s*$/.exec(line) ?? []
    if (mark === '' && said === '') continue
    // A number belongs to the mark of a correction alone.
    const words = mark !== '~' && number !== '' ? `${mark}${number} ${said}` : said
    switch (mark !== '~' && number !== '' ? '' : mark) {
      case '~':
        tell('correction', words, { corrects: number === '' ? null : (facts[Number(number) - 1] ?? own.told.length) })
        break
      case '.':
        tell('small-talk', words)
        break
      case '-':
        own.distractors.push(words)
        break
      case '?':
        own.query = words
        break
      case '=':
        own.answers.push(words)
        break
      default:
        tell('fact', words, { needed: mark === '*' })
    }
  }
  return own
}

/** Tasks of a text, with empty lines between them. */
export const readOwns = (lines: string): Own[] =>
  lines
    .split(/\n[^\S\n]*\n/)
    .filter((part) => part.trim() !== '')
    .map(readOwn)

/** Without one of what was told; what corrected it has to say anew what it corrects. */
export function withoutTold(own: Own, at: number): Own {
  const moved = (index: number | null) => (index === null || index === at ? null : index > at ? index - 1 : index)
  return { ...own, told: own.told.filter((_, i) => i !== at).map((each) => ({ ...each, corrects: moved(each.corrects) })) }
}

/** Where somebody may begin. */
export const exampleOwn: Own = readOwn(`* Lena Moor lives in Bergen.
+ Lena Moor works as a baker.
~1 Lena Moor has moved, she lives in Oslo now.
- Tom Reed lives in Madrid, and he likes it there.
- It has been raining for three days.
? Where does Lena Moor live?
= Oslo`)
