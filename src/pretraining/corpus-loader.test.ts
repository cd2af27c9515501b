import { describe, expect, it } from 'vitest'
import { createRandom } from '../core/random.ts'
import type { CorpusSequence } from './corpus.ts'
import { CorpusLoader, loaderStateSchema, weigh } from './corpus-loader.ts'

/** Ten sequences a block of 5 to 40 tokens, every third one the policy's. */
async function play(block: number): Promise<CorpusSequence[]> {
  const random = createRandom(`block/${block}`)
  return Promise.resolve(
    Array.from({ length: 10 }, () => {
      const ids = Array.from({ length: 5 + random.int(36) }, () => random.int(100))
      const places = ids.map((_, i) => i).slice(1)
      return { ids, policy: places.filter((i) => i % 3 === 0), exact: places.filter((i) => i % 6 === 0), choices: places.filter((i) => i % 9 === 3), environment: places.filter((i) => i % 3 === 1), spans: [] }
    }),
  )
}

const batching = { tokens: 64, lengths: [8, 16, 32] }
const deal = async (loader: CorpusLoader, times: number) => {
  const dealt = []
  for (let i = 0; i < times; i++) dealt.push(await loader.next())
  return dealt
}

describe('CorpusLoader', () => {
  it('deals out full micro-batches of like length', async () => {
    for (const { sequences, number } of await deal(new CorpusLoader(play, batching), 20)) {
      const longest = Math.max(...sequences.map(({ ids }) => ids.length))
      const length = batching.lengths.find((each) => each >= longest) ?? NaN
      expect(sequences).toHaveLength(64 / length)
      for (const { ids } of sequences) expect(batching.lengths.find((each) => each >= ids.length)).toBe(length)
      expect(number).toBeGreaterThanOrEqual(0)
    }
  })
  it('loses nothing but what is too long, and deals nothing twice', async () => {
    const loader = new CorpusLoader(play, batching)
    const dealt = (await deal(loader, 12)).flatMap(({ sequences }) => sequences)
    const played = (await Promise.all(Array.from({ length: loader.state.block }, (_, block) => play(block)))).flat().filter(({ ids }) => ids.length <= 32)
    const keys = (sequences: readonly CorpusSequence[]) => sequences.map(({ ids }) => ids.join()).sort()
    expect(keys([...dealt, ...loader.state.waiting])).toEqual(keys(played))
  })
  it('goes on from its state with the same batches', async () => {
    const steady = new CorpusLoader(play, batching)
    await deal(steady, 5)
    const state = loaderStateSchema.parse(JSON.parse(JSON.stringify(steady.state)))
    expect(await deal(new CorpusLoader(play, batching, state), 6)).toEqual(await deal(steady, 6))
  })
})

describe('weigh', () => {
  const sequence = (length: number, policy: number[], exact: number[] = [], choices: number[] = []): CorpusSequence => ({
    ids: Array.from({ length }, (_, i) => i),
    policy,
    exact,
    choices,
    environment: Array.from({ length: length - 1 }, (_, i) => i + 1).filter((i) => !policy.includes(i)),
    spans: [],
  })
  const batches = [{ number: 0, sequences: [sequence(100, [10, 11, 12]), sequence(120, [50])] }]

  it('gives weights that sum to 1, in order', () => {
    const weighed = weigh(batches, () => 256, { exact: 1, choice: 1, environment: 0.1, scored: 0.25, seed: 1 })
    const targets = weighed.flatMap((each) => each.targets)
    expect(targets.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 10)
    for (const each of weighed) expect(each.targets.map(({ index }) => index)).toEqual(each.targets.map(({ index }) => index).sort((a, b) => a - b))
    // A quarter of 256 tokens is scored, and 64 is a size that programs are made for.
    expect(targets).toHaveLength(64)
  })
  it('lets the environment weigh what it should, however many of its tokens are drawn', () => {
    // 4 tokens of the policy, 96 + 118 of the environment: 4 + 0.1 · 214 = 25.4.
    for (const scored of [0.25, 0.75]) {
      const targets = weigh(batches, () => 256, { exact: 1, choice: 1, environment: 0.1, scored, seed: 1 }).flatMap((each) => each.targets)
      expect(targets.filter(({ weight }) => Math.abs(weight - 1 / 25.4) < 1e-9)).toHaveLength(4)
    }
  })
  it('lets what must be exactly right weigh more', () => {
    // 10 and 12 weigh 4, 11 and 50 weigh 1: 10 in all.
    const hard = [{ number: 0, sequences: [sequence(100, [10, 11, 12], [10, 12]), sequence(120, [50])] }]
    const targets = weigh(hard, () => 256, { exact: 4, choice: 1, environment: 0, scored: 0.5, seed: 1 }).flatMap((each) => each.targets)
    expect(targets.map(({ weight }) => weight)).toEqual([0.4, 0.1, 0.4, 0.1])
  })
  it('lets the word that tells the act weigh more', () => {
    // 10 weighs 7, 11, 12 and 50 weigh 1: 10 in all.
    const chosen = [{ number: 0, sequences: [sequence(100, [10, 11, 12], [], [10]), sequence(120, [50])] }]
    const targets = weigh(chosen, () => 256, { exact: 4, choice: 7, environment: 0, scored: 0.5, seed: 1 }).flatMap((each) => each.targets)
    expect(targets.map(({ weight }) => weight)).toEqual([0.7, 0.1, 0.1, 0.1])
  })
  it('learns the policy alone when asked', () => {
    const targets = weigh(batches, () => 256, { exact: 1, choice: 1, environment: 0, scored: 0.5, seed: 1 }).flatMap((each) => each.targets)
    expect(targets).toEqual([10, 11, 12, 50].map((index) => ({ index, weight: 0.25 })))
  })
  it('draws the same for the same micro-batch', () => {
    const options = { exact: 1, choice: 1, environment: 0.1, scored: 0.25, seed: 1 }
    expect(weigh(batches, () => 256, options)).toEqual(weigh(batches, () => 256, options))
    expect(weigh([{ number: 1, sequences: batches[0]?.sequences ?? [] }], () => 256, options)).not.toEqual(weigh(batches, () => 256, options))
  })
})
