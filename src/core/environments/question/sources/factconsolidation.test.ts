import { describe, expect, it } from 'vitest'
import { currencyOf, supersededIn } from '../currency.ts'
import { neededFacts, states, taskSchema } from '../task.ts'
import { factConsolidation } from './conversation.fixture.ts'
import { numberedFacts } from './factconsolidation.ts'
import { readTaskFile, TaskFileError } from './read.ts'
import { defaultReadOptions } from './record.ts'

const read = (rows: unknown, options = {}) => readTaskFile(JSON.stringify(rows), 'Conflict_Resolution.json', undefined, { ...defaultReadOptions, ...options })
const report = read([factConsolidation])
const [born, continent, author] = report.tasks
if (!born || !continent || !author) throw new Error('There are three tasks.')

describe('a row of FactConsolidation', () => {
  it('is a list of numbered facts, in lines or in a row; other numbers are part of them', () => {
    const facts = numberedFacts(factConsolidation.context)
    expect(facts.map(({ serial }) => serial)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(facts[5]?.text).toBe('In 1848. a comet was seen.')
  })
  it('becomes a task for each question, told in order with the numbers', () => {
    expect(report.tasks.map(({ id, kind }) => [id, kind])).toEqual([['factconsolidation-sh_6k-q1', 'single-hop'], ['factconsolidation-sh_6k-q2', 'single-hop'], ['factconsolidation-sh_6k-q3', 'single-hop']])
    expect(born.build).toHaveLength(1)
    expect(born.build[0]?.text.split('\n')[1]).toBe('1. The author of The Long Tide is Bo Reed.')
    expect(born).toMatchObject({ answer: 'Harrow Bay', aliases: ['the town of Harrow Bay'] })
    for (const task of report.tasks) expect(taskSchema.safeParse(task).success).toBe(true)
  })
  it('needs the latest of what is asked, which supersedes what was before', () => {
    expect(neededFacts(born).map(({ text }) => text)).toEqual(['Ada Moor was born in the city of Harrow Bay.'])
    expect(supersededIn(born).map(({ before }) => before.text)).toEqual(['Ada Moor was born in the city of Tarn.'])
    expect(['Tarn', 'Harrow Bay', 'Arden'].map((said) => currencyOf(born, said, false))).toEqual(['superseded', 'present', 'neither'])
    const [fact] = neededFacts(born)
    expect(fact && states('Ada Moor was born in Harrow Bay.', fact)).toBe(true)
  })
  it('leads over several facts, of which the latest hold', () => {
    expect(neededFacts(continent).map(({ text }) => text)).toEqual(['The author of The Long Tide is Cleo Quist.', 'Cleo Quist is a citizen of Arden.', 'Arden is located in the continent of Ostia.'])
    // What was corrected is a step on the way.
    expect(supersededIn(continent)).toEqual([])
    expect(supersededIn(author).map(({ now }) => now.text)).toEqual(['The author of The Long Tide is Cleo Quist.'])
  })
  it('skips what no facts answer, and says so', () => {
    expect([report.records, report.skipped.map(({ index, id, field }) => [index, id, field])]).toEqual([4, [[3, 'sh_6k-q4', 'questions.3']]])
  })
  it('tells as much as the budget has room for, what is needed in any case, in messages of that length', () => {
    const [small] = read([factConsolidation], { sessions: 1, sessionLength: 100, distractors: 2 }).tasks
    expect(small?.build.map(({ text }) => text)).toEqual(['0. Ada Moor was born in the city of Tarn.\n4. Ada Moor was born in the city of Harrow Bay.'])
    expect(small?.resist).toHaveLength(2)
    const parts = read([factConsolidation], { sessions: 9, sessionLength: 100 }).tasks[0]?.build.map(({ text }) => text.length) ?? []
    expect(Math.max(...parts)).toBeLessThanOrEqual(100)
    expect(parts.length).toBeGreaterThan(3)
  })
  it('is multi-hop by its name; another part of MemoryAgentBench is named for what it is', () => {
    expect(read([{ ...factConsolidation, metadata: { source: 'factconsolidation_mh_6k' } }]).tasks[0]).toMatchObject({ id: 'factconsolidation-mh_6k-q1', kind: 'multi-hop' })
    expect(() => read([{ ...factConsolidation, metadata: { source: 'eventqa_full' } }])).toThrow(TaskFileError)
    expect(() => read([{ ...factConsolidation, metadata: { source: 'eventqa_full' } }])).toThrow('This is "eventqa_full" of MemoryAgentBench, of which only FactConsolidation')
  })
})
