import { describe, expect, it } from 'vitest'
import { add, failed, filter, miraTask, retrieve, trajectoryOf, update } from '../../core/episode/fixture.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { derive, deriveQuality } from './derivation.ts'
import { memoryQuality } from '../../core/reward/memory-quality.ts'
import { rewardPresets } from '../../core/reward/presets.ts'
import { measure } from '../../core/reward/score.ts'

const tarn = 'Mira Voss lives in Tarn.'
const oslem = 'Mira Voss lives in Oslem.'
const good = trajectoryOf({
  task: miraTask(),
  settings: { t_max: 100 },
  steps: [
    { phase: 'build', says: tarn, calls: [add('m1', tarn), add('m2', 'Hello')] },
    { phase: 'build', says: 'Correction: Mira Voss lives in Oslem now.', calls: [update('m1', tarn, oslem)] },
    { phase: 'resist', says: 'Jon Voss lives in Velmora.', calls: [filter('Jon Voss')] },
    { phase: 'answer', says: 'Where does Mira Voss live?', calls: [retrieve('Mira', ['m1', oslem])] },
    { phase: 'answer', answer: 'Oslem', tokens: 40 },
  ],
})
const sentences = (trajectory: Trajectory) => Object.fromEntries(derive(trajectory, measure(trajectory)).map((each) => [each.component, each.sentence]))

describe('derive', () => {
  it('tells a good episode in its own numbers', () => {
    expect(sentences(good)).toEqual({
      task: '“Oslem” is the expected answer.',
      compression: 'The context held 40 of 100 tokens when it answered (step 5): 60 % was free.',
      preventive: 'Filter_context removed 1 message at step 3, in time: the window never overflowed.',
      preservation: 'The key phrase of the question was in the context at the end, apart from the question itself.',
      storage: '1 of 2 entries stored in stage 1 states a fact worth storing.',
      maintenance: '1 of 1 update or delete worked; one is enough.',
      relevance: '1 of 1 retrieved memory states a fact the answer needs.',
      penalty: 'No limit was broken.',
    })
  })
  it('tells a bad one', () => {
    const bad = trajectoryOf({
      task: miraTask(),
      settings: { t_max: 100 },
      steps: [{ phase: 'answer', says: 'Where does Mira Voss live?', calls: [failed('Update_memory', 'unknown-id')], tokens: 120 }],
      stop: 'rounds',
    })
    expect(sentences(bad)).toEqual({
      task: 'It gave no answer, which costs 1 point.',
      compression: 'The context held 120 of 100 tokens at the last step: nothing was free.',
      preventive: 'No filter or summary removed anything; the window overflowed at step 1.',
      preservation: '0 of 1 key phrase of the question were in the context at the end, apart from the question itself.',
      storage: 'Nothing was stored in stage 1.',
      maintenance: '1 update or delete tried, none worked.',
      relevance: 'Nothing was retrieved after stage 1.',
      penalty: 'Limits broken: no answer within the rounds of stage 3; context over the limit.',
    })
  })
  it('lists what it counted', () => {
    const storage = derive(good, measure(good)).find((each) => each.component === 'storage')
    expect(storage).toMatchObject({
      value: 0.5,
      equation: 23,
      contribution: null,
      items: [
        { label: `m1: ${oslem}`, counted: true },
        { label: 'm2: Hello (states no fact)', counted: false },
      ],
    })
  })
  it('gives points under weights, and the tool-use term only where it counts', () => {
    const components = measure(good)
    const published = derive(good, components, rewardPresets['published-code'])
    expect(published.find((each) => each.component === 'tool_use')).toMatchObject({ value: 1, equation: null, contribution: 0.2, sentence: '5 of 5 tool calls worked.' })
    expect(derive(good, components, rewardPresets.paper).some((each) => each.component === 'tool_use')).toBe(false)
  })
  it('does not speak for another judge', () => {
    const components = { ...measure(good), task: 0.4 }
    expect(derive(good, components)[0]?.sentence).toBe('The judge gave “Oslem” 0.4 out of 1.')
  })
})

describe('derive, after a language model judged', () => {
  it('says who judged and what the rule would have said', () => {
    const judged: Trajectory = { ...good, verdicts: [{ judge: 'SmolLM2', rubric: 'answer', score: 0.75, words: 'Score: 0.75' }] }
    expect(derive(judged, measure(judged))[0]).toMatchObject({ value: 0.75, sentence: 'SmolLM2 gave “Oslem” 0.75 out of 1. The rule would give 1.' })
  })
})

describe('deriveQuality', () => {
  it('tells which facts the memory holds', () => {
    expect(deriveQuality(memoryQuality(good))).toEqual({
      value: 0.5,
      sentence: 'The memory holds 1 of 2 current facts; 1 of its 2 entries states one.',
      items: [
        { label: 'Mira Voss plays the cello.', counted: false },
        { label: 'Mira Voss lives in Oslem.', counted: true },
      ],
    })
  })
})
