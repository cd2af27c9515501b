import { describe, expect, it } from 'vitest'
import { settingsPresets } from '../../core/episode/settings.ts'
import type { PolicySpec } from '../../core/record/setup.ts'
import { settingLines } from './experiment.ts'

const of = (policy: PolicySpec) => {
  const setup = { agent: 'agemem', policy, embedder: 'hash', source: { kind: 'given' as const } }
  const lines = settingLines({ setup, seed: 7, settings: settingsPresets.paper, embedder: 'hash@1', token_counter: 'Qwen3' })
  return Object.fromEntries(lines.map(({ name, value }) => [name, value]))
}
const nano = { kind: 'onnx' as const, model: 'nano', source: null }

describe('settingLines', () => {
  it('has every budget of the record', () => {
    expect(of(nano)).toEqual({
      Agent: 'AgeMem',
      Policy: 'nano',
      'Similarity by': 'its words (hash@1)',
      θ: '0.60',
      T_max: '8,192 tokens, counted by Qwen3',
      Rounds: '5 / 5 / 5, 3 replies per turn',
      Reply: 'at most 2,048 tokens, at temperature 1',
      top_k: '3',
      'System prompt': 'full',
      Judge: 'by rule',
      Seed: '7',
    })
  })

  it('names the adapter, and tells it from others of the name', () => {
    expect(of({ ...nano, adapter: null })).not.toHaveProperty('Adapter')
    expect(of({ ...nano, adapter: { key: 'r/7', name: 'Step 7', hash: null } })).toMatchObject({ Adapter: 'Step 7 (r/7)' })
    const kept = { key: 'r/7', name: 'best', hash: '0123456789abcdef' }
    expect(of({ ...nano, adapter: kept })).toMatchObject({ Adapter: 'best (r/7, tensors 0123456789abcdef)' })
  })

  it('says of a language model whether its replies were free', () => {
    const webllm = (constrained: boolean) => of({ kind: 'webllm', model: 'Qwen3-4B-q4f16_1-MLC', options: { constrained } })
    expect(webllm(true)).toMatchObject({ Policy: 'Qwen3-4B-q4f16_1-MLC', Replies: 'only those that follow the protocol' })
    expect(webllm(false)).toMatchObject({ Policy: 'Qwen3-4B-q4f16_1-MLC', Replies: 'free' })
    const local = { kind: 'onnx', model: 'mine', source: null, adapter: null } as const
    expect(of({ ...local, constrained: true })).toMatchObject({ Replies: 'only those that follow the protocol' })
    expect(of(local)).not.toHaveProperty('Replies')
  })
})
