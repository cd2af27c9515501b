// What the package adds to the trainer and the decoder.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRuntime } from '@agemem/nn/runtime'
import { createLora, readAdapter, type LoraTraining } from '@agemem/nn/lora'
import type { Runtime } from '@agemem/nn'
import { randomWeights, tinyConfig } from '../../../src/models/fixtures/tiny-model.ts'

const config = tinyConfig()
const model = { config, weights: randomWeights(config) }
const [first, second] = [[5, 9, 2, 7, 31, 8], [11, 4, 60, 3]]
let runtime: Runtime
let lora: LoraTraining
beforeAll(async () => {
  runtime = await createRuntime({ threads: 1 })
  lora = await createLora(runtime, model, { rank: 4, window: 32, seed: 3 })
})
afterAll(async () => {
  await lora.dispose()
  await runtime.dispose()
})

describe('a LoRA', () => {
  it('weighs every token that is predicted alike', async () => {
    const [both, one, other] = [await lora.loss([{ ids: first }, { ids: second }]), await lora.loss([{ ids: first }]), await lora.loss([{ ids: second }])]
    expect(both).toBeCloseTo((5 * one + 3 * other) / 8, 4)
  })

  it('leaves out what lies before `from`', async () => {
    const [whole, head, tail] = [await lora.loss([{ ids: first }]), await lora.loss([{ ids: first.slice(0, 4) }]), await lora.loss([{ ids: first, from: 4 }])]
    expect(whole).toBeCloseTo((3 * head + 2 * tail) / 5, 4)
  })

  it('tells the loss before its step, and says what it learnt', async () => {
    const before = await lora.loss([{ ids: first }])
    const unlearnt = await lora.generate(first.slice(0, 2), { tokens: 4, temperature: 0 })
    expect((await lora.step([{ ids: first }], 0.02)).loss).toBeCloseTo(before, 4)
    for (let step = 0; step < 60; step++) await lora.step([{ ids: first }], 0.02)
    expect(await lora.generate(first.slice(0, 2), { tokens: 4, temperature: 0 })).toEqual(first.slice(2))
    expect(unlearnt).not.toEqual(first.slice(2))
  })

  it('goes on from what it saved', async () => {
    const again = await createLora(runtime, model, { window: 32, from: readAdapter(config, await lora.save('tiny')) })
    expect(again.adapter).toEqual(lora.adapter)
    expect(await again.loss([{ ids: first }])).toBeCloseTo(await lora.loss([{ ids: first }]), 5)
    await again.dispose()
  })

  it('refuses what it cannot learn', async () => {
    await expect(lora.step([{ ids: [1] }], 0.1)).rejects.toThrow('No sequence has a token to predict')
    await expect(lora.step([{ ids: first, from: 0 }], 0.1)).rejects.toThrow('from is 0')
    await expect(lora.step([{ ids: Array.from({ length: 33 }, () => 1) }], 0.1)).rejects.toThrow('33 tokens, and the window 32')
    await expect(createLora(runtime, model, { targets: ['c_attn'] })).rejects.toThrow('There is no projection c_attn')
  })
})
