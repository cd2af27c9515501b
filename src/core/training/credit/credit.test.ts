import { describe, expect, it } from 'vitest'
import type { QuestionPhase } from '../../environments/question/environment.ts'
import { miraTask, trajectoryOf } from '../../episode/fixture.ts'
import { credits } from './credit.ts'

const played = (...phases: QuestionPhase[]) =>
  trajectoryOf({ task: miraTask(), steps: phases.map((phase) => ({ phase, answer: 'ok' })) })

describe('credits', () => {
  const group = [
    { trajectory: played('build', 'build', 'resist', 'answer'), advantage: 0.8 },
    { trajectory: played('build', 'answer'), advantage: -0.6 },
    { trajectory: { steps: [] }, advantage: 1 },
  ]
  it.each([
    ['broadcast', [[0.8, 0.8, 0.8, 0.8], [-0.6, -0.6], []]],
    ['step-normalised', [[0.2, 0.2, 0.2, 0.2], [-0.3, -0.3], []]],
    ['last-stage', [[0, 0, 0, 0.8], [0, -0.6], []]],
  ] as const)('%s', (name, expected) => {
    expect(credits[name](group)).toEqual(expected)
  })
})
