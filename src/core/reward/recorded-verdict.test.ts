import { describe, expect, it } from 'vitest'
import { miraTask, trajectoryOf } from '../episode/fixture.ts'
import { trajectorySchema, type RecordedVerdict, type Trajectory } from '../record/trajectory.ts'
import { qualityOn, verdictOn } from './recorded-verdict.ts'
import { measure } from './score.ts'

const task = miraTask()
const plain = trajectoryOf({ task, steps: [{ phase: 'answer', says: task.query, answer: 'By the sea in Oslem' }] })
const said = (patch: Partial<RecordedVerdict> = {}): RecordedVerdict => ({ judge: 'SmolLM2', rubric: 'answer', score: 0.75, words: 'Score: 0.75', ...patch })
const judged = (...verdicts: RecordedVerdict[]): Trajectory => ({ ...plain, verdicts })

describe('verdictOn', () => {
  it('is the recorded one, with the model that gave it', () => {
    expect(verdictOn(judged(said()))).toEqual({ score: 0.75, how: 'model', against: 'Oslem', by: 'SmolLM2' })
  })
  it('is the rule’s where nobody was asked, where the words were no verdict, and where only the memories were judged', () => {
    // "sea" beside "Oslem": one word of two in common with one expected, F1 = 2·1/(2+1).
    const ruled = { score: 2 / 3, how: 'overlap', against: 'Oslem' }
    expect(verdictOn(plain)).toEqual(ruled)
    expect(verdictOn(judged(said({ score: null, words: 'Well.' })))).toEqual(ruled)
    expect(verdictOn(judged(said({ rubric: 'memories' })))).toEqual(ruled)
    expect(qualityOn(judged(said({ rubric: 'memories', score: 0 })), 0.5)).toBe(0)
    expect(qualityOn(plain, 0.5)).toBe(0.5)
  })
  it('is none without an answer, whatever a record says', () => {
    expect(verdictOn({ ...judged(said()), answer: null })).toBeNull()
    expect(measure({ ...judged(said()), answer: null }).task).toBe(-1)
  })
})

describe('a record', () => {
  it('keeps verdicts, and is valid without', () => {
    expect(trajectorySchema.parse(judged(said())).verdicts).toEqual([said()])
    expect('verdicts' in trajectorySchema.parse(plain)).toBe(false)
  })
  it.each([
    ['a score beyond 1', [said({ score: 1.5 })]],
    ['more words than a verdict has', [said({ words: 'x'.repeat(2001) })]],
    ['a judge without a name', [said({ judge: '' })]],
    ['two verdicts by one rubric', [said(), said()]],
    ['three verdicts', [said(), said({ rubric: 'memories' }), said()]],
    ['another rubric', [{ ...said(), rubric: 'style' }]],
  ])('is refused with %s', (_, verdicts) => {
    expect(trajectorySchema.safeParse({ ...plain, verdicts }).success).toBe(false)
  })
})
