// Questions about a conversation of several sessions, as LoCoMo and LongMemEval have them, on their way to tasks: which
// sessions are told in stage 1, what is left of a long one, what distracts. Knows no data set's fields.
import { createRandom } from '../../../random.ts'
import { containsPhrase, contentWords } from '../../../text.ts'
import { hasNearlyAll, type Fact, type Task, type TaskMessage } from '../task.ts'
import { condense } from './musique.ts'
import { leaksOf, shorten, standsIn, type ReadOptions, type RecordResult } from './record.ts'

/** Something that was said in a session. */
export interface Line {
  /** Within its conversation. */
  id: string
  speaker: string
  text: string
}

export interface Session {
  /** When it was, as its data set writes it; null: it does not say. */
  date: string | null
  lines: readonly Line[]
}

/** A statement worth storing, and the lines that it was made of. */
export interface Noted {
  text: string
  lines: readonly string[]
}

/** One question of a conversation. */
export interface ConversationQuestion {
  source: Task['source']
  id: string
  kind: string
  query: string
  answer: string
  aliases: readonly string[]
  /** In order of time. */
  sessions: readonly Session[]
  noted: readonly Noted[]
  /** Ids of the lines that the answer follows from, or that mislead to one. */
  evidence: ReadonlySet<string>
  /** Nothing that was said answers it, so that none of the evidence is needed. */
  unanswerable: boolean
  /** The answer depends on when something was said, so that what is needed has its date. */
  dated: boolean
  /** Of the lines that are evidence, each corrected by the next. */
  corrects?: readonly string[]
}

/** Content words of what is said in a conversation: each of its questions looks at all of it. */
const known = new WeakMap<readonly Session[], Map<string, ReadonlySet<string>>>()

function wordsIn(sessions: readonly Session[]): (text: string) => ReadonlySet<string> {
  const own = known.get(sessions) ?? new Map<string, ReadonlySet<string>>()
  known.set(sessions, own)
  return (text) => {
    const found = own.get(text) ?? new Set(contentWords(text))
    own.set(text, found)
    return found
  }
}

/** Lines with fewer content words are in many texts, so that nothing is recognised by them. */
const tellingWords = 4

const spoken = ({ speaker, text }: Line) => `${speaker}: ${text}`

/** As a session is told: its date, then line for line. */
const told = ({ date }: Session, lines: readonly Line[]): string =>
  [...(date === null ? [] : [`[${date}]`]), ...lines.map(spoken)].join('\n')

/**
 * Which sessions are told, in order: those with evidence, and others, drawn by the question's id, while there are fewer
 * than the options ask for.
 */
function chosenSessions({ source, id, sessions, evidence }: ConversationQuestion, most: number): ReadonlySet<Session> {
  const having = sessions.filter(({ lines }) => lines.some((line) => evidence.has(line.id)))
  const others = sessions.filter((session) => session.lines.length > 0 && !having.includes(session))
  const room = Math.max(0, most - having.length)
  return new Set([...having, ...createRandom(`${source}/${id}/sessions`).sample(others, Math.min(room, others.length))])
}

/**
 * What is left of a session that is longer than `most` characters, in order: the lines with evidence whatever their length
 * (but condensed, each), then the line before each, then what statements worth storing were made of, then the first of the
 * others, while there is room. Other lines are shortened.
 */
function keptLines({ lines }: Session, { evidence, noted, answer }: ConversationQuestion, most: number): Line[] {
  const worth = new Set(noted.flatMap((each) => each.lines))
  const short = lines.map((line) => ({ ...line, text: evidence.has(line.id) ? condense(line.text, [answer], most) : shorten(line.text) }))
  const rank = (line: Line, at: number) => {
    if (evidence.has(line.id)) return 0
    const next = lines[at + 1]
    return next && evidence.has(next.id) ? 1 : worth.has(line.id) ? 2 : 3
  }
  const order = short.map((line, at) => ({ line, at, rank: rank(line, at) })).sort((a, b) => a.rank - b.rank || a.at - b.at)
  let length = 0
  const kept = new Set<number>()
  for (const { line, at, rank: of } of order) {
    const own = spoken(line).length + 1
    if (of > 0 && length + own > most) continue
    kept.add(at)
    length += own
  }
  return short.filter((_, at) => kept.has(at))
}

