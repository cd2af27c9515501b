// Entries of the memory as an aside names them, and those that a turn may be about.
import { memoryLine, readMemoryLines } from '../agemem/memory-lines.ts'
import type { Body } from '../agent.ts'

export interface Entry {
  id: string
  content: string
}

export const linesOf = (entries: readonly Entry[]): string[] => entries.map(memoryLine)
export const entriesIn = (lines: readonly string[]): Entry[] => readMemoryLines(lines.join('\n'))

/** The entries nearest to any of the texts, each once, in the order in which they were found. */
export async function nearestTo(texts: readonly string[], topK: number, { memory }: Pick<Body, 'memory'>): Promise<Entry[]> {
  const found = new Map<string, Entry>()
  for (const text of texts) for (const { id, content } of await memory.search(text, { topK })) found.set(id, { id, content })
  return [...found.values()]
}
