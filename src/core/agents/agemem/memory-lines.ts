// Memories as they stand in the context: written, and read again.
import type { Hit } from '../../record/trajectory.ts'

/** A retrieved memory as it stands in the context: its id, then its content on one line. */
export function memoryLine(hit: Pick<Hit, 'id' | 'content'>): string {
  return `[${hit.id}] ${hit.content.replace(/\s+/g, (space) => (space.includes('\n') ? ' ' : space))}`
}

/** The id and content of each memory line in a text. */
export function readMemoryLines(text: string): { id: string; content: string }[] {
  return [...text.matchAll(/^\[(m\d+)\] (.*)$/gm)].map((match) => ({ id: match[1] ?? '', content: match[2] ?? '' }))
}

/** What stage 1 puts beside an incoming message: the memories nearest to it. */
export function relatedMemories(hits: readonly Hit[]): string {
  return `Related memories:\n${hits.map(memoryLine).join('\n')}`
}