/** The facts of what is told: the statements made of lines that are, and lines with evidence that no statement was made of. */
function factsOf(question: ConversationQuestion, sessions: readonly { session: Session; lines: readonly Line[] }[]): { fact: Fact; line: string }[] {
  const { noted, evidence, unanswerable, dated, corrects = [] } = question
  const found = sessions.flatMap(({ session, lines }) => {
    const here = new Map(lines.map((line) => [line.id, line]))
    const stated = noted.filter((each) => each.lines.length > 0 && each.lines.every((id) => here.has(id)))
    const covered = new Set(stated.flatMap((each) => each.lines))
    const bare = lines.filter(({ id }) => evidence.has(id) && !covered.has(id)).map((line): Noted => ({ text: spoken(line), lines: [line.id] }))
    return [...stated, ...bare].map((each) => {
      const needed = !unanswerable && each.lines.some((id) => evidence.has(id))
      const when = needed && dated && session.date !== null ? ` (${session.date})` : ''
      const wordings = each.lines.flatMap((id) => {
        const line = here.get(id)
        return line && contentWords(line.text).length >= tellingWords ? [`${spoken(line)}${when}`] : []
      })
      const text = `${each.text}${when}`
      return { text, also: wordings.filter((wording) => wording !== text), needed, lines: each.lines }
    })
  })
  const ids = new Map<string, string>(found.flatMap(({ lines }, i) => lines.map((line): [string, string] => [line, `f${i + 1}`])))
  return found.map(({ text, also, needed, lines }, i) => {
    const at = corrects.findIndex((id) => lines.includes(id))
    const later = at < 0 ? [] : corrects.slice(at + 1).flatMap((id) => ids.get(id) ?? [])
    const by = later.find((id) => id !== `f${i + 1}`) ?? null
    return { fact: { id: `f${i + 1}`, text, keys: [], ...(also.length > 0 ? { also } : {}), needed: needed && by === null, superseded_by: by }, line: lines[0] ?? '' }
  })
}

/** Lines that are not told, the nearest to the question first: none has the answer in it or states a fact. */
function distractorsOf(question: ConversationQuestion, toldIds: ReadonlySet<string>, facts: readonly Fact[], most: number): string[] {
  const { query, answer, aliases, unanswerable, sessions, evidence } = question
  const words = wordsIn(sessions)
  const asked = [...new Set(contentWords(query))]
  const leaks = unanswerable ? [] : leaksOf({ answer, aliases })
  const wordings = facts.flatMap(({ text, also = [] }) => [text, ...also]).map(words)
  const ranked = sessions
    .flatMap(({ lines }) => lines)
    .filter(({ id }) => !toldIds.has(id) && !evidence.has(id))
    .map((line, index) => ({ line, index, near: asked.filter((word) => words(spoken(line)).has(word)).length }))
    .sort((a, b) => b.near - a.near)
  const chosen: { text: string; index: number }[] = []
  for (const { line, index } of ranked) {
    if (chosen.length >= most) break
    const text = shorten(spoken(line))
    if (leaks.some((phrase) => containsPhrase(text, phrase)) || wordings.some((wanted) => hasNearlyAll(words(text), wanted))) continue
    chosen.push({ text, index })
  }
  return chosen.sort((a, b) => a.index - b.index).map(({ text }) => text)
}

/** @returns the task; a problem where nothing of the conversation can be told */
export function conversationTask(question: ConversationQuestion, options: ReadOptions, ignored: number): RecordResult {
  const chosen = chosenSessions(question, options.sessions)
  const parts = question.sessions.filter((session) => chosen.has(session)).map((session) => ({ session, lines: keptLines(session, question, options.sessionLength) }))
  if (parts.length === 0) return { field: 'sessions', message: 'There is no session with anything said in it' }
  const stated = factsOf(question, parts)
  const facts = stated.map(({ fact }) => fact)
  const corrections = new Set(facts.flatMap(({ superseded_by }) => superseded_by ?? []))
  const build = parts.map(({ session, lines }): TaskMessage => {
    const ids = new Set(lines.map(({ id }) => id))
    const own = stated.filter(({ line }) => ids.has(line)).map(({ fact }) => fact.id)
    const kind = own.length === 0 ? 'small-talk' : own.some((id) => corrections.has(id)) ? 'correction' : 'fact'
    return { text: told(session, lines), kind, facts: own }
  })
  const toldIds = new Set(parts.flatMap(({ lines }) => lines.map(({ id }) => id)))
  const { source, id, kind, query, answer, aliases, unanswerable } = question
  const task: Task = {
    id: `${source}-${id}`,
    source,
    kind,
    split: 'none',
    facts,
    build,
    resist: distractorsOf(question, toldIds, facts, options.distractors).map((text) => ({ text, kind: 'distractor', facts: [] })),
    query,
    answer,
    aliases: [...aliases],
  }
  const literal = unanswerable || standsIn([...facts.map(({ text }) => text), ...build.map(({ text }) => text), query], task)
  return { task, dropped: 0, literal, ignored }
}
