// Who was right where the other was not, and a comparison as CSV.
import { describe, expect, it } from 'vitest'
import { rolloutsOf } from '../../../core/training/runs.fixture.ts'
import { evaluationFixture } from '../../state/run-fixture.ts'
import { comparisonCsv } from './comparison-csv.ts'
import { contrastOf, outcomeOf } from './outcomes.ts'

describe('outcomes', () => {
  it('are of the answer', () => {
    const [right, wrong] = rolloutsOf('a', 1)
    if (!right || !wrong) throw new Error('There are two.')
    expect([right, wrong, { ...wrong, answer: null }].map(outcomeOf)).toEqual(['right', 'wrong', 'none'])
  })
  it('of two are told apart by who was right', () => {
    expect(contrastOf('right', 'wrong')).toBe('left')
    expect(contrastOf('none', 'right')).toBe('right')
    expect(contrastOf('right', 'right')).toBe('both')
    expect(contrastOf('none', 'wrong')).toBe('neither')
    expect(contrastOf(undefined, 'right')).toBe('right')
  })
})

describe('comparisonCsv', () => {
  it('has a line for each quantity and policy, with its interval', () => {
    const policy = { kind: 'scripted', name: 'oracle' } as const
    const participants = [{ name: 'nano, before', policy, evaluation: evaluationFixture(0, 0.5) }, { name: 'oracle', policy, agent: 'mem0', evaluation: evaluationFixture(0, 0.9) }]
    const lines = comparisonCsv({ key: 'c', created: 1, tasks: 2, seed: 7, run: null, participants }, []).split('\n')
    expect(lines[0]).toBe('quantity,policy,agent,mean,low,high,tasks,seed')
    expect(lines[1]).toMatch(/^reward,"nano, before",agemem,0\.5,[\d.]+,[\d.]+,2,7$/)
    expect(lines.filter((line) => line.startsWith('success,')).map((line) => line.split(',').at(-6))).toEqual(['agemem', 'mem0'])
  })
})
