import { describe, expect, it } from 'vitest'
import { trainPresets } from '../core/grpo/config.ts'
import { planOf } from './console-training.ts'

describe('planOf', () => {
  it('is a preset as it is, and quick where none is named', () => {
    const quick = { steps: 46, k: 8, beta: 0.05, schedule: 'linear', clip: { low: 0.2, high: 0.28 }, aggregation: 'token-mean', exploration: { temperature: 1.3, steps: 25 } }
    expect(planOf({})).toMatchObject(quick)
    expect(planOf({ preset: 'quick', until: 'step' })).toMatchObject(quick)
    expect(planOf({ preset: 'paper' })).toMatchObject({ steps: 200, k: 8, beta: 0.1, schedule: 'constant', clip: null, aggregation: 'sequence-mean', exploration: null, reward: { preset: 'paper' } })
    expect(planOf({ preset: 'answer-only' })).toMatchObject({ ...quick, reward: { preset: 'answer-only', weights: { task: 1, context: 0, memory: 0 } } })
    expect(Object.keys(planOf({ preset: 'paper', until: 'step', run: 'a' })).sort()).toEqual(Object.keys(trainPresets.paper).sort())
  })

  it('has what was given in place of the preset’s', () => {
    expect(planOf({ seed: 7, steps: 3, schedule: 'constant' })).toEqual({ ...trainPresets.quick, seed: 7, steps: 3, schedule: 'constant' })
  })

  it('refuses what is not a setting, or not its value', () => {
    expect(() => planOf({ k: 1 })).toThrow(/k/)
    expect(() => planOf(JSON.parse('{"learning_rte": 1}'))).toThrow(/learning_rte/)
  })
})
