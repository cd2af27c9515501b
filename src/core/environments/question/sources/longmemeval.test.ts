import { describe, expect, it } from 'vitest'
import { currencyOf, supersededIn } from '../currency.ts'
import { ruleJudge } from '../judge.ts'
import { neededFacts, taskSchema } from '../task.ts'
import { abstention, longMemEval, temporal } from './conversation.fixture.ts'
import { readTaskFile } from './read.ts'

const report = readTaskFile(JSON.stringify([longMemEval, temporal, abstention]), 'longmemeval_oracle.json')
const [update, when, unknown] = report.tasks
if (!update || !when || !unknown) throw new Error('There are three tasks.')

describe('a record of LongMemEval', () => {
  it('becomes a task, its sessions in order of time with their dates', () => {
    expect(report.tasks.map(({ id, kind, answer }) => [id, kind, answer])).toEqual([
      ['longmemeval-a1b2', 'knowledge-update', '5'],
      ['longmemeval-c3', 'temporal-reasoning', temporal.answer],
      ['longmemeval-d4_abs', 'abstention', 'I do not know.'],
    ])
    expect(update.build.map(({ text }) => text)).toEqual([
      '[2023/04/02 (Sun) 18:30]\nuser: There are four plants on my balcony, and all of them are thirsty.\nassistant: Water them in the evening.',
      '[2023/05/11 (Thu) 08:00]\nuser: How does one bake bread without an oven?\nassistant: In a pan with a lid.',
      '[2023/05/20 (Sat) 02:21]\nuser: I bought another fern, so there are five plants on my balcony by now.\nassistant: Lovely. Ferns like shade.',
    ])
    for (const task of report.tasks) expect(taskSchema.safeParse(task).success).toBe(true)
  })
  it('needs what has the answer; of an update the last, which supersedes the others', () => {
    expect(update.build.map(({ kind }) => kind)).toEqual(['fact', 'small-talk', 'correction'])
    expect(neededFacts(update).map(({ text }) => text)).toEqual(['user: I bought another fern, so there are five plants on my balcony by now. (2023/05/20 (Sat) 02:21)'])
    expect(supersededIn(update).map(({ before, now }) => [before.id, now.id])).toEqual([['f1', 'f2']])
    expect(['four plants', 'five', 'nine'].map((said) => currencyOf(update, said, ruleJudge.score(said, update).score === 1))).toEqual(['superseded', 'present', 'neither'])
    expect(neededFacts(when)).toHaveLength(2)
  })
  it('says when it is asked, where that counts', () => {
    expect(when.query).toBe('How many days ago did I buy a fern? (Asked on 2023/06/01 (Thu) 10:00.)')
    expect(update.query).toBe(longMemEval.question)
  })
  it('may have no answer: not to know is right', () => {
    expect(neededFacts(unknown)).toEqual([])
    expect(ruleJudge.score('You never told me about cats.', unknown)).toMatchObject({ score: 1, how: 'abstained' })
    expect(ruleJudge.score('five', unknown).score).toBe(0)
  })
  it('names sessions of evidence that are not there, and counts of each kind', () => {
    expect(report.notes).toContain('3 pieces of evidence name nothing that was said and were left out.')
    expect(report.notes).toContain('Questions: abstention 1, knowledge-update 1, temporal-reasoning 1.')
  })
  it('is skipped where it cannot be read, and says why', () => {
    const { skipped } = readTaskFile(JSON.stringify([longMemEval, { ...longMemEval, question_id: 'x', answer: null }, { ...longMemEval, haystack_sessions: [] }]), 'f.json')
    expect(skipped.map(({ id, field }) => [id, field])).toEqual([['x', 'answer'], ['a1b2', 'haystack_sessions']])
  })
})
