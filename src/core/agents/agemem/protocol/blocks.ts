// Takes a reply apart: where its thought ends, and the blocks of action behind it. A tag inside a JSON text of a call,
// inside an answer, or named in the thought is content. Linear in the text; knows nothing of a call's form.
import { readLenientJson, type LenientJson } from './lenient-json.ts'

type Tag = 'think' | 'tool_call' | 'answer'

export interface Block {
  tag: 'tool_call' | 'answer'
  start: number
  bodyStart: number
  body: string
  closed: boolean
  /** What its body says, for tool_call. Offsets are of the reply. */
  json: LenientJson | null
}

interface Thought {
  start: number
  body: string
  closed: boolean
  /** Offset just behind it. */
  end: number
  /** The first thing in the reply. */
  leads: boolean
}

interface ReplyBlocks {
  thought: Thought | null
  actions: Block[]
  /** Offset of the first text that is in no block; null when there is none. */
  outside: number | null
  /** More blocks than are read; the rest was not looked at. */
  tooMany: boolean
}

/** Blocks of one reply at most. */
export const maxBlocks = 64

interface Mark {
  tag: Tag
  opens: boolean
  index: number
  end: number
}

const tags = /<(\/?)(think|tool_call|answer)>/g
const callEnd = '</tool_call>'

function marksOf(text: string): Mark[] {
  return [...text.matchAll(tags)].map((match) => ({
    tag: match[2] === 'think' ? 'think' : match[2] === 'answer' ? 'answer' : 'tool_call',
    opens: match[1] === '',
    index: match.index,
    end: match.index + match[0].length,
  }))
}

const opensAction = ({ tag, opens }: Mark) => opens && tag !== 'think'
const opensThought = ({ tag, opens }: Mark) => opens && tag === 'think'
const closesThought = ({ tag, opens }: Mark) => !opens && tag === 'think'

class Reading {
  readonly text: string
  readonly marks: readonly Mark[]
  /** Offset of the last tag that begins an action, -1 without one. */
  readonly lastAction: number
  readonly #values = new Map<number, LenientJson>()

  constructor(text: string) {
    this.text = text
    this.marks = marksOf(text)
    this.lastAction = this.marks.findLast(opensAction)?.index ?? -1
  }

  blank(from: number, to: number): boolean {
    return this.text.slice(from, to).trim() === ''
  }

  /** The value behind an opening tag. Asked for a limited number of tags, so that all of it stays linear. */
  value({ end }: Mark): LenientJson {
    const known = this.#values.get(end)
    if (known) return known
    const value = readLenientJson(this.text, end, callEnd)
    this.#values.set(end, value)
    return value
  }

