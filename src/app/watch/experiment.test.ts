import { describe, expect, it } from 'vitest'
import { settingsPresets } from '../../core/episode/settings.ts'
import { settingLines } from './experiment.ts'

const of = (policy: string) => Object.fromEntries(settingLines({ policy, seed: 7, settings: settingsPresets.paper, embedder: 'hash@1', token_counter: 'Qwen3' }).map(({ name, value }) => [name, value]))

describe('settingLines', () => {
  it('has every budget of the record', () => {
    expect(of('nano')).toEqual({
      Policy: 'nano',
      'Similarity by': 'its words (hash@1)',
      θ: '0.60',
      T_max: '8,192 tokens, counted by Qwen3',
      Rounds: '5 / 5 / 5, 3 replies a turn',
      'A reply': 'at most 2,048 tokens, at temperature 1',
      top_k: '3',
      'System prompt': 'full',
      Judge: 'by rule',
      Seed: '7',
    })
  })

  it('says of a WebLLM model whether its replies were free', () => {
    expect(of('Qwen3-4B-q4f16_1-MLC')).toMatchObject({ Policy: 'Qwen3-4B-q4f16_1-MLC', Replies: 'only in the protocol' })
    expect(of('Qwen3-4B-q4f16_1-MLC (unconstrained)')).toMatchObject({ Policy: 'Qwen3-4B-q4f16_1-MLC', Replies: 'free' })
  })
})
