import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitText, tokenizerJson, trainBpe } from './bpe-trainer.ts'
import { fixtureEpisodes } from '../models/fixtures/nano-fixture.ts'
import { textOf } from './corpus-episodes.ts'
import { Tokenizer } from '../models/files/tokenizer.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 60 })

describe('splitText', () => {
  it('gives a name the same piece wherever it stands', () => {
    expect(splitText('Mira Voss lives in Oslem.')).toEqual(['Mira', ' ', 'Voss', ' lives', ' in ', 'Oslem', '.'])
    expect(splitText("So, Mira's dog; born 1953")).toEqual(['So', ', ', 'Mira', "'s", ' dog', ';', ' born ', '1953'])
  })
  it('keeps what no rule is for', () => {
    expect(splitText('a  b\n\n日本\t12345')).toEqual(['a', ' ', ' b', '\n\n', '日本', '\t', '1234', '5'])
  })
  it('loses nothing', () => {
    fc.assert(fc.property(anyText, (text) => splitText(text).join('') === text))
  })
})

describe('trainBpe', () => {
  // Pieces: "low" and "lower" in the first text, "low" in the second, "lowest" in the third. So l·o and o·w count four,
  // w·e two, everything else one.
  const texts = ['low\nlower\nlow\nlow', 'low', 'lowest']

  it('merges what stands in most texts, and stops where it is rare', () => {
    const { merges, tokens } = trainBpe(texts, { vocabulary: 1000, added: [], special: [], minCount: 2 })
    expect(merges).toEqual([['l', 'o'], ['lo', 'w'], ['low', 'e']])
    expect(tokens.slice(256)).toEqual(['lo', 'low', 'lowe'])
  })
  it('has no more entries than asked for', () => {
    const { tokens } = trainBpe(texts, { vocabulary: 256 + 2 + 1, added: ['<a>'], special: ['<b>'], minCount: 1 })
    expect(tokens).toHaveLength(257)
  })
  it('never makes a second token of the name of an added one', () => {
    const { tokens } = trainBpe(['xlo', 'ylow', 'zlo'], { vocabulary: 1000, added: ['lo'], special: [], minCount: 1 })
    expect(tokens).not.toContain('lo')
  })
})

/** BPE by its definition: of all pairs in the piece merge the one that was learnt first, the leftmost of equals. */
function byDefinition(piece: string, ranks: ReadonlyMap<string, number>, inAlphabet: (text: string) => string[]): string[] {
  let parts = inAlphabet(piece)
  for (;;) {
    let best: { at: number; rank: number } | null = null
    for (let at = 0; at + 1 < parts.length; at++) {
      const rank = ranks.get(`${parts[at] ?? ''} ${parts[at + 1] ?? ''}`)
      if (rank !== undefined && (best === null || rank < best.rank)) best = { at, rank }
    }
    if (!best) return parts
    parts = [...parts.slice(0, best.at), `${parts[best.at] ?? ''}${parts[best.at + 1] ?? ''}`, ...parts.slice(best.at + 2)]
  }
}

describe('tokenizerJson', () => {
  it('is read by @huggingface/tokenizers with the ids that the merges give', async () => {
    const texts = (await fixtureEpisodes()).map(textOf)
    const learnt = trainBpe(texts, { vocabulary: 900, added: [], special: ['<|end|>'], minCount: 2 })
    const tokenizer = new Tokenizer({ tokenizer: JSON.stringify(tokenizerJson(learnt)), config: '{}' })
    const ranks = new Map(learnt.merges.map(([left, right], rank) => [`${left} ${right}`, rank]))
    const ids = new Map(learnt.tokens.map((token, id) => [token, id]))
    const spelled = (text: string) => Array.from(new TextEncoder().encode(text), (byte) => learnt.tokens[byte] ?? '')
    for (const text of texts.slice(0, 15)) {
      const expected = splitText(text).flatMap((piece) => byDefinition(piece, ranks, spelled)).map((token) => ids.get(token))
      expect(tokenizer.encode(text)).toEqual(expected)
    }
    expect(tokenizer.id('<|end|>')).toBe(learnt.tokens.length)
    expect(tokenizer.size).toBe(learnt.tokens.length + 1)
  })
  it('is the same for the same texts', async () => {
    const texts = (await fixtureEpisodes()).slice(0, 20).map(textOf)
    const learn = () => JSON.stringify(tokenizerJson(trainBpe(texts, { vocabulary: 500, added: ['<think>'], special: [], minCount: 2 })))
    expect(learn()).toBe(learn())
  })
})