  /** Index of the first mark at `offset` or behind. */
  markAt(offset: number): number {
    let low = 0
    let high = this.marks.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.marks[middle]?.index ?? 0) < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** A `</think>` that stands in no text of a call. */
interface Closer {
  mark: Mark
  /** It closes no `<think>` but the one that the reply or the template began with. */
  own: boolean
  /** An action begins right behind it. */
  adjacent: boolean
}

function closersOf(reading: Reading, opened: boolean): Closer[] {
  const { text, marks } = reading
  const closers: Closer[] = []
  let inner = opened ? -1 : 0
  let at = 0
  let read = 0
  for (const [i, mark] of marks.entries()) {
    if (mark.index < at) continue
    if (opensThought(mark)) inner++
    else if (closesThought(mark)) {
      const next = marks[i + 1]
      closers.push({
        mark,
        own: inner === 0,
        adjacent: next !== undefined && opensAction(next) && reading.blank(mark.end, next.index),
      })
      inner = Math.max(0, inner - 1)
    } else if (mark.opens && mark.tag === 'tool_call' && read++ < maxBlocks) {
      const value = reading.value(mark)
      if (value.ok && text.startsWith(callEnd, value.end)) at = value.end
    }
  }
  return closers
}

/** Does an answer begin before this mark and end behind it? */
function withinAnswer({ marks }: Reading, { index }: Mark): boolean {
  const before = marks.findLast((mark) => mark.tag === 'answer' && mark.index < index)
  const behind = marks.find((mark) => mark.tag === 'answer' && mark.index > index)
  return before?.opens === true && behind?.opens === false
}

/**
 * The `</think>` that ends the thought in which the reply stands at its beginning: its own, or one that the template
 * opened in front of it. The first that closes nothing else and has an action right behind it, or behind it at all: a
 * draft of a call, or a tag that the thought names, comes before it. `first`: the first that closes nothing else. Null
 * when the reply does not begin in a thought.
 */
function endOfThought(reading: Reading, opened: boolean): { end: Mark; first: Mark } | null {
  const begin = reading.marks[0]
  if (!opened && begin && opensAction(begin) && reading.blank(0, begin.index)) return null
  const all = closersOf(reading, opened)
  const own = all.filter((closer) => closer.own)
  const adjacent = (closer: Closer) => closer.adjacent
  const leads = ({ mark }: Closer) => mark.index < reading.lastAction
  // With no action behind it, it is the end of a thought all the same, unless an answer goes on behind it.
  const last = opened
    ? (all.find(adjacent) ?? all.find(leads) ?? own[0] ?? all[0])
    : own.find(({ mark }) => !withinAnswer(reading, mark))
  const end = own.find(adjacent) ?? own.find(leads) ?? last
  return end ? { end: end.mark, first: (own[0] ?? end).mark } : null
}

/** Where an answer ends: a closing tag that is followed by more of the answer and another closing tag is content. */
function endOfAnswer(reading: Reading, opening: number): Mark | null {
  let end: Mark | null = null
  for (const mark of reading.marks.slice(opening + 1)) {
    if (mark.tag === 'answer' && !mark.opens) {
      if (end && reading.blank(end.end, mark.index)) break
      end = mark
    } else if (end && (mark.opens || mark.tag === 'think')) break
  }
  return end
}

/** Of a thought that begins here, not at the beginning of the reply or without an end. */
function thoughtAt({ text, marks }: Reading, opening: number): Omit<Thought, 'leads'> | null {
  const mark = marks[opening]
  if (!mark) return null
  const behind = marks.slice(opening + 1)
  const close = behind.find(closesThought)
  const end = close?.index ?? behind.find(opensAction)?.index ?? text.length
  return { start: mark.index, body: text.slice(mark.end, end), closed: close !== undefined, end: close?.end ?? end }
}

function blockOf(
  text: string,
  tag: Block['tag'],
  mark: Mark,
  end: number,
  closed: boolean,
  json: LenientJson | null,
): Block {
  return { tag, start: mark.index, bodyStart: mark.end, body: text.slice(mark.end, end), closed, json }
}

function answerAt(reading: Reading, opening: number): Block | null {
  const { text, marks } = reading
  const mark = marks[opening]
  if (!mark) return null
  const close = endOfAnswer(reading, opening)
  const end = close?.index ?? marks.slice(opening + 1).find(opensAction)?.index ?? text.length
  return blockOf(text, 'answer', mark, end, close !== null, null)
}

/** Null for a tag that is only named: another one follows before anything that could be a call. */
function callAt(reading: Reading, opening: number): Block | null {
  const { text, marks } = reading
  const mark = marks[opening]
  if (!mark) return null
  const json = reading.value(mark)
  const behind = marks
    .slice(reading.markAt(json.ok ? json.end : mark.end))
    .filter((each) => opensAction(each) || (each.tag === 'tool_call' && !each.opens))
  const next = behind[0]
  if (json.ok) {
    if (next?.index === json.end && !next.opens) return blockOf(text, 'tool_call', mark, json.end, true, json)
    if (!next || next.opens) return blockOf(text, 'tool_call', mark, json.end, false, json)
    return blockOf(text, 'tool_call', mark, next.index, true, { ok: false, problem: 'text-behind', at: json.end })
  }
  if (next?.opens && !/^\s*[[{"'`]/.test(text.slice(mark.end, mark.end + 80))) return null
  // Other tags up to its end may stand in a text that it failed to quote.
  const close = behind.find(({ opens }) => !opens)
  return blockOf(text, 'tool_call', mark, close?.index ?? text.length, close !== undefined, json)
}

/** Reads a reply's blocks. Total on every string. */
export function blocksOf(text: string): ReplyBlocks {
  const reading = new Reading(text)
  const { marks, lastAction } = reading
  const first = marks[0]
  const opened = first !== undefined && opensThought(first) && reading.blank(0, first.index)
  const ended = endOfThought(reading, opened)
  const bodyStart = opened ? first.end : 0
  const found: ReplyBlocks = { thought: null, actions: [], outside: null, tooMany: false }
  const noteOutside = (from: number, to: number) => {
    const offset = text.slice(from, to).search(/\S/)
    if (offset >= 0) found.outside ??= from + offset
  }
  let at = 0
  let blocks = 0
  if (ended) {
    const { end, first: earliest } = ended
    found.thought = {
      start: opened ? first.index : 0,
      body: text.slice(bodyStart, end.index),
      closed: true,
      leads: true,
      end: end.end,
    }
    at = end.end
    // It was said to be over before it was.
    if (earliest.index < end.index) noteOutside(earliest.end, end.index)
  }
  /** Start of the text since the last block. */
  let loose = at
  for (let i = reading.markAt(at); i < marks.length; i++) {
    const mark = marks[i]
    if (!mark || mark.index < at) continue
    if (closesThought(mark)) {
      // What came before was still the thought: the template's, or the reply's own when the action is yet to come.
      if (found.thought && mark.index > lastAction) continue
      const start = found.thought?.start ?? 0
      noteOutside(found.thought ? found.thought.end : mark.index, mark.index)
      found.thought = {
        start,
        body: text.slice(opened ? bodyStart : start, mark.index),
        closed: true,
        leads: true,
        end: mark.end,
      }
      found.actions = []
      at = loose = mark.end
      continue
    }
    if (!mark.opens) continue
    if (++blocks > maxBlocks) {
      found.tooMany = true
      break
    }
    const block =
      mark.tag === 'think' ? thoughtAt(reading, i) : mark.tag === 'answer' ? answerAt(reading, i) : callAt(reading, i)
    // A tag that is only named.
    if (!block) continue
    noteOutside(loose, mark.index)
    if ('tag' in block) found.actions.push(block)
    else found.thought ??= { ...block, leads: found.actions.length === 0 }
    at = loose =
      'tag' in block
        ? block.closed
          ? block.bodyStart + block.body.length + block.tag.length + 3
          : block.bodyStart + block.body.length
        : block.end
  }
  if (!found.tooMany) noteOutside(loose, text.length)
  return found
}
