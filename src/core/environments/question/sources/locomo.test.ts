import { describe, expect, it } from 'vitest'
import { ruleJudge } from '../judge.ts'
import { neededFacts, statedIn, taskSchema, type Task } from '../task.ts'
import { locomo, locomoBefore } from './conversation.fixture.ts'
import { readTaskFile } from './read.ts'
import { defaultReadOptions, type ReadOptions } from './record.ts'

const read = (records: unknown, options: Partial<ReadOptions> = {}) =>
  readTaskFile(JSON.stringify(records), 'locomo10.json', undefined, { ...defaultReadOptions, ...options })
const report = read([locomo])
const asked = (word: string, of: readonly Task[] = report.tasks) => {
  const found = of.find(({ query }) => query.includes(word))
  if (!found) throw new Error(`No question has ${word}.`)
  return found
}

describe('a conversation of LoCoMo', () => {
  it('becomes a task for each question, named by its category', () => {
    expect(report.tasks.map(({ id, kind }) => [id, kind])).toEqual([
      ['locomo-conv-1-q1', 'single-hop'],
      ['locomo-conv-1-q2', 'temporal'],
      ['locomo-conv-1-q3', 'multi-hop'],
      ['locomo-conv-1-q4', 'open-domain'],
      ['locomo-conv-1-q5', 'multi-hop'],
      ['locomo-conv-1-q6', 'adversarial'],
      ['locomo-conv-1-q7', 'adversarial'],
    ])
    for (const task of report.tasks) expect(taskSchema.safeParse(task).success).toBe(true)
    expect(report.format).toBe('locomo')
  })
  it('has a session a turn, with its date, line for line; one that has only a date is none', () => {
    expect(asked('sister').build.map(({ text }) => text.split('\n')[0])).toEqual(['[1:56 pm on 8 May, 2023]', '[10:00 am on 2 June, 2023]', '[9:15 am on 30 June, 2023]'])
    expect(asked('sister').build[0]?.text.split('\n').at(-1)).toBe('Ada: Look at my new dog! (shares a photo of a spotted dog on a sofa)')
  })
  it('has its observations as the facts worth storing, those with evidence needed', () => {
    const task = asked('sister')
    expect(task.facts.map(({ text, needed }) => [text, needed])).toEqual([
      ['Ada has a new spotted dog.', false],
      ['Bo bought a green canoe at the harbour market.', false],
      ['Cleo, the sister of Ada, runs a bakery in Harrow Bay.', true],
      ['Bo learns the cello.', true],
    ])
    expect(task.build.map(({ kind, facts }) => [kind, facts])).toEqual([['fact', ['f1', 'f2']], ['fact', ['f3', 'f4']], ['small-talk', []]])
  })
  it('takes what was said for the observation that was made of it', () => {
    const [fact] = neededFacts(asked('sister'))
    expect(fact && statedIn('Ada: My sister Cleo moved to Harrow Bay and opened a bakery there.', fact)).toBe(true)
    expect(fact && statedIn('Ada: Look at my new dog!', fact)).toBe(false)
  })
  it('says when, where the question asks for it', () => {
    expect(neededFacts(asked('When did')).map(({ text }) => text)).toEqual(['Bo bought a green canoe at the harbour market. (1:56 pm on 8 May, 2023)'])
  })
  it('takes a line with evidence that no observation was made of', () => {
    const task = asked('instrument does he')
    expect(neededFacts(task).map(({ text }) => text)).toEqual(['Bo learns the cello.', 'Bo: The canoe leaks, so I painted it with tar last Sunday.'])
  })
  it('reads numbers as answers, and of several the first in category 3', () => {
    expect(asked('How many canoes').answer).toBe('1')
    expect(asked('concert')).toMatchObject({ answer: 'Likely yes', aliases: ['Likely yes; he learns the cello'] })
  })
  it('has questions that nothing answers: not to know is right, and what misleads is not needed', () => {
    const task = asked('instrument does Ada')
    expect(neededFacts(task)).toEqual([])
    expect(ruleJudge.score('That was not mentioned in the conversation.', task)).toMatchObject({ score: 1, how: 'abstained' })
    expect(ruleJudge.score('the cello', task).score).toBe(0)
    expect(ruleJudge.score('No', asked('Did Ada buy')).score).toBe(1)
  })
  it('leaves out evidence that names nothing, and counts it; a question without an answer is skipped', () => {
    expect(report.notes).toContain('2 pieces of evidence name nothing that was said and were left out.')
    expect(report.notes).toContain('Questions: adversarial 2, multi-hop 2, open-domain 1, single-hop 1, temporal 1.')
    expect([report.records, report.skipped.map(({ index, id, field }) => [index, id, field])]).toEqual([8, [[7, 'conv-1-q8', 'qa.7.answer']]])
  })
  it('is the same in the older form, but for its name', () => {
    const before = read([locomoBefore])
    expect(before.tasks.map(({ id, ...rest }) => ({ ...rest, id: id.replace('ada-bo', 'conv-1') })).map(({ facts, query }) => [facts, query])).toEqual(report.tasks.map(({ facts, query }) => [facts, query]))
    expect(before.tasks[0]?.id).toBe('locomo-ada-bo-q1')
  })
  it('of which one asks for the first questions', () => {
    expect(read([locomo], { atMost: 2 }).tasks.map(({ id }) => id)).toEqual(['locomo-conv-1-q1', 'locomo-conv-1-q2'])
  })
})

describe('the budget of a conversation', () => {
  const few = (word: string, options: Partial<ReadOptions>) => asked(word, read([locomo], options).tasks)
  it('tells the sessions with evidence, also where that is more than it allows', () => {
    expect(few('sister', { sessions: 1 }).build.map(({ text }) => text.split('\n')[0])).toEqual(['[10:00 am on 2 June, 2023]'])
    expect(few('instrument does he', { sessions: 1 }).build).toHaveLength(2)
  })
  it('keeps of a long session what is needed, then what is worth storing, and tells no fact that it cut', () => {
    const task = few('When did', { sessions: 1, sessionLength: 70 })
    expect(task.build.map(({ text }) => text)).toEqual(['[1:56 pm on 8 May, 2023]\nBo: I bought a canoe at the harbour market yesterday, a green one.'])
    expect(task.facts).toHaveLength(1)
  })
  it('distracts with lines that were not told, the nearest first, none with the answer', () => {
    expect(few('sister', { sessions: 1, distractors: 2 }).resist.map(({ text }) => text)).toEqual(['Ada: Hey Bo! Good to see you.', 'Ada: Look at my new dog! (shares a photo of a spotted dog on a sofa)'])
    const near = few('instrument does he', { sessions: 1, distractors: 1 }).resist
    expect(near.map(({ text }) => text)).toEqual(['Bo: I bought a canoe at the harbour market yesterday, a green one.'])
  })
})
