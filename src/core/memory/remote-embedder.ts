// An embedder elsewhere, as stores and memories use it; and a θ measured for each.
import { dot } from '../dot.ts'
import type { Embedder } from './store.ts'

/** What a family wants before a query, and only there. */
const queryPrefixes: readonly (readonly [RegExp, string])[] = [[/^snowflake-arctic-embed/, 'Represent this sentence for searching relevant passages: ']]

/**
 * Makes an embedder of a function that gives unit vectors. Version 2 puts the family's prefix before a query; records of
 * version 1 were compared without.
 */
export function remoteEmbedder(name: string, dimensions: number, vectors: (texts: string[]) => Promise<Float32Array[]>): Embedder {
  async function embed(texts: readonly string[], before: string): Promise<Float32Array[]> {
    const content = texts.flatMap((text, i) => (text.trim() === '' ? [] : [i]))
    const embedded = content.length === 0 ? [] : await vectors(content.map((i) => before + (texts[i] ?? '')))
    if (embedded.length !== content.length) throw new Error(`The embedder ${name} gave ${embedded.length} vectors for ${content.length} texts.`)
    const result: Float32Array[] = texts.map(() => new Float32Array(dimensions))
    for (const [k, i] of content.entries()) {
      const vector = embedded[k]
      if (vector?.length !== dimensions) throw new Error(`The embedder ${name} gave ${vector?.length ?? 0} numbers, not ${dimensions}.`)
      result[i] = vector
    }
    return result
  }
  const prefix = queryPrefixes.find(([family]) => family.test(name))?.[1] ?? null
  return {
    name,
    version: prefix === null ? 1 : 2,
    dimensions,
    embed: (texts) => embed(texts, ''),
    ...(prefix !== null && { embedQueries: (texts) => embed(texts, prefix) }),
  }
}

/** Facts with a question about each: what belongs together, and, crossed, what does not. */
const pairs: readonly (readonly [string, string])[] = [
  ['Mira Voss lives in Oslem.', 'Where does Mira Voss live?'],
  ['The training sessions take 120 minutes.', 'How long do the training sessions take?'],
  ['Jon Brack is allergic to peanuts.', 'What must Jon Brack not eat?'],
  ['The report is due on 14 March.', 'When is the report due?'],
  ['Lena works as a nurse at Kelder Hospital.', 'What is Lena’s job?'],
  ['Their dog is called Bimo.', 'What is the name of their dog?'],
  ['He prefers the window seat on trains.', 'Which seat does he like on a train?'],
  ['The password of the guest network is on the fridge.', 'Where can guests find the network’s password?'],
]

/**
 * θ to begin with for an embedder, measured with it: the threshold that best tells facts beside their own question from
 * facts beside another one (largest true minus false positive rate; the middle of the best stretch), in steps of 0.01.
 */
export async function calibratedTheta(embedder: Pick<Embedder, 'embed'>): Promise<number> {
  const facts = await embedder.embed(pairs.map(([fact]) => fact))
  const questions = await embedder.embed(pairs.map(([, question]) => question))
  const own = facts.map((fact, i) => dot(fact, questions[i] ?? []))
  const other = facts.flatMap((fact, i) => questions.flatMap((question, j) => (i === j ? [] : [dot(fact, question)])))
  const rate = (values: readonly number[], theta: number) => values.filter((value) => value >= theta).length / values.length
  const thresholds = Array.from({ length: 101 }, (_, i) => i / 100)
  const gain = thresholds.map((theta) => rate(own, theta) - rate(other, theta))
  const best = Math.max(...gain)
  const among = thresholds.filter((_, i) => (gain[i] ?? 0) >= best - 1e-9)
  return among[Math.floor((among.length - 1) / 2)] ?? 0.6
}
