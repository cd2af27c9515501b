// Two short episodes on one time line.
import { describe, expect, it } from 'vitest'
import { add, miraTask, trajectoryOf } from '../../core/episode/fixture.ts'
import { momentsOf } from './moments.ts'

const task = miraTask()
/** Stores the first fact in a call of its own; answers at once. */
const careful = trajectoryOf({
  task,
  steps: [
    { stage: 1, says: 'a', calls: [add('m1', 'Mira Voss lives in Tarn.')] },
    { stage: 1, answer: 'Noted.' },
    { stage: 1, says: 'b', answer: 'Nice.' },
    { stage: 2, says: 'c', answer: 'I see.' },
    { stage: 3, says: 'Where?', answer: 'Oslem' },
  ],
})
/** Says a word to everything, and needs two replies at the end. */
const quick = trajectoryOf({
  task,
  steps: [
    { stage: 1, says: 'a', answer: 'Yes.' },
    { stage: 1, says: 'b', answer: 'Yes.' },
    { stage: 2, says: 'c', answer: 'Yes.' },
    { stage: 3, says: 'Where?', calls: [add('m1', 'nothing')] },
    { stage: 3, answer: 'Tarn' },
  ],
})

describe('momentsOf', () => {
  it('puts the same turns side by side, at the last step of each', () => {
    expect(momentsOf([careful, quick])).toEqual([
      { stage: 1, turn: 0, at: [1, 0] },
      { stage: 1, turn: 1, at: [2, 1] },
      { stage: 2, turn: 0, at: [3, 2] },
      { stage: 3, turn: 0, at: [4, 3] },
      { stage: 3, turn: 1, at: [4, 4] },
    ])
  })
  it('is empty without episodes', () => {
    expect(momentsOf([])).toEqual([])
  })
})
