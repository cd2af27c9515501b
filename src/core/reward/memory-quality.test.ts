import { describe, expect, it } from 'vitest'
import { add, fact, miraTask, remove, trajectoryOf, update, type ScriptedCall } from '../episode/fixture.ts'
import { memoryQuality } from './memory-quality.ts'

const tarn = 'Mira Voss lives in Tarn.'
const oslem = 'Mira Voss lives in Oslem.'
const cello = 'Mira Voss plays the cello.'
const after = (...calls: ScriptedCall[]) => memoryQuality(trajectoryOf({ task: miraTask(), steps: [{ phase: 'build', says: 'Hello.', calls }] }))

describe('memoryQuality', () => {
  it('is 1 when every current fact is stored and nothing else', () => {
    expect(after(add('m1', oslem), add('m2', cello))).toMatchObject({ value: 1, precision: 1, recall: 1 })
  })
  it('is the F1 of facts: 1 of 2 facts stored, in 1 of 3 entries', () => {
    const quality = after(add('m1', oslem), add('m2', 'Nice weather.'), add('m3', tarn))
    expect(quality).toMatchObject({ precision: 1 / 3, recall: 0.5 })
    expect(quality.value).toBeCloseTo(0.4, 12)
  })
  it('is 0 for an empty memory', () => {
    expect(after()).toMatchObject({ value: 0, precision: 0, recall: 0 })
  })
  it('looks at the end: what was deleted or overwritten is gone', () => {
    expect(after(add('m1', oslem), add('m2', cello), remove('m2', cello)).recall).toBe(0.5)
    expect(after(add('m1', oslem), update('m1', oslem, tarn)).recall).toBe(0)
  })
})

describe('updates', () => {
  const right = (...calls: ScriptedCall[]) => after(...calls).updates.map((each) => each.right)

  it('are right when the new value stands and the old one is gone', () => {
    expect(right(add('m1', tarn), update('m1', tarn, oslem))).toEqual([true])
    expect(right(add('m1', 'Mira Voss moved from Tarn to Oslem.'))).toEqual([true])
  })
  it('are wrong when an entry still states only the old value', () => {
    expect(right(add('m1', tarn), add('m2', oslem))).toEqual([false])
  })
  it('are wrong when the new value is nowhere', () => {
    expect(right(add('m1', cello))).toEqual([false])
  })
  it('follow a chain of corrections to its end', () => {
    const task = miraTask()
    const moved = task.facts.map((each) => (each.id === 'f3' ? { ...each, superseded_by: 'f4' } : each))
    const chain = miraTask({ facts: [...moved, fact('f4', 'Mira Voss lives in Arden.', ['Mira Voss', 'Arden'])] })
    const quality = memoryQuality(trajectoryOf({ task: chain, steps: [{ phase: 'build', says: 'Hello.', calls: [add('m1', 'Mira Voss lives in Arden.')] }] }))
    expect(quality.updates.map(({ outdated, current, right: ok }) => [outdated.id, current.id, ok])).toEqual([['f1', 'f4', true], ['f3', 'f4', true]])
  })
})
