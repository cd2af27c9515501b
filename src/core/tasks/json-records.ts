// Takes a JSON list or JSON Lines apart into the text of its records, piece by piece as the text comes. Parses nothing
// and knows nothing of what the records are.

/** The text of one record, or what is wrong where a record should be. */
export type RawRecord = { text: string } | { problem: string }

export interface RecordSplitter {
  /** The records that are complete with this piece. @throws RecordFormatError when the text is neither form. */
  push(piece: string): RawRecord[]
  /** What is left when the text has ended. */
  end(): RawRecord[]
}

/** The text is neither a JSON list nor JSON Lines; `begins` is its first character. */
export class RecordFormatError extends Error {
  override readonly name = 'RecordFormatError'
  constructor(readonly begins: string) {
    super(`The text begins with ${JSON.stringify(begins)}; a JSON list begins with [ and JSON Lines with {.`)
  }
}

/** Longer records are not kept, characters. */
const longest = 4_000_000
const tooLong: RawRecord = { problem: `The record is longer than ${longest.toLocaleString('en')} characters` }

const space = /\s/

export function createRecordSplitter(): RecordSplitter {
  let begun = ''
  let splitter: RecordSplitter | null = null
  const start = (first: string, final: boolean): RecordSplitter | null => {
    const [head = ''] = first
    if (head === '[') return splitValues(true)
    if (head !== '{') throw new RecordFormatError(head)
    const line = first.indexOf('\n')
    if (line < 0 && !final && first.length < longest) return null
    // A lone { on the first line: objects written over several lines.
    return first.slice(0, line < 0 ? undefined : line).trim() === '{' ? splitValues(false) : splitLines()
  }
  const begin = (final: boolean): RawRecord[] => {
    begun = begun.replace(/^[\s\uFEFF]+/, '')
    if (begun === '') return []
    splitter = start(begun, final)
    return splitter ? splitter.push(begun) : []
  }
  return {
    push(piece) {
      if (splitter) return splitter.push(piece)
      begun += piece
      return begin(false)
    },
    end() {
      const first = splitter ? [] : begin(true)
      return [...first, ...(splitter?.end() ?? [])]
    },
  }
}

/** One record a line. Empty lines are none. */
function splitLines(): RecordSplitter {
  let rest = ''
  let dropping = false
  const line = (text: string): RawRecord[] => {
    if (dropping) {
      dropping = false
      return [tooLong]
    }
    return text.trim() === '' ? [] : [text.length > longest ? tooLong : { text }]
  }
  return {
    push(piece) {
      const records: RawRecord[] = []
      const lines = piece.split('\n')
      const last = lines.pop() ?? ''
      for (const text of lines) {
        records.push(...line(rest + text))
        rest = ''
      }
      if (dropping) return records
      rest += last
      if (rest.length > longest) {
        dropping = true
        rest = ''
      }
      return records
    },
    end: () => line(rest),
  }
}

/**
 * The elements of a list, or objects one after another. Follows strings and brackets only: what is between them is for
 * the parser to judge.
 */
function splitValues(inList: boolean): RecordSplitter {
  let buffer = ''
  let at = 0
  /** Where the present element begins; -1 between elements. */
  let from = -1
  let depth = 0
  let inString = false
  let escaped = false
  let dropping = false
  let opened = !inList
  let closed = false
  let trailing = false

  const take = (to: number): RawRecord => {
    const record: RawRecord = dropping ? tooLong : { text: buffer.slice(from, to) }
    from = -1
    dropping = false
    return record
  }

  return {
    push(piece) {
      buffer += piece
      const records: RawRecord[] = []
      for (; at < buffer.length; at++) {
        const char = buffer[at] ?? ''
        if (inString) {
          if (escaped) escaped = false
          else if (char === '\\') escaped = true
          else if (char === '"') inString = false
          continue
        }
        if (from < 0) {
          if (space.test(char) || char === '\uFEFF') continue
          if (!opened) {
            opened = true
            continue
          }
          if (closed) {
            trailing = true
            break
          }
          if (char === ',') continue
          if (inList && char === ']') {
            closed = true
            continue
          }
          from = at
        } else if (depth === 0 && (char === ',' || (inList && char === ']'))) {
          // A bare value ends where the next begins.
          records.push(take(at))
          closed = char === ']'
          continue
        }
        if (char === '"') inString = true
        else if (char === '{' || char === '[') depth++
        else if ((char === '}' || char === ']') && depth > 0 && --depth === 0) records.push(take(at + 1))
      }
      if (from >= 0 && buffer.length - from > longest) dropping = true
      const keep = from < 0 || dropping ? buffer.length : from
      buffer = buffer.slice(keep)
      at -= keep
      if (from >= 0) from = dropping ? 0 : from - keep
      if (at < 0) at = 0
      return records
    },
    end() {
      if (trailing) return [{ problem: 'There is more text after the end of the list' }]
      if (from >= 0) return [{ problem: 'The file ends in the middle of this record' }]
      return inList && !closed ? [{ problem: 'The file ends before the list does' }] : []
    },
  }
}
