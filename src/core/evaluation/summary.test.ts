import { describe, expect, it } from 'vitest'
import { add, failed, miraTask, retrieve, trajectoryOf, update } from '../episode/fixture.ts'
import { trajectorySchema } from '../record/trajectory.ts'
import { rewardPresets } from '../reward/presets.ts'
import { scoreTrajectory } from '../reward/score.ts'
import { summarise } from './summary.ts'
import { metricsOf, report } from './metrics.ts'

const tarn = 'Mira Voss lives in Tarn.'
const oslem = 'Mira Voss lives in Oslem.'
const good = trajectoryOf({
  task: miraTask(),
  settings: { t_max: 100 },
  steps: [
    { phase: 'build', says: tarn, calls: [add('m1', tarn)], tokens: 10 },
    { phase: 'build', says: 'Correction: Mira Voss lives in Oslem now.', calls: [update('m1', tarn, oslem)], tokens: 30 },
    { phase: 'resist', says: 'Jon Voss lives in Velmora.', answer: 'I see.', tokens: 20 },
    { phase: 'answer', says: 'Where does Mira Voss live?', calls: [retrieve('Mira', ['m1', oslem])], tokens: 24 },
    { phase: 'answer', answer: 'Oslem', tokens: 36 },
  ],
})
const poor = trajectoryOf({
  task: miraTask(),
  settings: { t_max: 100 },
  steps: [
    {
      phase: 'build',
      says: tarn,
      calls: [add('m1', tarn), failed('Update_memory', 'unknown-id'), failed('Fly', 'unknown-tool')],
      violations: [{ rule: 'missing-think', position: 0, message: 'A reply begins with a thought.', recovered: true }],
      tokens: 10,
    },
    { phase: 'answer', says: 'Where does Mira Voss live?', answer: 'I do not know.', tokens: 50 },
  ],
})
const score = (trajectory: typeof good) => scoreTrajectory(trajectory, rewardPresets.paper)
const measured = (trajectory: typeof good) => metricsOf(trajectory, score(trajectory))

describe('metricsOf', () => {
  it('counts a good episode', () => {
    expect(measured(good)).toMatchObject({
      complete: true,
      success: true,
      fact_recall: 0.5,
      fact_precision: 1,
      updates: { total: 1, right: 1 },
      tool_calls: { Add_memory: 1, Update_memory: 1, Delete_memory: 0, Retrieve_memory: 1, Summary_context: 0, Filter_context: 0 },
      tool_errors: 0,
      format_violations: 0,
      tokens: { stage1: 30, stage2: 20, stage3: 36, peak: 36, mean: 24 },
    })
  })
  it('counts a poor one, unknown tools and a stage that was not played included', () => {
    expect(measured(poor)).toMatchObject({
      success: false,
      updates: { total: 1, right: 0 },
      tool_calls: { Add_memory: 1, Update_memory: 1, Fly: 1 },
      tool_errors: 2,
      format_violations: 1,
      tokens: { stage1: 10, stage2: 0, stage3: 50, peak: 50, mean: 30 },
    })
  })
})

describe('report', () => {
  it('has the names of the command line and is a trajectory that can be imported', () => {
    const line: unknown = JSON.parse(JSON.stringify(report(good, score(good))))
    expect(line).toMatchObject({
      task_id: 'mira',
      source: 'world',
      policy: 'script',
      seed: 7,
      query: 'Where does Mira Voss live?',
      expected: 'Oslem',
      answer: 'Oslem',
      complete: true,
      reward: { task: 1, context: { preventive: 0 }, memory: { storage: 1, maintenance: 1, relevance: 1 }, penalty: 0 },
      steps: [{ phase: 'build', turn: 0, reply: { finish: 'stop' }, calls: [{ name: 'Add_memory', ok: true }] }, {}, {}, {}, {}],
    })
    expect(trajectorySchema.parse(line)).toEqual(good)
  })
})

describe('summarise', () => {
  const stopped = trajectoryOf({ task: miraTask(), steps: [{ phase: 'build', says: 'Hello.', answer: 'Hi.' }] })
  const summary = summarise([measured(good), measured(poor), measured(stopped)])

  it('takes means over the complete episodes', () => {
    expect(summary).toMatchObject({
      episodes: 2,
      incomplete: 1,
      success_rate: 0.5,
      // Good: 1 fact of 2, in 1 of 1 entries. Poor: nothing that still holds.
      fact_recall: 0.25,
      fact_precision: 0.5,
      update_correctness: 0.5,
      // Good: right. Poor: as its answer is.
      currency: { present: 0.5, superseded: 0, neither: 0.5 },
      tool_errors: 1,
      format_violations: 0.5,
      tool_calls: { Add_memory: 1, Update_memory: 1, Retrieve_memory: 0.5 },
      tool_calls_total: 3,
      tokens: { stage1: 20, stage2: 10, stage3: 43, peak: 43, mean: 27 },
      // Good: 1 − 0.36; poor: 1 − 0.5.
      reward: { task: 0.5, context: { preventive: 0 } },
    })
    expect(summary?.reward.context.compression).toBeCloseTo(0.57, 12)
  })
  it('gives an interval for each: Wilson for rates, normal for the rest', () => {
    // One of two by Wilson: 0.5 ± 0.40547. Peak 36 and 50: s/√2 = 7, ±13.72.
    expect(summary?.intervals.success_rate[0]).toBeCloseTo(0.0945, 4)
    expect(summary?.intervals.success_rate[1]).toBeCloseTo(0.9055, 4)
    expect(summary?.intervals.tokens.peak[0]).toBeCloseTo(29.28, 2)
    expect(summary?.intervals.tokens.peak[1]).toBeCloseTo(56.72, 2)
  })
  it('has no update correctness without corrections, and nothing at all without complete episodes', () => {
    const plain = miraTask({ facts: miraTask().facts.filter((fact) => fact.id !== 'f1') })
    const episode = trajectoryOf({ task: plain, steps: [{ phase: 'answer', says: plain.query, answer: 'Oslem' }] })
    expect(summarise([measured(episode)])).toMatchObject({ update_correctness: null, currency: null })
    expect(summarise([measured(stopped)])).toBeNull()
  })
})
