import { describe, expect, it } from 'vitest'
import { add, failed, filter, miraTask, retrieve, summarise, trajectoryOf, update } from '../episode/fixture.ts'
import { rewardPresets } from '../reward/presets.ts'
import { scoreTrajectory } from '../reward/score.ts'
import type { Trajectory } from '../record/trajectory.ts'
import { episodeMeans, sampledTokens } from './episode-means.ts'

const good = trajectoryOf({
  task: miraTask(),
  steps: [
    { phase: 'build', says: 'Mira Voss lives in Tarn.', calls: [add('m1', 'Mira Voss lives in Tarn.')] },
    { phase: 'build', answer: 'Noted.' },
    { phase: 'build', says: 'Mira Voss plays the cello.', calls: [add('m2', 'Mira Voss plays the cello.')] },
    { phase: 'build', says: 'Correction: Mira Voss lives in Oslem now.', calls: [update('m1', 'Mira Voss lives in Tarn.', 'Mira Voss lives in Oslem.')] },
    { phase: 'resist', says: 'Jon Voss lives in Velmora.', calls: [filter('Velmora')] },
    { phase: 'answer', says: 'Where does Mira Voss live?', calls: [retrieve('Mira Voss', ['m1', 'Mira Voss lives in Oslem.'])] },
    { phase: 'answer', answer: 'Oslem', tokens: 100 },
  ],
})
const bad = trajectoryOf({
  task: miraTask(),
  stop: 'rounds',
  steps: [
    { phase: 'build', says: 'Mira Voss lives in Tarn.', answer: 'Noted.', violations: [{ rule: 'missing-think', position: 0, message: '', recovered: true }] },
    { phase: 'resist', says: 'Jon Voss lives in Velmora.', calls: [failed('Delete_memory', 'unknown-id')] },
    { phase: 'answer', says: 'Where does Mira Voss live?', calls: [summarise('Someone moved.')], tokens: 300 },
  ],
})
const rollouts = [good, bad].map((trajectory) => ({ trajectory, scored: scoreTrajectory(trajectory, rewardPresets.paper) }))

describe('episodeMeans of a good and a bad episode', () => {
  const means = episodeMeans(rollouts)

  it('counts calls per episode, in all and by stage', () => {
    expect(means.tool_calls).toEqual({
      total: { Add_memory: 1, Update_memory: 0.5, Delete_memory: 0.5, Retrieve_memory: 0.5, Summary_context: 0.5, Filter_context: 0.5 },
      stage1: { Add_memory: 1, Update_memory: 0.5, Delete_memory: 0, Retrieve_memory: 0, Summary_context: 0, Filter_context: 0 },
      stage2: { Add_memory: 0, Update_memory: 0, Delete_memory: 0.5, Retrieve_memory: 0, Summary_context: 0, Filter_context: 0.5 },
      stage3: { Add_memory: 0, Update_memory: 0, Delete_memory: 0, Retrieve_memory: 0.5, Summary_context: 0.5, Filter_context: 0 },
    })
    expect(means.tool_errors).toBe(0.5)
  })

  it('takes means over the episodes', () => {
    expect(means).toMatchObject({ episodes: 2, success: 0.5, answered: 0.5, ltm_size: 1, replies: 5, reply_tokens: 5, clipped_replies: 0 })
    // 100 tokens at the answer, 300 at the last step of the one without.
    expect(means.context_tokens).toBe(200)
    // One reply of ten.
    expect(means.format_violations).toBe(0.1)
    // 1 and −1; 0 and −1; both reduced their context in time.
    expect(means.components).toMatchObject({ task: 0, penalty: -0.5, preventive: 1, maintenance: 0.5, storage: 0.5, relevance: 0.5, preservation: 0.5, memory: 0.5 })
    // 1 − 100/1024 and 1 − 300/1024; a third of that, of 1 and 1, and of that, of 1 and 0; all calls worked, one of two.
    expect([means.components.compression, means.components.context, means.components.tool_use]).toEqual([0.8046875, 0.76822917, 0.75].map((x) => expect.closeTo(x, 8)))
    // All current facts and nothing else; nothing.
    expect([means.memory_quality, means.fact_recall, means.fact_precision]).toEqual([0.5, 0.5, 0.5])
    // (1 + 0.96744792 + 1) / 3, and (−1 + 0.56901042 + 0) / 3 − 1.
    expect(means.reward).toBeCloseTo(-0.07725694, 8)
  })

  it('counts the tokens of summaries as sampled too', () => {
    const generation = { text: 's', tokens: 11, token_ids: null, logprobs: null, finish: 'stop' } as const
    const withSummary: Trajectory = { ...bad, steps: bad.steps.map((step) => ({ ...step, asides: step.calls.flatMap(({ name }, call) => (name === 'Summary_context' ? [{ purpose: 'summarise', call, prompt: [], generation }] : [])) })) }
    expect(sampledTokens([good, withSummary])).toBe(10 * 5 + 11)
  })
})
