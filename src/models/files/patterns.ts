// Regular expressions of somebody's tokenizer: refused when they may run for ages. A regular expression cannot be
// interrupted, so it is looked at and tried on short texts before it sees a conversation.

export class PatternError extends Error {
  override readonly name = 'PatternError'
}

/** Milliseconds that a probe may take; a pattern in use needs a hundredth of one. */
const patience = 200
/** Characters of a pattern at most; the longest in use have some 500. */
const longestPattern = 10_000

/** All patterns in a part of tokenizer.json. */
export function patternsIn(part: unknown, depth = 0): string[] {
  if (typeof part !== 'object' || part === null || depth > 20) return []
  return Object.entries(part).flatMap(([name, value]: [string, unknown]) => (name === 'Regex' && typeof value === 'string' ? [value] : patternsIn(value, depth + 1)))
}

/** Where a group that repeats without limit begins in what it repeats itself, as in (a+)+: its time doubles with each character. */
export function nestedRepetition(pattern: string): string | null {
  const open: { from: number; repeats: boolean }[] = []
  let inClass = 0
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i]
    if (char === '\\') i++
    else if (char === '[') inClass++
    else if (char === ']') inClass = Math.max(0, inClass - 1)
    else if (inClass > 0) continue
    else if (char === '(') open.push({ from: i, repeats: false })
    else if (char === '*' || char === '+' || (char === '{' && /^\{\d*,\}/.test(pattern.slice(i, i + 12)))) for (const group of open) group.repeats = true
    else if (char === ')') {
      const group = open.pop()
      const behind = pattern.slice(i + 1, i + 13)
      if (group?.repeats && /^(?:[*+]|\{\d*,\})/.test(behind)) return pattern.slice(group.from, i + 2)
    }
  }
  return null
}

/** Texts that make a pattern work: each of its own letters and a few others, alone and in pairs, repeated and then broken off. */
function* probes(patterns: readonly string[]): Generator<string> {
  const own = [...new Set(patterns.flatMap((pattern) => [...pattern]))].filter((char) => /[\p{L}\p{N}]/u.test(char)).slice(0, 8)
  const units = [...new Set([...own, 'a', 'A', '1', ' ', '\n', '.', '中', '\u0301'])]
  const pairs = own.slice(0, 5).flatMap((a) => own.slice(0, 5).flatMap((b) => (a === b ? [] : [a + b])))
  const ends = ['', '!']
  // In small steps, so that one that doubles with every character is noticed before it takes long.
  for (let length = 13; length <= 40; length += 3) {
    for (const unit of [...units, ...pairs]) for (const end of ends) yield unit.repeat(Math.ceil(length / unit.length)) + end
  }
  for (let length = 80; length <= 1280; length *= 2) for (const unit of units) for (const end of ends) yield unit.repeat(length) + end
}

/**
 * @param run what the tokenizer does with a text before it looks words up
 * @param now monotonic, ms
 * @throws PatternError naming the pattern
 */
export function checkPatterns(patterns: readonly string[], run: (text: string) => void, now: () => number): void {
  if (patterns.length === 0) return
  for (const pattern of patterns) {
    if (pattern.length > longestPattern) throw new PatternError(`A regular expression of it has ${pattern.length.toLocaleString('en')} characters; ${longestPattern.toLocaleString('en')} is the limit.`)
    const nested = nestedRepetition(pattern)
    if (nested !== null) throw new PatternError(`Its regular expression repeats a repetition, ${nested.slice(0, 60)}: that can run for hours on a short text.`)
  }
  const time = (text: string) => {
    const began = now()
    run(text)
    return now() - began
  }
  for (const text of probes(patterns)) {
    // Twice: the machine may have been busy with something else.
    if (time(text) > patience && time(text) > patience) throw new PatternError(`Its regular expression takes ${patience} ms and more for a text of ${text.length} characters, and longer for each one further.`)
  }
}
