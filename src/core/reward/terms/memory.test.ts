import { describe, expect, it } from 'vitest'
import { add, failed, miraTask, remove, retrieve, trajectoryOf, update, type ScriptedStep } from '../../episode/fixture.ts'
import { terms } from '../terms.ts'

const maintenance = terms.maintenance.measure
const relevance = terms.relevance.measure
const storage = terms.storage.measure
const toolUse = terms.tool_use.measure

const play = (...steps: ScriptedStep[]) => trajectoryOf({ task: miraTask(), steps })
const tarn = 'Mira Voss lives in Tarn.'
const oslem = 'Mira Voss lives in Oslem.'
const cello = 'Mira Voss plays the cello.'
const correction = 'Correction: Mira Voss lives in Oslem now.'
const hears = (says: string, ...calls: ScriptedStep['calls'] & object): ScriptedStep =>
  calls.length > 0 ? { phase: 'build', says, calls } : { phase: 'build', says, answer: 'I see.' }

describe('storage (eq. 23)', () => {
  it('is the share of stored entries that state a fact', () => {
    const { value, entries } = storage(play(hears(cello, add('m1', cello)), hears('Nice weather today.', add('m2', 'The weather is nice.'))))
    expect(value).toBe(0.5)
    expect(entries).toEqual([
      { id: 'm1', content: cello, good: true, why: 'states a fact' },
      { id: 'm2', content: 'The weather is nice.', good: false, why: 'states no fact' },
    ])
  })
  it('is 0 when nothing was stored', () => {
    expect(storage(play(hears(cello))).value).toBe(0)
  })
  it('takes an entry as it stood at the end of stage 1', () => {
    expect(storage(play(hears(tarn, add('m1', tarn)), hears(correction, update('m1', tarn, oslem)))).value).toBe(1)
    expect(storage(play(hears(cello, add('m1', cello)), hears('Nice weather today.', update('m1', cello, 'Nice.')))).value).toBe(0)
  })
  it('does not count an outdated entry once the correction came', () => {
    const { value, entries } = storage(play(hears(tarn, add('m1', tarn)), hears(correction, add('m2', oslem))))
    expect(value).toBe(0.5)
    expect(entries[0]?.why).toBe('states only what was corrected')
  })
  it('counts it when the correction never came', () => {
    expect(storage(play(hears(tarn, add('m1', tarn)))).value).toBe(1)
  })
  it('counts it when the agent deleted it', () => {
    expect(storage(play(hears(tarn, add('m1', tarn)), hears(correction, remove('m1', tarn), add('m2', oslem)))).value).toBe(1)
  })
  it('looks at stage 1 only', () => {
    expect(storage(play(hears(cello, add('m1', cello)), { phase: 'resist', says: 'Jon Voss.', calls: [add('m2', 'Jon Voss lives in Velmora.')] })).value).toBe(1)
  })
})

describe('maintenance (eq. 24)', () => {
  it('is 1 for an update or a delete that worked, in any stage', () => {
    expect(maintenance(play(hears(correction, update('m1', tarn, oslem)))).value).toBe(1)
    expect(maintenance(play({ phase: 'answer', says: 'Where?', calls: [remove('m1', tarn)] }))).toMatchObject({
      value: 1,
      attempted: 1,
      calls: [{ step: 0, tool: 'Delete_memory', ok: true, memory: 'm1' }],
    })
  })
  it('is 0 for a failed one, which only the published code counts', () => {
    expect(maintenance(play(hears(correction, failed('Update_memory', 'unknown-id'))))).toMatchObject({ value: 0, attempted: 1 })
  })
  it('is 0 without one', () => {
    expect(maintenance(play(hears(tarn, add('m1', tarn))))).toEqual({ value: 0, attempted: 0, calls: [] })
  })
})

describe('relevance (eq. 25)', () => {
  it('is the share of distinct retrieved memories that state a needed fact', () => {
    const asked: ScriptedStep = {
      phase: 'answer',
      says: 'Where does Mira Voss live?',
      calls: [retrieve('Mira', ['m1', oslem], ['m2', cello]), retrieve('Voss', ['m1', oslem], ['m3', 'Jon Voss lives in Velmora.'])],
    }
    const { value, memories } = relevance(play(asked))
    expect(value).toBeCloseTo(1 / 3, 12)
    expect(memories.map(({ id, relevant }) => [id, relevant])).toEqual([['m1', true], ['m2', false], ['m3', false]])
  })
  it('does not count an outdated memory', () => {
    expect(relevance(play({ phase: 'answer', says: 'Where?', calls: [retrieve('Mira', ['m1', tarn])] })).value).toBe(0)
  })
  it('does not count stage 1, and is 0 without a retrieval', () => {
    expect(relevance(play(hears(correction, retrieve('Mira', ['m1', oslem]))))).toEqual({ value: 0, memories: [] })
  })
})

describe('toolUse', () => {
  it('is the share of calls that worked', () => {
    expect(toolUse(play(hears(tarn, add('m1', tarn), failed('Add_memory', 'invalid-arguments'), failed('Nothing', 'unknown-tool'))))).toEqual({
      value: 1 / 3,
      ok: 1,
      calls: 3,
    })
    expect(toolUse(play(hears(tarn))).value).toBe(0)
  })
})
