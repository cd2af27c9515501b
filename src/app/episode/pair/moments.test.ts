// Two short episodes on one time line.
import { describe, expect, it } from 'vitest'
import { add, miraTask, trajectoryOf } from '../../../core/episode/fixture.ts'
import { momentsOf } from './moments.ts'

const task = miraTask()
/** Stores the first fact in a call of its own; answers at once. */
const careful = trajectoryOf({
  task,
  steps: [
    { phase: 'build', says: 'a', calls: [add('m1', 'Mira Voss lives in Tarn.')] },
    { phase: 'build', answer: 'Noted.' },
    { phase: 'build', says: 'b', answer: 'Nice.' },
    { phase: 'resist', says: 'c', answer: 'I see.' },
    { phase: 'answer', says: 'Where?', answer: 'Oslem' },
  ],
})
/** Says a word to everything, and needs two replies at the end. */
const quick = trajectoryOf({
  task,
  steps: [
    { phase: 'build', says: 'a', answer: 'Yes.' },
    { phase: 'build', says: 'b', answer: 'Yes.' },
    { phase: 'resist', says: 'c', answer: 'Yes.' },
    { phase: 'answer', says: 'Where?', calls: [add('m1', 'nothing')] },
    { phase: 'answer', answer: 'Tarn' },
  ],
})

describe('momentsOf', () => {
  it('puts the same turns side by side, at the last step of each', () => {
    expect(momentsOf([careful, quick]).map(({ phase, ...rest }) => ({ phase: phase.phase, ...rest }))).toEqual([
      { phase: 'build', turn: 0, at: [1, 0] },
      { phase: 'build', turn: 1, at: [2, 1] },
      { phase: 'resist', turn: 0, at: [3, 2] },
      { phase: 'answer', turn: 0, at: [4, 3] },
      { phase: 'answer', turn: 1, at: [4, 4] },
    ])
  })
  it('is empty without episodes', () => {
    expect(momentsOf([])).toEqual([])
  })
})
