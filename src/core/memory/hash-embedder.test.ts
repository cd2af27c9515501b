import { describe, expect, it } from 'vitest'
import { hash32 } from '../random.ts'
import { stopWords } from '../text.ts'
import { commonStems } from './common-words.ts'
import { HashEmbedder } from './hash-embedder.ts'
import { stem } from './stem.ts'

const embedder = new HashEmbedder()

async function similarity(a: string, b: string): Promise<number> {
  const [x = new Float32Array(), y = new Float32Array()] = await embedder.embed([a, b])
  return x.reduce((sum, value, d) => sum + value * (y[d] ?? 0), 0)
}

/** The texts, most similar to the query first. */
async function ranked(query: string, texts: string[]): Promise<string[]> {
  const scored = await Promise.all(texts.map(async (text) => ({ text, score: await similarity(query, text) })))
  return scored.sort((a, b) => b.score - a.score).map(({ text }) => text)
}

describe('stem', () => {
  it('joins the forms of a word', () => {
    for (const forms of ['live lives lived living', 'stop stops stopped stopping', 'study studies studied studying', 'box boxes', 'move moves moved moving', 'class classes', 'tell tells telling']) {
      expect(new Set(forms.split(' ').map(stem)).size, forms).toBe(1)
    }
  })

  it('leaves short words, endings that are no endings, and numbers', () => {
    expect(['was', 'bus', 'voss', 'oslem', 'sing', 'red', '1990s', 'ring'].map(stem)).toEqual(['was', 'bus', 'voss', 'oslem', 'sing', 'red', '1990s', 'ring'])
  })
})

describe('HashEmbedder', () => {
  it('gives unit vectors of 256 dimensions, and zero for text without words', async () => {
    const [vector = new Float32Array(), nothing = new Float32Array()] = await embedder.embed(['Mira Voss lives in Oslem.', ' … ?!'])
    expect(vector).toHaveLength(256)
    expect(Math.hypot(...vector)).toBeCloseTo(1, 6)
    expect([...nothing].every((x) => x === 0)).toBe(true)
  })

  it('finds the entry that answers a question', async () => {
    const answer = 'Mira Voss lives in Oslem.'
    const others = [
      'Mira Tallen lives in Gravik.',
      'Jon Voss works at Kelder Labs.',
      'Where do you live, and who lives with you?',
      'Did you see the game last night? It was great.',
      'Jon Brack lives in Oslem.',
    ]
    const order = await ranked('Where does Mira Voss live?', [...others, answer])
    expect(order[0]).toBe(answer)
    expect(order.at(-1)).toBe('Did you see the game last night? It was great.')
    expect(await similarity('Where does Mira Voss live?', answer)).toBeGreaterThan(0.7)
  })

  it('matches a word in its other forms', async () => {
    const same = await similarity('He lives near the harbour', 'living near harbours')
    expect(same).toBeGreaterThan(0.85)
    expect(same).toBeGreaterThan(await similarity('He lives near the harbour', 'leaving near havens'))
  })

  it('lets rare names outweigh shared phrasing', async () => {
    const query = 'What did Ilka Morvath say about the meeting on Monday?'
    expect(await ranked(query, ['What did people say about the meeting on Tuesday?', 'Ilka Morvath'])).toEqual(['Ilka Morvath', 'What did people say about the meeting on Tuesday?'])
  })

  it('tells numbers apart', async () => {
    expect(await ranked('a session of 60 minutes', ['sessions of 120 minutes', '60 minute sessions'])).toEqual(['60 minute sessions', 'sessions of 120 minutes'])
  })

  it('stays above 0.6 under small edits of a sentence', async () => {
    const text = 'Mira Voss moved to Oslem in 2019 to work for Kelder Labs.'
    for (const edited of [
      'mira voss moved to oslem in 2019 to work for kelder labs',
      'By the way, Mira Voss has moved to Oslem in 2019, where she works for Kelder Labs.',
      'In 2019, Mira Voss moved to Oslem for work at Kelder Labs',
      'Mira Voss moved to Oslem in 2019.',
      'Mira Vosss moved to Oslem in 2019 to work for Kelder Lab.',
    ]) {
      expect(await similarity(text, edited), edited).toBeGreaterThan(0.6)
    }
    expect(await similarity(text, text)).toBeCloseTo(1, 6)
  })

  it('sees that misspelt names are closer than other names, and less close than the right ones', async () => {
    const names = ['Oslem', 'Morvath', 'Gravik', 'Tallen', 'Kelder', 'Brackwell', 'Ilkanor', 'Vossberg']
    const misspelt = ['Oslen', 'Morvat', 'Gravick', 'Talen', 'Keldar', 'Brakwell', 'Ilkaner', 'Vosberg']
    const mean = async (other: (i: number) => string) =>
      (await Promise.all(names.map((name, i) => similarity(name, other(i))))).reduce((sum, x) => sum + x, 0) / names.length
    const close = await mean((i) => misspelt[i] ?? '')
    const foreign = await mean((i) => names[(i + 1) % names.length] ?? '')
    expect(close).toBeGreaterThan(foreign + 0.1)
    expect(close).toBeLessThan(0.5)
  })

  it('is near 0 for texts that share no content', async () => {
    const texts = [
      'Mira Voss lives in Oslem.',
      'The committee adopted a resolution about fisheries.',
      'Photosynthesis converts sunlight into chemical energy.',
      'Her favourite guitar chord is G minor.',
      'Lighthouse keepers rarely saw storms that fierce.',
      'Invoices must quote purchase numbers.',
    ]
    const all: number[] = []
    for (const [i, a] of texts.entries()) for (const b of texts.slice(i + 1)) all.push(await similarity(a, b))
    expect(Math.max(...all.map(Math.abs))).toBeLessThan(0.25)
    expect(Math.abs(all.reduce((sum, x) => sum + x, 0) / all.length)).toBeLessThan(0.06)
  })

  it('depends on nothing but the text', async () => {
    const fresh = new HashEmbedder()
    await fresh.embed(['other words', 'Mira', 'Voss Voss Voss'])
    const [a] = await fresh.embed(['Mira Voss lives in Oslem.'])
    const [b] = await new HashEmbedder().embed(['Mira Voss lives in Oslem.'])
    expect(a).toEqual(b)
  })

  it('has not changed without a new version', async () => {
    // If this fails, vectors changed: raise `version` in hash-embedder.ts, then record the new values here.
    expect(embedder.version).toBe(1)
    const [vector = new Float32Array()] = await embedder.embed(["Zoë's 2 friends weren't living in São Tomé, at 12,500 m."])
    const largest = [...vector.entries()].sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).slice(0, 6)
    expect(largest.map(([d, x]) => `${d}: ${x.toFixed(6)}`)).toEqual([
      '94: -0.210027',
      '154: -0.209533',
      '155: -0.194447',
      '215: 0.191973',
      '69: -0.189197',
      '54: 0.169829',
    ])
    expect(hash32([...stopWords].sort().join(' '))).toBe(2137267907)
    expect(hash32([...commonStems].sort().join(' '))).toBe(1422928136)
  })
})
