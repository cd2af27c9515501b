import { describe, expect, it } from 'vitest'
import { baseName, groupsOf, suitsOf, wantedGroups } from './catalogue.ts'
import { listed } from '../../state/webllm-fixture.ts'

describe('baseName', () => {
  it('is what all forms of a model share', () => {
    for (const id of ['Qwen3-0.6B-q0f16-MLC', 'Qwen3-0.6B-q4f32_1-MLC']) expect(baseName(id)).toBe('Qwen3-0.6B')
    expect(baseName('gemma-2-2b-it-q4f16_1-MLC-1k')).toBe('gemma-2-2b-it')
    expect(baseName('snowflake-arctic-embed-s-q0f32-MLC-b4')).toBe('snowflake-arctic-embed-s')
  })
})

describe('suitsOf', () => {
  it('knows the models of the paper, and those that follow instructions', () => {
    expect(suitsOf('Qwen3-4B')).toBe('paper')
    expect(suitsOf('Qwen2.5-7B-Instruct')).toBe('paper')
    for (const name of ['Qwen3-0.6B', 'Llama-3.2-1B-Instruct', 'SmolLM2-135M-Instruct', 'gemma-2-2b-it', 'gemma3-1b-it', 'Phi-3.5-mini-instruct']) expect(suitsOf(name)).toBe('general')
    for (const name of ['Qwen2.5-Coder-7B-Instruct', 'Qwen2.5-Math-1.5B-Instruct', 'Ministral-3-3B-Base-2512', 'DeepSeek-R1-Distill-Qwen-7B', 'phi-1_5', 'Phi-3.5-vision-instruct', 'Llama-2-7b-chat-hf']) expect(suitsOf(name)).toBe('other')
  })
})

describe('groupsOf', () => {
  const f16 = listed('Big-q4f16_1-MLC', { needsF16: true, vram: 300 })
  const f32 = listed('Big-q4f32_1-MLC', { vram: 400 })
  const short = listed('Big-q4f16_1-MLC-1k', { vram: 200 })
  const whole = listed('Big-q0f32-MLC', { vram: 900 })
  const small = listed('Small-q4f32_1-MLC', { vram: 100 })
  const embedding = listed('embed-q0f32-MLC-b4', { kind: 'embedding' })
  const own = listed('mine-q0f32-MLC', { custom: true, vram: null, download: { bytes: 9e9, exact: true } })
  const all = [whole, short, f16, f32, embedding, own, small]

  it('puts the forms together, the one for this machine first', () => {
    const forms = (shaderF16: boolean) => groupsOf(all, 'chat', shaderF16).find(({ name }) => name === 'Big')?.forms.map(({ id }) => id)
    expect(forms(true)).toEqual(['Big-q4f16_1-MLC', 'Big-q4f32_1-MLC', 'Big-q0f32-MLC', 'Big-q4f16_1-MLC-1k'])
    expect(forms(false)).toEqual(['Big-q4f32_1-MLC', 'Big-q0f32-MLC', 'Big-q4f16_1-MLC-1k', 'Big-q4f16_1-MLC'])
  })

  it('lists one’s own first under its whole name, then by size, each kind apart', () => {
    expect(groupsOf(all, 'chat', true).map(({ name }) => name)).toEqual(['mine-q0f32-MLC', 'Small', 'Big'])
    expect(groupsOf(all, 'embedding', true).map(({ name }) => name)).toEqual(['embed'])
  })

  it('narrows by name, by what can learn, by what is here', () => {
    const groups = groupsOf(all, 'chat', true)
    const names = (wanted: Partial<Parameters<typeof wantedGroups>[1]>) => wantedGroups(groups, { text: '', learns: false, here: null, ...wanted }).map(({ name, forms }) => [name, ...forms.map(({ id }) => id)])
    expect(names({ text: ' BIG' })).toHaveLength(1)
    expect(names({ learns: true })).toEqual([])
    expect(names({ here: new Set(['Small-q4f32_1-MLC']) })).toEqual([['Small', 'Small-q4f32_1-MLC']])
    expect(names({ text: 'big', here: new Set() })).toEqual([])
  })
})
