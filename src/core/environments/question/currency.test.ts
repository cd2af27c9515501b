import { describe, expect, it } from 'vitest'
import { currencyOf, supersededIn } from './currency.ts'
import { ownTask, readOwn } from './sources/own.ts'
import { scenarios } from './sources/scenarios.ts'
import { defaultDifficulty, worldTask } from './sources/world.ts'
import type { Task } from './task.ts'

const fact = (id: string, text: string, keys: string[][], superseded_by: string | null = null) => ({ id, text, keys, needed: superseded_by === null, superseded_by })
const task = (rest: Partial<Task> = {}): Task => ({
  id: 't', source: 'own', kind: 'update', split: 'none', build: [], resist: [], query: 'Where does Mira live?', answer: 'Oslem', aliases: [],
  facts: [fact('f1', 'Mira lives in Tarn.', [['Mira'], ['Tarn']], 'f2'), fact('f2', 'Mira lives in Oslem.', [['Mira'], ['Oslem']])],
  ...rest,
})

describe('the currency of an answer', () => {
  it.each([
    ['Oslem', true, 'present'],
    ['She lives in Oslem now', false, 'present'],
    ['Tarn', false, 'superseded'],
    ['It is Tarn, not Oslem', false, 'superseded'],
    ['Not Tarn but Oslem', false, 'present'],
    ['Oslem or Tarn', false, 'neither'],
    ['Velmora', false, 'neither'],
    ['I do not know.', false, 'neither'],
    ['', false, 'neither'],
  ] as const)('%s', (answer, right, gives) => {
    expect(currencyOf(task(), answer, right)).toBe(gives)
  })
  it('is neither without an answer', () => {
    expect(currencyOf(task(), null, false)).toBe('neither')
  })
  it('goes by value where the value is a number', () => {
    const sessions = scenarios.find(({ id }) => id === 'scenario-longer-sessions')
    if (!sessions) throw new Error('There is no such scenario.')
    expect(currencyOf(sessions, 'one hour, as always', false)).toBe('superseded')
    expect(currencyOf(sessions, 'I would plan 2 hours of it', false)).toBe('present')
  })
  it('goes by the latest of several corrections', () => {
    const twice = task({ facts: [fact('f1', 'Mira lives in Tarn.', [['Mira'], ['Tarn']], 'f2'), fact('f2', 'Mira lives in Arden.', [['Mira'], ['Arden']], 'f3'), fact('f3', 'Mira lives in Oslem.', [['Mira'], ['Oslem']])] })
    expect(['Tarn', 'Arden', 'Oslem'].map((answer) => currencyOf(twice, answer, false))).toEqual(['superseded', 'superseded', 'present'])
  })
  it('goes by the words that an answer adds, where facts have no phrases', () => {
    const plain = task({ query: 'How many bikes do I own?', answer: 'four', facts: [fact('f1', 'user: I own three bikes by now.', [], 'f2'), fact('f2', 'user: I own four bikes since Friday.', [])] })
    expect(['three bikes', 'four', 'nine'].map((answer) => currencyOf(plain, answer, false))).toEqual(['superseded', 'present', 'neither'])
  })
})

describe('what has changed of what is asked', () => {
  it('is something in every question about an update, in the world and in one’s own task', () => {
    const tasks = Array.from({ length: 100 }, (_, index) => worldTask({ seed: 3, index, split: 'train', difficulty: defaultDifficulty }))
    const updates = tasks.filter(({ kind }) => kind === 'update')
    expect(updates.length).toBeGreaterThan(10)
    for (const each of updates) {
      const [changed] = supersededIn(each)
      if (!changed) throw new Error(`Nothing changed in ${each.id}.`)
      expect(changed.now.id).toBe(changed.before.superseded_by)
      const [, old = []] = changed.before.keys
      expect(currencyOf(each, old[0] ?? '', false)).toBe('superseded')
      expect(currencyOf(each, each.answer, false)).toBe('present')
    }
    const own = ownTask(readOwn('* Lena lives in Bergen.\n~1 Lena has moved, she lives in Oslo now.\n? Where does Lena live?\n= Oslo'))
    expect(supersededIn(own).map(({ now }) => now.id)).toEqual(['f2'])
    expect(currencyOf(own, 'Bergen', false)).toBe('superseded')
  })
  it('is nothing where nothing was corrected, where that is not needed, or is a step on the way', () => {
    const [before, now] = task().facts
    if (!before || !now) throw new Error('There are two facts.')
    expect(supersededIn(task({ facts: [now] }))).toEqual([])
    expect(supersededIn(task({ facts: [before, { ...now, needed: false }] }))).toEqual([])
    expect(supersededIn(task({ answer: 'a baker' }))).toEqual([])
  })
})
