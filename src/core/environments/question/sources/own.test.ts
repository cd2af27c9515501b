import { describe, expect, it } from 'vitest'
import { fit } from '../../../fit.ts'
import { neededFacts, states, taskSchema } from '../task.ts'
import { exampleOwn, ownOf, ownProblems, ownSchema, ownTask, readOwn, readOwns, withoutTold, writeOwn } from './own.ts'

const problemsIn = (lines: string) => ownProblems(readOwn(lines))

describe('a task of one’s own', () => {
  const task = ownTask(exampleOwn)

  it('is what its lines say, and fits the schema that files are read by', () => {
    expect(fit(taskSchema, task)).toEqual({ success: true, data: task })
    expect(task).toMatchObject({ source: 'own', kind: 'update', query: 'Where does Lena Moor live?', answer: 'Oslo', aliases: [] })
    expect(task.build.map(({ kind, facts }) => [kind, ...facts])).toEqual([['fact', 'f1'], ['fact', 'f2'], ['correction', 'f3']])
    expect(task.facts.map(({ needed, superseded_by }) => [needed, superseded_by])).toEqual([[false, 'f3'], [false, null], [true, null]])
    expect(task.resist.map(({ kind }) => kind)).toEqual(['distractor', 'distractor'])
    expect(neededFacts(task).map(({ id }) => id)).toEqual(['f3'])
  })

  it('tells a fact from what corrects it, however much they share', () => {
    const [old, , now] = task.facts
    if (!old || !now) throw new Error('The example has three facts.')
    const both = (text: string) => [states(text, old), states(text, now)]
    expect(both('Lena Moor lives in Bergen.')).toEqual([true, false])
    expect(both('Lena Moor has moved, she lives in Oslo now.')).toEqual([false, true])
    expect(both('Lena Moor lives in Oslo.')).toEqual([false, true])
    expect(both('It rains in Bergen.')).toEqual([false, false])
    const long = ownTask(readOwn('+ The study sessions of Lena on Monday last 60 minutes.\n~1 The study sessions of Lena on Monday last 120 minutes.\n? How long?\n= 120 minutes'))
    const [sixty, twice] = long.facts
    if (!sixty || !twice) throw new Error('There are two facts.')
    expect(states(sixty.text, twice)).toBe(false)
    expect(states('The study sessions last 120 minutes', twice)).toBe(true)
  })

  it('is the same again from its record, and its id is that of what it says', () => {
    expect(ownTask(ownOf(task))).toEqual(task)
    // Nobody marked what the answer needs: it is what says it.
    const plain = readOwn(writeOwn(exampleOwn).replace('* ', '+ '))
    expect(ownTask(plain)).toEqual(task)
    expect(ownTask(readOwn(`${writeOwn(exampleOwn)}!`)).id).not.toBe(task.id)
    const chain = ownTask(readOwn('. Hi!\n+ Lena is 3.\n+ Tom is 5.\n~1 Lena is 4 now.\n~3 Lena is 6 now.\n? How old is Lena?\n= 6'))
    expect(chain.facts.map(({ id, superseded_by }) => [id, superseded_by])).toEqual([['f1', 'f3'], ['f2', null], ['f3', 'f4'], ['f4', null]])
    expect(neededFacts(chain).map(({ id }) => id)).toEqual(['f4'])
    expect(ownTask(ownOf(chain))).toEqual(chain)
  })

  it('reads lines as people paste them', () => {
    const own = readOwn('Lena lives in Bergen.\n\n  ~ Lena moved to Oslo.\n-5 degrees outside\n- Tom\n?  Where? \n= Oslo\n= in Oslo\n.')
    expect(own.told.map(({ kind, text }) => [kind, text])).toEqual([['fact', 'Lena lives in Bergen.'], ['correction', 'Lena moved to Oslo.'], ['fact', '-5 degrees outside'], ['small-talk', '']])
    expect(own).toMatchObject({ distractors: ['Tom'], query: 'Where?', answers: ['Oslo', 'in Oslo'] })
    expect(ownTask(own).facts.map(({ superseded_by }) => superseded_by)).toEqual(['f2', null, null])
    expect(readOwn(writeOwn(exampleOwn))).toEqual(exampleOwn)
    expect(readOwns('+ a\n= b\n \n\n+ c\n').map(({ told }) => told.length)).toEqual([1, 1])
  })

  it.each([
    ['', ['no-facts', 'no-question', 'no-answer']],
    ['. Hi\n? Who?\n= I', ['no-facts']],
    ['+ Lena lives in Bergen.\n~2 Oslo\n? Where?\n= Oslo', ['corrects-later']],
    ['+ Lena lives in Bergen.\n~7 Oslo\n? Where?\n= Oslo', ['corrects-later']],
    ['+ Lena lives in Bergen.\n~ Tom is nine.\n? Where?\n= Oslo', ['corrects-nothing']],
    [`${Array.from({ length: 40 }, (_, i) => `+ ${i} ${'ü'.repeat(60)}`).join('\n')}\n? Where?\n= Oslo`, ['too-long']],
  ])('says what is missing: %#', (lines, kinds) => {
    expect(problemsIn(lines).map(({ kind }) => kind)).toEqual(kinds)
    expect(() => ownTask(readOwn(lines))).toThrow(RangeError)
  })

  it('has limits, and corrections follow when a line is taken out', () => {
    expect(fit(ownSchema, readOwn('x\n'.repeat(41))).success).toBe(false)
    expect(fit(ownSchema, readOwn('x'.repeat(301))).success).toBe(false)
    expect(withoutTold(exampleOwn, 1).told[1]).toMatchObject({ kind: 'correction', corrects: 0 })
    expect(withoutTold(exampleOwn, 0).told[1]).toMatchObject({ kind: 'correction', corrects: null })
  })
})
