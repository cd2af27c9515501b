import { describe, expect, it } from 'vitest'
import { add, filter, miraTask, retrieve, summarise, trajectoryOf, update } from './fixture.ts'
import { contextAt, memoryAt } from '../record/replay.ts'
import { trajectorySchema } from '../record/trajectory.ts'

describe('trajectoryOf', () => {
  const trajectory = trajectoryOf({
    task: miraTask(),
    steps: [
      { phase: 'build', says: 'Mira Voss lives in Tarn.', calls: [add('m1', 'Mira Voss lives in Tarn.')] },
      { phase: 'build', answer: 'Noted.' },
      { phase: 'build', says: 'She lives in Oslem now.', calls: [update('m1', 'Mira Voss lives in Tarn.', 'Mira Voss lives in Oslem.')] },
      { phase: 'resist', says: 'Jon Voss lives in Velmora.', calls: [filter('Jon Voss')] },
      { phase: 'answer', says: 'Where does Mira Voss live?', calls: [retrieve('Mira', ['m1', 'Mira Voss lives in Oslem.']), summarise('Oslem it is.')] },
      { phase: 'answer', answer: 'Oslem' },
    ],
  })

  it('is a valid, complete trajectory', () => {
    expect(trajectorySchema.parse(trajectory)).toEqual(trajectory)
    expect([trajectory.status, trajectory.stop, trajectory.answer]).toEqual(['complete', 'answered', 'Oslem'])
    expect(trajectory.steps.map((step) => [step.turn, step.exchange])).toEqual([[0, 0], [0, 1], [1, 0], [0, 0], [0, 0], [0, 1]])
  })

  it('has prompts that replay gives too', () => {
    for (const [i, step] of trajectory.steps.entries()) {
      expect(contextAt(trajectory, i, 'prompt').map((message) => message.id)).toEqual(step.prompt)
    }
    expect(memoryAt(trajectory, 5, 'after').map((entry) => entry.content)).toEqual(['Mira Voss lives in Oslem.'])
  })

  it('resets the context after stage 1 and loses what a filter took', () => {
    const contents = contextAt(trajectory, 4, 'prompt').map((message) => message.content)
    expect(contents.some((content) => content.includes('Tarn') || content === 'Jon Voss lives in Velmora.')).toBe(false)
  })
})
