import { describe, expect, it } from 'vitest'
import { add, failed, filter, miraTask, retrieve, trajectoryOf, update } from '../episode/fixture.ts'
import { composite, contributions } from './composite.ts'
import { rewardPresets } from './presets.ts'
import { componentsSchema, type RewardComponents, type RewardWeights } from './reward.ts'
import { measure, scoreTrajectory } from './score.ts'

const tarn = 'Mira Voss lives in Tarn.'
const oslem = 'Mira Voss lives in Oslem.'
const good = trajectoryOf({
  task: miraTask(),
  settings: { t_max: 100 },
  steps: [
    { phase: 'build', says: tarn, calls: [add('m1', tarn)] },
    { phase: 'build', says: 'Nice weather today.', calls: [add('m2', 'Nice weather today.')] },
    { phase: 'build', says: 'Correction: Mira Voss lives in Oslem now.', calls: [update('m1', tarn, oslem)] },
    { phase: 'resist', says: 'Jon Voss lives in Velmora.', calls: [filter('Jon Voss')] },
    { phase: 'answer', says: 'Where does Mira Voss live?', calls: [retrieve('Mira', ['m1', oslem], ['m2', 'Nice weather today.'])] },
    { phase: 'answer', answer: 'She lives in Oslem.', tokens: 40 },
  ],
})

const components: RewardComponents = {
  task: 1,
  compression: 0.6,
  preventive: 1,
  preservation: 1,
  storage: 0.5,
  maintenance: 1,
  maintenance_attempted: 1,
  relevance: 0.5,
  currency: 1,
  tool_use: 1,
  rounds_exceeded: false,
  context_exceeded: false,
}

describe('measure', () => {
  it('gives every component of a good episode', () => {
    expect(componentsSchema.parse(measure(good))).toEqual(components)
  })
  it('gives −1 and both indicators to an episode that ran out of rounds and over its window', () => {
    const lost = trajectoryOf({
      task: miraTask(),
      settings: { t_max: 100 },
      steps: [{ phase: 'answer', says: 'Where does Mira Voss live?', calls: [failed('Update_memory', 'unknown-id')], tokens: 120 }],
      stop: 'rounds',
    })
    expect(measure(lost)).toEqual({
      task: -1,
      compression: 0,
      preventive: 0,
      preservation: 0,
      storage: 0,
      maintenance: 0,
      maintenance_attempted: 1,
      relevance: 0,
      currency: 0,
      tool_use: 0,
      rounds_exceeded: true,
      context_exceeded: true,
    })
  })
})

describe('composite (eq. 16)', () => {
  // Context (0.6 + 1 + 1)/3 = 13/15; memory (0.5 + 1 + 0.5)/3 = 2/3.
  it('with the paper’s weights', () => {
    const reward = composite(components, rewardPresets.paper)
    expect(reward.context.total).toBeCloseTo(13 / 15, 12)
    expect(reward.memory.total).toBeCloseTo(2 / 3, 12)
    expect(reward.penalty).toBe(0)
    expect(reward.total).toBeCloseTo(38 / 45, 12)
  })
  it('with unit weights', () => {
    expect(composite(components, rewardPresets['paper-unit']).total).toBeCloseTo(38 / 15, 12)
  })
  it('as in the published code: 0.5 + 0.2 + 0.13 + 0.1', () => {
    expect(composite(components, rewardPresets['published-code']).total).toBeCloseTo(0.93, 12)
  })
  it('by the answer alone, without penalties', () => {
    expect(composite({ ...components, task: 0.4, rounds_exceeded: true }, rewardPresets['answer-only']).total).toBe(0.4)
  })
  it('subtracts 1 for rounds and 0.5 for the window', () => {
    const lost = { ...components, task: -1, compression: 0, preventive: 0, preservation: 0, storage: 0, maintenance: 0, relevance: 0, rounds_exceeded: true, context_exceeded: true }
    expect(composite(lost, rewardPresets.paper)).toMatchObject({ penalty: -1.5 })
    expect(composite(lost, rewardPresets.paper).total).toBeCloseTo(-1.5 - 1 / 3, 12)
  })
  it('clips only in the published code', () => {
    const lost = { ...components, task: -1, rounds_exceeded: true, context_exceeded: true }
    expect(composite(lost, rewardPresets['published-code']).total).toBe(-1)
    expect(composite(lost, rewardPresets['paper-unit']).total).toBeCloseTo(-1 + 23 / 15 - 1.5, 12)
  })
  it('counts a failed update only in the published code', () => {
    const tried = { ...components, maintenance: 0 }
    expect(composite(tried, rewardPresets['published-code']).memory).toMatchObject({ maintenance: 1 })
    expect(composite(tried, rewardPresets.paper).memory).toMatchObject({ maintenance: 0 })
  })
  it('is the sum of its contributions', () => {
    const uneven: RewardWeights = {
      ...rewardPresets.paper,
      task: 0.7,
      alpha: { compression: 0.5, preventive: 0.3, preservation: 0.2 },
      tool_use: 0.1,
    }
    const parts = contributions({ ...components, context_exceeded: true }, uneven)
    expect(parts.compression).toBeCloseTo(0.1, 12)
    expect(parts.penalty).toBe(-0.5)
    const sum = Object.values(parts).reduce((a, b) => a + b, 0)
    expect(sum).toBeCloseTo(composite({ ...components, context_exceeded: true }, uneven).total, 12)
  })
  it('re-scores 32 rollouts in far less than a frame', () => {
    const start = performance.now()
    for (let i = 0; i < 32; i++) composite(components, rewardPresets.paper)
    expect(performance.now() - start).toBeLessThan(16)
  })
})

describe('scoreTrajectory', () => {
  it('brings verdict, components, reward and quality together', () => {
    const scored = scoreTrajectory(good, rewardPresets.paper)
    expect(scored.verdict).toEqual({ score: 1, how: 'words', against: 'Oslem' })
    expect(scored.reward.total).toBeCloseTo(38 / 45, 12)
    // Entries: 1 of 2 states a current fact; 1 of 2 current facts is stored.
    expect(scored.quality.value).toBe(0.5)
  })
  it('takes a recorded verdict before the rule, for the answer and for MQ', () => {
    const judged = { ...good, verdicts: [{ judge: 'B', rubric: 'answer' as const, score: 0.25, words: 'Score: 0.25' }, { judge: 'B', rubric: 'memories' as const, score: 0.9, words: 'Score: 0.9' }] }
    const scored = scoreTrajectory(judged, rewardPresets['answer-only'])
    expect(scored.verdict).toEqual({ score: 0.25, how: 'model', against: 'Oslem', by: 'B' })
    expect(scored.reward.total).toBe(0.25)
    expect(measure(judged)).toEqual({ ...components, task: 0.25 })
    expect([scored.memoryQuality, scored.quality.value]).toEqual([0.9, 0.5])
  })
})
