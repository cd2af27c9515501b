import { describe, expect, it } from 'vitest'
import { catalogue } from '../core/policy/catalogue/catalogue.ts'
import { readModelConfig } from '../nn/transformer/config.ts'
import { learningBytes } from './needs.ts'
import { playingBytes } from './playing-needs.ts'

const gigabyte = 2 ** 30
const needs = (id: string) => {
  const entry = catalogue.find((each) => each.id === id)
  if (!entry) throw new Error(id)
  const config = readModelConfig(entry.shape)
  return { plays: playingBytes(config) / gigabyte, learns: learningBytes(config) / gigabyte }
}

describe('what a model needs', () => {
  it('is more than its weights twice in 32 bits, and no less to learn than to play', () => {
    for (const { id, parameters } of catalogue) {
      const { plays, learns } = needs(id)
      expect(plays * gigabyte).toBeGreaterThan(8 * parameters)
      expect(learns).toBeGreaterThanOrEqual(plays)
    }
  })

  it('of SmolLM2-135M to learn is under the 3 GiB that a tab can have; of the billion of Llama it is not', () => {
    expect(needs('smollm2-135m-instruct').learns).toBeLessThan(3)
    expect(needs('smollm2-135m-instruct').learns).toBeGreaterThan(1.4)
    expect(needs('llama-3.2-1b-instruct').plays).toBeGreaterThan(4)
  })
})
