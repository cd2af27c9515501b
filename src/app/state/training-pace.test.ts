import { describe, expect, it } from 'vitest'
import { trainPresets } from '../../core/training/config.ts'
import { quickTasks } from '../../core/training/tasks.fixture.ts'
import { evaluationFixture, stepFixture } from './run-fixture.ts'
import { durationOf, evaluationsAhead, messagesOf, paceOfRun, rememberedPaces, rememberPaces } from './training-pace.ts'

// 2 facts, 1 correction, 4 distractors, 1 question.
const plan = { ...trainPresets.quick, steps: 10, b: 2, k: 5, epochs: 1, tasks: quickTasks({ facts: 2, update_share: 1, small_talk: 0, distractors: 4 }), evaluation: { every: 5, tasks: 5, seed: 1 } }
const step = (n: number, total: number, update: number) => stepFixture(n, { seconds: { rollout: total - update, scoring: 0, update, other: 0, total } })

describe('how long a plan takes', () => {
  it('follows from the pace of the last run, by what there is to hear', () => {
    expect(messagesOf(plan)).toBe(8)
    const pace = paceOfRun(plan, [step(1, 12, 4), step(2, 12, 4)], [{ ...evaluationFixture(0, 0, { seconds: 8 }), tasks: 4 }])
    // 80 messages a step: 8 s of playing, 4 s of learning; a test of 32 messages took 8 s.
    expect(pace).toEqual({ rollout: 0.1, update: 0.05, evaluation: 0.25 })
    if (!pace) throw new Error('There is a step.')
    // 10 steps of 12 s; tests before, at 5 and at 10 of 40 messages each.
    expect(durationOf(plan, pace)).toBeCloseTo(120 + 3 * 10)
    expect(durationOf({ ...plan, epochs: 2, evaluation: { ...plan.evaluation, every: 0 } }, pace)).toBeCloseTo(160)
  })
  it('is not known before a step was made', () => {
    expect(paceOfRun(plan, [], [])).toBeNull()
  })
  it('takes a test to be as fast as the rollouts where none was made', () => {
    expect(paceOfRun(plan, [step(1, 12, 4)], [])?.evaluation).toBeCloseTo(0.1)
  })
  it('counts a test at the end that no multiple falls on', () => {
    expect(evaluationsAhead({ steps: 46, evaluation: { ...plan.evaluation, every: 16 } }, 0)).toBe(3)
  })
})

describe('the pace that is remembered', () => {
  it('comes back, and what is damaged is as if there were none', () => {
    const kept = new Map<string, string>()
    const remembered = { get: (key: string) => kept.get(key) ?? null, set: (key: string, value: string) => void kept.set(key, value) }
    expect(rememberedPaces(remembered)).toEqual({})
    rememberPaces(remembered, { nano: { rollout: 1, update: 2, evaluation: 3 } })
    expect(rememberedPaces(remembered)).toEqual({ nano: { rollout: 1, update: 2, evaluation: 3 } })
    for (const damaged of ['{', '{"nano":{"rollout":-1}}', '[]', '{"nano":null}']) {
      kept.set('agemem.pace', damaged)
      expect(rememberedPaces(remembered)).toEqual({})
    }
  })
})
