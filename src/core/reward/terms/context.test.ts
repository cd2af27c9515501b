import { describe, expect, it } from 'vitest'
import { failed, filter, miraTask, retrieve, summarise, trajectoryOf, type ScriptedStep } from '../../episode/fixture.ts'
import { answerStep } from '../answer-step.ts'
import { terms } from '../terms.ts'

const compression = terms.compression.measure
const preservation = terms.preservation.measure
const preventive = terms.preventive.measure

const play = (steps: ScriptedStep[], stop?: 'rounds' | 'aborted') => trajectoryOf({ task: miraTask(), settings: { t_max: 100 }, steps, stop })
const ask: ScriptedStep = { phase: 'answer', says: 'Where does Mira Voss live?', answer: 'Oslem', tokens: 40 }

describe('compression (eq. 19)', () => {
  it('takes the prompt of the step that answered', () => {
    const trajectory = play([{ phase: 'resist', says: 'Hello.', answer: 'Hi.', tokens: 90 }, ask])
    expect(compression(trajectory)).toEqual({ value: 0.6, used: 40, limit: 100 })
    expect(answerStep(trajectory)).toBe(1)
  })
  it('takes the last prompt when there is no answer', () => {
    expect(compression(play([{ phase: 'answer', says: 'Where?', calls: [retrieve('Mira')], tokens: 25 }], 'rounds')).value).toBe(0.75)
  })
  it('never goes below 0', () => {
    expect(compression(play([{ ...ask, tokens: 150 }])).value).toBe(0)
  })
  it('is 0 when nothing was played', () => {
    expect(compression(play([], 'aborted')).value).toBe(0)
  })
})

describe('preventive (eq. 20)', () => {
  const noise: ScriptedStep = { phase: 'resist', says: 'Jon Voss lives in Velmora.', calls: [filter('Jon Voss')], tokens: 30 }
  const full: ScriptedStep = { phase: 'resist', says: 'A very long story.', answer: 'I see.', tokens: 101 }

  it('counts a filter that removed something', () => {
    expect(preventive(play([noise, ask]))).toEqual({ value: 1, reduction: { step: 0, tool: 'Filter_context', removed: 1 }, overflow: null })
  })
  it('counts a summary', () => {
    expect(preventive(play([{ ...noise, calls: [summarise('Noise.')] }, ask])).value).toBe(1)
  })
  it('does not count a filter that removed nothing', () => {
    expect(preventive(play([{ ...noise, calls: [filter('cheese')] }, ask])).value).toBe(0)
  })
  it('does not count a failed call', () => {
    expect(preventive(play([{ ...noise, calls: [failed('Filter_context', 'invalid-arguments')] }, ask])).value).toBe(0)
  })
  it('does not count what came after an overflow, nor in the step that overflowed', () => {
    expect(preventive(play([full, noise, ask]))).toMatchObject({ value: 0, overflow: 0, reduction: { step: 1 } })
    expect(preventive(play([{ ...noise, tokens: 101 }, ask])).value).toBe(0)
  })
  it('counts what came before one', () => {
    expect(preventive(play([noise, full, ask])).value).toBe(1)
  })
})

describe('preservation (eq. 21)', () => {
  const open: ScriptedStep = { phase: 'answer', says: 'Where does Mira Voss live?', calls: [retrieve('Mira Voss', ['m1', 'Mira Voss lives in Oslem.'])] }
  const answer: ScriptedStep = { phase: 'answer', answer: 'Oslem' }

  it('holds when a retrieved memory has the name', () => {
    expect(preservation(play([open, answer]))).toEqual({ value: 1, found: [{ kind: 'name', text: 'Mira Voss' }], missing: [] })
  })
  it('holds when a summary has it', () => {
    expect(preservation(play([{ phase: 'resist', says: 'So.', calls: [summarise('Mira Voss called.')] }, ask])).value).toBe(1)
  })
  it('does not hold by the query alone', () => {
    expect(preservation(play([ask]))).toEqual({ value: 0, found: [], missing: [{ kind: 'name', text: 'Mira Voss' }] })
  })
  it('does not hold by what the agent says: the call names Mira Voss, the result does not', () => {
    expect(preservation(play([{ ...open, calls: [retrieve('Mira Voss')] }, answer])).value).toBe(0)
  })
  it('does not hold by the text of a failed call', () => {
    expect(preservation(play([{ ...open, calls: [failed('Mira Voss', 'unknown-tool', 'Error: no tool "Mira Voss".')] }, answer])).value).toBe(0)
  })
  it('does not hold by stage 1, which was reset', () => {
    expect(preservation(play([{ phase: 'build', says: 'Mira Voss lives in Oslem.', answer: 'Noted.' }, ask])).value).toBe(0)
  })
  it('holds for a query without key phrases', () => {
    const task = miraTask({ query: 'where does she live?' })
    expect(preservation(trajectoryOf({ task, steps: [{ phase: 'answer', says: task.query, answer: 'Oslem' }] })).value).toBe(1)
  })
  it('does not hold when nothing was played', () => {
    expect(preservation(play([], 'aborted')).value).toBe(0)
  })
})
