import { describe, expect, it } from 'vitest'
import { runRecord, stepMetrics } from './runs.fixture.ts'
import { stepMetricsSchema } from './metrics.ts'
import { oldStep } from './old-step.fixture.ts'
import { runRecordSchema } from './runs.ts'

describe('stepMetricsSchema', () => {
  it('reads a step of the release before under today’s names', () => {
    const read = stepMetricsSchema.parse(oldStep)
    // What was called reward_std: the mean of 0.1907 and 0.3229, σ of the two groups.
    expect(read.group_reward_std).toBe(0.2567911677172318)
    // statistics.stdev([0.34359375, 0.07390625, 0.14567708333, 0.6023046875]) in Python.
    expect(read.reward_std).toBeCloseTo(0.2365900875, 9)
    expect(read.surrogate_loss).toBe(-0.10348076485840343)
    expect(read.clip_ratio).toBe(0)
    expect(Object.keys(read)).not.toContain('policy_loss')
    expect([read.step, read.reward, read.groups.length, read.loss, read.tokens.sampled]).toEqual([1, 0.29137044270833334, 2, -0.10348077118396759, 702])
  })
  it('reads warnings and a pause that were recorded as sentences, as text', () => {
    const sentences = { ...stepMetrics(1), warnings: [{ kind: 'format', message: '24 % of the replies broke the protocol.' }, { kind: 'not-finite', message: 'Loss or gradient …' }], pause: 'The model has lost the protocol.' }
    expect(stepMetricsSchema.parse(sentences)).toEqual(sentences)
    expect(runRecordSchema.parse(runRecord('r', { note: 'The model has lost the protocol.' })).note).toBe('The model has lost the protocol.')
  })
  it('takes a kind with its numbers alone, and none without them', () => {
    const read = (warning: unknown, pause: unknown = null) => stepMetricsSchema.safeParse({ ...stepMetrics(1), warnings: [warning], pause }).data?.warnings
    expect(read({ kind: 'format', format_violations: 0.24 })).toEqual([{ kind: 'format', format_violations: 0.24 }])
    expect(read({ kind: 'format' })).toBeUndefined()
    expect(read({ kind: 'not-finite' }, { kind: 'no-variance' })).toBeUndefined()
    expect(read({ kind: 'not-finite' }, { kind: 'no-variance', steps: 5 })).toEqual([{ kind: 'not-finite' }])
  })
  it('reads it again as it was read', () => {
    const read = stepMetricsSchema.parse(oldStep)
    expect(stepMetricsSchema.parse(JSON.parse(JSON.stringify(read)))).toEqual(read)
  })
  it('takes today’s record as it is', () => {
    const step = { ...stepMetrics(3), reward_std: 0.5, group_reward_std: 0.25 }
    expect(stepMetricsSchema.parse(step)).toEqual(step)
  })
  it('refuses an old record that is damaged', () => {
    expect(stepMetricsSchema.safeParse({ ...stepMetrics(1), group_reward_std: undefined, reward_std: 'much' }).success).toBe(false)
    expect(stepMetricsSchema.safeParse(null).success).toBe(false)
  })
})
