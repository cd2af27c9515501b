// Takes a JSON list or JSON Lines apart into the text of its records, piece by piece as the text comes; a list may stand
// in an object under one of a few names. Parses nothing and knows nothing of what the records are.

/** The text of one record, or what is wrong where a record should be. */
export type RawRecord = { text: string } | { problem: string }

interface RecordSplitter {
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
const longest = 8_000_000
const tooLong: RawRecord = { problem: `The record is longer than ${longest.toLocaleString('en')} characters` }

/** Names under which a file has its list of records: {"data": […]}, {"rows": […]}, or a split each. */
const listNames = new Set(['data', 'rows', 'examples', 'records', 'instances', 'train', 'dev', 'validation', 'test'])
/** Longer than any of them: a longer name is none. */
const longestName = 11

/** A first line that is longer is one value, or a list without line breaks, characters. */
const longestFirstLine = 1 << 20

export function createRecordSplitter(): RecordSplitter {
  let begun = ''
  let splitter: RecordSplitter | null = null
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

/** The splitter for a text that begins like this; null when more of it is needed to tell. @throws RecordFormatError */
function start(text: string, final: boolean): RecordSplitter | null {
  const [head = ''] = text
  if (head === '[') return splitValues(true)
  if (head !== '{') throw new RecordFormatError(head)
  const line = text.indexOf('\n')
  if (line < 0) return final || text.length >= longestFirstLine ? splitValues(false) : null
  const first = text.slice(0, line)
  const scan = splitValues(false)
  scan.push(first)
  switch (scan.place()) {
    case 'list':
      return splitValues(false)
    case 'between':
    case 'string':
      // A line that is whole, or cut off in a text: the others may be whole.
      return splitLines()
    case 'value': {
      // Written over several lines, unless the next line begins an object of its own.
      const next = /\S/.exec(text.slice(line + 1))
      if (!next && !final && text.length < longestFirstLine) return null
      const whole = first.trim() === '{' || text[line + 1] !== '{'
      return whole ? splitValues(false) : splitLines()
    }
  }
}

/** One record a line, with or without a comma behind it. Empty lines are none. */
function splitLines(): RecordSplitter {
  let rest = ''
  let dropping = false
  const line = (text: string): RawRecord[] => {
    if (dropping) {
      dropping = false
      return [tooLong]
    }
    const record = text.replace(/\}\s*,\s*$/, '}')
    return record.trim() === '' ? [] : [record.length > longest ? tooLong : { text: record }]
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

interface ValueSplitter extends RecordSplitter {
  /** Where the text has got to: between records, in a record, in a string of one, or in a list that an object has. */
  place(): 'between' | 'value' | 'string' | 'list'
}

const code = (char: string) => char.charCodeAt(0)
const [quote, backslash, comma, colon, open, close, openList, closeList] = ['"', '\\', ',', ':', '{', '}', '[', ']'].map(code)
/** What ends a string, or makes the character behind it none of its ends. */
const stringMark = /["\\]/g
const isSpace = (char: number) => char === 32 || (char >= 9 && char <= 13) || char === 0xfeff || char === 0xa0

/**
 * The elements of a list, or objects one after another; of an object with a list under one of `listNames`, the elements
 * of that. Follows strings and brackets only: what is between them is for the parser to judge.
 */
function splitValues(inList: boolean): ValueSplitter {
  /** Of the present record, what came with earlier pieces: looked at once. null between records. */
  let begun: string | null = null
  let depth = 0
  let inString = false
  let escaped = false
  let dropping = false
  /** The bracket of a list that is the file has been passed. */
  let opened = !inList
  let closed = false
  let trailing = false
  /** What is taken apart now: the file, a list, or what an object has beside its list. */
  let within: 'file' | 'list' | 'object' = inList ? 'list' : 'file'
  /** The last string of an object of the file, and the name before its last colon. */
  let said = ''
  let name = ''

  /** In an object of the file, not deeper. */
  const naming = () => depth === 1 && within !== 'list'

  /** Past one character between records; true when it begins a record. */
  const between = (char: number): boolean => {
    if (isSpace(char) || char === comma) return false
    if (!opened) opened = true
    else if (closed) trailing = true
    else if (within === 'list' && char === closeList) {
      if (inList) closed = true
      else [within, depth] = ['object', 1]
    } else return true
    return false
  }

  return {
    push(piece) {
      const records: RawRecord[] = []
      /** Where the rest of the present record begins in this piece. */
      let from = 0
      const take = (to: number) => {
        records.push(dropping ? tooLong : { text: (begun ?? '') + piece.slice(from, to) })
        begun = null
        dropping = false
      }
      for (let at = 0; at < piece.length && !trailing; at++) {
        if (inString) {
          if (escaped) {
            escaped = false
            continue
          }
          stringMark.lastIndex = at
          const next = stringMark.exec(piece)?.index ?? piece.length
          if (naming()) said += piece.slice(at, Math.min(next, at + longestName - said.length))
          escaped = piece.charCodeAt(next) === backslash
          inString = escaped || next === piece.length
          at = next
          continue
        }
        const char = piece.charCodeAt(at)
        if (begun === null && within !== 'object') {
          if (!between(char)) continue
          begun = ''
          from = at
        } else if (depth === 0 && (char === comma || (within === 'list' && char === closeList))) {
          // A bare value ends where the next begins.
          take(at)
          if (char === closeList) between(char)
          continue
        }
        if (char === quote) {
          inString = true
          said = ''
        } else if (char === colon && naming()) name = said
        else if (char === openList && naming() && listNames.has(name)) {
          begun = null
          dropping = false
          within = 'list'
          depth = 0
        } else if (char === open || char === openList) depth++
        else if ((char === close || char === closeList) && depth > 0 && --depth === 0) {
          if (within === 'object') within = 'file'
          else take(at + 1)
        }
      }
      if (begun === null) return records
      if (begun.length + piece.length - from > longest) dropping = true
      begun = dropping ? '' : begun + piece.slice(from)
      return records
    },
    end() {
      if (trailing) return [{ problem: 'There is more text after the end of the list' }]
      if (begun !== null) return [{ problem: 'The file ends in the middle of this record' }]
      return within === 'list' && !closed ? [{ problem: 'The file ends before the list does' }] : []
    },
    place() {
      if (within !== 'file') return 'list'
      return begun === null ? 'between' : inString ? 'string' : 'value'
    },
  }
}
