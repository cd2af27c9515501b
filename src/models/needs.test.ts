import { describe, expect, it } from 'vitest'
import { catalogue } from '../core/policy/catalogue/catalogue.ts'
import { readModelConfig } from '../nn/transformer/config.ts'
import { learningBytes, playingBytes, type Host } from './needs.ts'

const gigabyte = 2 ** 30
const needs = (id: string, host: Host) => {
  const entry = catalogue.find((each) => each.id === id)
  if (!entry) throw new Error(id)
  const config = readModelConfig(entry.shape)
  return { plays: playingBytes(config, host) / gigabyte, learns: learningBytes(config, host) / gigabyte }
}

/** What a tab may take: the limit of model.worker. */
const tab = 4

describe('what a model needs', () => {
  it.each(['tab', 'node'] as const)('%s: is more than its weights twice in 32 bits, and no less to learn than to play', (host) => {
    for (const { id, parameters } of catalogue) {
      const { plays, learns } = needs(id, host)
      expect(plays * gigabyte).toBeGreaterThan(8 * parameters)
      expect(learns).toBeGreaterThanOrEqual(plays)
    }
  })

  // The most memory of the process, GiB: Chromium's of the page on wasm, looked at every five seconds, or Node's largest VmHWM. GRPO with
  // the preset pretrained; of 360 M two lessons with its adapter, on random weights of that shape.
  it.each<[id: string, host: Host, what: 'plays' | 'learns', measured: number, of: string]>([
    ['smollm2-135m-instruct', 'tab', 'plays', 2.5, 'its first reply'],
    ['smollm2-135m-instruct', 'tab', 'learns', 2.62, 'two steps of one task each'],
    ['smollm2-135m-instruct', 'node', 'learns', 1.99, 'two steps of one task each'],
    ['smollm2-360m-instruct', 'tab', 'plays', 3.7, 'an episode'],
    ['smollm2-360m-instruct', 'tab', 'learns', 4.49, 'two lessons'],
  ])('of %s, %s %s: within 15 percent of the measured %f GiB, %s', (id, host, what, measured) => {
    const foretold = needs(id, host)[what]
    expect(Math.abs(foretold / measured - 1)).toBeLessThan(0.15)
  })

  it('lets SmolLM2-135M learn in a tab, and says of SmolLM2-360M before its download that it will not', () => {
    expect(needs('smollm2-135m-instruct', 'tab').learns).toBeLessThan(tab)
    expect(needs('smollm2-360m-instruct', 'tab').plays).toBeLessThan(tab)
    expect(needs('smollm2-360m-instruct', 'tab').learns).toBeGreaterThan(tab)
    expect(needs('llama-3.2-1b-instruct', 'tab').plays).toBeGreaterThan(tab)
  })
})
