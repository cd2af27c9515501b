// Which lines pass, where a text is found, and what order lines stand in.
import { describe, expect, it } from 'vitest'
import { compared, isNarrowed, matches, noFilters, passes, patternOf, type Filters } from './filters.ts'
import type { TableRow } from './rows.ts'

const row = (patch: Partial<TableRow & { step: number }> = {}): TableRow & { step: number } => ({
  key: 'a',
  title: 'Where does Mira Voss live?',
  expected: 'Oslem',
  answer: 'In Oslem.',
  outcome: 'right',
  reward: 0.504,
  steps: 9,
  agent: 'mem0',
  tools: { Add_memory: 2, Retrieve_memory: 0 },
  heard: 'Mira Voss moved to Oslem (from Tarn).',
  replies: '<think>a fact</think>',
  step: 3,
  ...patch,
})
const having = (patch: Partial<Filters>): Filters => ({ ...noFilters, ...patch })

describe('passes', () => {
  it('lets everything through without filters', () => {
    expect(passes(row({ outcome: null, reward: null, tools: null }), noFilters)).toBe(true)
    expect(isNarrowed(having({ text: 'x', place: 'task' }))).toBe(false)
    expect(isNarrowed(having({ reward: { from: null, to: 0 } }))).toBe(true)
  })
  it.each<[string, Partial<Filters>, boolean]>([
    ['the outcome', { outcome: 'right' }, true],
    ['another outcome', { outcome: 'none' }, false],
    ['a tool that was called', { tool: 'Add_memory' }, true],
    ['a tool that was not', { tool: 'Retrieve_memory' }, false],
    ['the agent', { agent: 'mem0' }, true],
    ['another agent', { agent: 'agemem' }, false],
    ['the task', { task: 'Where does Mira Voss live?' }, true],
    ['another task', { task: 'Where does Mira Voss work?' }, false],
    ['a reward as it is shown, at the end of the range', { reward: { from: 0.5, to: 0.5 } }, true],
    ['a reward above', { reward: { from: 0.51, to: null } }, false],
    ['a step in the range', { step: { from: 3, to: 4 } }, true],
    ['a step behind it', { step: { from: null, to: 2 } }, false],
    ['two that hold', { outcome: 'right', step: { from: 1, to: null } }, true],
    ['one of two', { outcome: 'right', tool: 'Filter_context' }, false],
  ])('goes by %s', (_, filters, expected) => {
    expect(passes(row(), having(filters))).toBe(expected)
  })
  it('leaves out what has no reward, no tools or no outcome once that is asked for', () => {
    expect(passes(row({ reward: null }), having({ reward: { from: -9, to: null } }))).toBe(false)
    expect(passes(row({ tools: null }), having({ tool: 'Add_memory' }))).toBe(false)
    expect(passes(row({ outcome: null }), having({ outcome: 'wrong' }))).toBe(false)
  })
})

describe('matches', () => {
  const found = (text: string, place: Filters['place'] = 'anywhere', of = row()) => {
    const pattern = patternOf(text)
    return pattern && matches(of, pattern, place)
  }
  it('finds a text in any case, where it is looked for', () => {
    expect(found('MIRA voss')).toBe(true)
    expect(found('a fact', 'replies')).toBe(true)
    expect(found('a fact', 'task')).toBe(false)
    expect(found('tarn', 'task')).toBe(true)
    expect(found('tarn', 'answer')).toBe(false)
    expect(found('in oslem', 'answer')).toBe(true)
  })
  it('takes signs as they are, and no text for none', () => {
    expect(found('oslem (from')).toBe(true)
    expect(found('o.lem')).toBe(false)
    expect(found('a\\b[c')).toBe(false)
    expect(patternOf('  ')).toBeNull()
  })
  it('does not know while what it may stand in is not read', () => {
    const unread = row({ heard: null, replies: null })
    expect(found('tarn', 'anywhere', unread)).toBeNull()
    expect(found('tarn', 'task', unread)).toBeNull()
    expect(found('mira', 'anywhere', unread)).toBe(true)
    expect(found('tarn', 'answer', unread)).toBe(false)
  })
})

describe('compared', () => {
  const sorted = (values: (number | string | null)[], descending: boolean) => values.toSorted((a, b) => compared(a, b, descending))
  it('puts what is not there behind everything, in both directions', () => {
    expect(sorted([2, null, -1, 10], false)).toEqual([-1, 2, 10, null])
    expect(sorted([2, null, -1, 10], true)).toEqual([10, 2, -1, null])
    expect(sorted(['b', null, 'a'], true)).toEqual(['b', 'a', null])
  })
})
