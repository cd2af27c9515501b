import { describe, expect, it } from 'vitest'
import { trainPresets } from '../../core/training/config.ts'
import { durationOf, messagesOf, nanoOnTwoCores } from './training-pace.ts'
import { stepTime } from './step-time.ts'

const plan = { ...trainPresets.quick, b: 1, k: 4, epochs: 2 }
const heard = 4 * messagesOf(plan)
const nano = { name: 'nano', parameters: 2_000_000 }
const large = { name: 'SmolLM2-135M-Instruct', parameters: 100_000_000 }

describe('the time of a step', () => {
  it('is what it was here, where the model trained', () => {
    const paces = { [large.name]: { rollout: 2, update: 1, evaluation: 2 } }
    expect(stepTime(plan, large, paces, nano)).toEqual({ seconds: heard * (2 + 2 * 1), by: 'measured' })
  })

  it('goes by the rate of another model that trained here', () => {
    const paces = { nano: { rollout: 0.02, update: 0.01, evaluation: 0.02 } }
    const { seconds, by } = stepTime(plan, large, paces, nano)
    expect(by).toBe('rate')
    // Fifty times the parameters, fifty times as long.
    expect(seconds).toBeCloseTo(50 * heard * 0.04, 6)
  })

  it('is what the plan says of it too, for the embedded model that has not trained here', () => {
    const { seconds, by } = stepTime(plan, nano, {}, nano)
    expect(by).toBe('twoCores')
    // As durationOf() has it: steps of this plan and nothing else.
    expect(seconds * plan.steps).toBeCloseTo(durationOf({ ...plan, evaluation: { ...plan.evaluation, every: 0 } }, nanoOnTwoCores), 6)
  })

  it('goes by a stated rate before anything ran', () => {
    const { seconds, by } = stepTime(plan, large, {}, nano)
    expect(by).toBe('stated')
    // 120 tokens a message, 12 operations a parameter and token with two epochs, 30 billion a second: 4.8 s a message and rollout.
    expect(seconds).toBeCloseTo(4.8 * heard, 6)
    expect(stepTime({ ...plan, beta: 0, epochs: 1 }, large, {}, nano).seconds).toBeCloseTo(2.4 * heard, 6)
  })
})
