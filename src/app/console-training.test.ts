import { describe, expect, it } from 'vitest'
import { trainPresetNames, trainPresets } from '../core/grpo/config.ts'
import { planOf } from './console-training.ts'

describe('planOf', () => {
  it('is a preset as it is, and quick where none is named', () => {
    expect(planOf({})).toEqual(trainPresets.quick)
    for (const preset of trainPresetNames) expect(planOf({ preset, until: 'step' })).toEqual(trainPresets[preset])
  })

  it('has what was given in place of the preset’s', () => {
    expect(planOf({ seed: 7, steps: 3, schedule: 'constant' })).toEqual({ ...trainPresets.quick, seed: 7, steps: 3, schedule: 'constant' })
  })

  it('refuses what is not a setting, or not its value', () => {
    expect(() => planOf({ k: 1 })).toThrow(/k/)
    expect(() => planOf(JSON.parse('{"learning_rte": 1}'))).toThrow(/learning_rte/)
  })
})
