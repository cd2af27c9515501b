// Lines of a comparison and the paper's table, by hand.
import { describe, expect, it } from 'vitest'
import type { EvaluationMetrics } from '../../../core/training/metrics.ts'
import { evaluationFixture } from '../../state/run-fixture.ts'
import { changeChance, compareGroups, difference, rowsFor, scaleOfRow, type CompareRow } from './rows.ts'
import { callsOf, changeWords, sameDirection, table3 } from './table3.ts'

describe('difference', () => {
  const base = { mean: 0.5, low: 0.4, high: 0.6 }
  it('is apart only when the intervals do not touch', () => {
    expect(difference(base, { mean: 0.75, low: 0.65, high: 0.85 })).toEqual({ by: 0.25, apart: true })
    expect(difference(base, { mean: 0.7, low: 0.6, high: 0.8 })).toEqual({ by: expect.closeTo(0.2, 12), apart: false })
    expect(difference(base, { mean: 0.3, low: 0.2, high: 0.39 })).toMatchObject({ apart: true })
    expect(difference(base, null)).toBeNull()
  })
  it('says nothing of chance where there is no interval', () => {
    expect(difference({ mean: 3, low: 3, high: 3, alone: true }, { mean: 9, low: 8, high: 10 })).toEqual({ by: 6, apart: null })
    expect([true, false, null].map(changeChance)).toEqual([expect.stringContaining('hardly chance'), expect.stringContaining('may be chance'), expect.stringContaining('no interval')])
  })
})

describe('the lines of a comparison', () => {
  const lines = new Map(compareGroups.flatMap(({ rows }) => rows).map((row): [string, CompareRow] => [row.id, row]))
  const alone = (id: string, evaluation: EvaluationMetrics) => lines.get(id)?.of(evaluation)?.alone
  const one: EvaluationMetrics = { ...evaluationFixture(1, 0.5), summary: { ...evaluationFixture(1, 0.5).summary, episodes: 1 } }

  it('leave out what nobody was measured by, as in comparisons of earlier releases', () => {
    const earned = compareGroups[0]?.rows ?? []
    const { summary } = one
    const measured: EvaluationMetrics = { ...one, summary: { ...summary, currency: { present: 1, superseded: 0, neither: 0 }, intervals: { ...summary.intervals, currency: { present: [0.2, 1], superseded: [0, 0.8], neither: [0, 0.8] } } } }
    const unmeasured: EvaluationMetrics = { ...one, summary: { ...summary, currency: null, intervals: { ...summary.intervals, currency: null } } }
    const shown = (...evaluations: EvaluationMetrics[]) => rowsFor(earned, evaluations).filter(({ term }) => term === 'currency').length
    expect([shown(unmeasured, unmeasured), shown(unmeasured, measured)]).toEqual([0, 2])
  })

  it('have no interval for the mean of one episode', () => {
    expect(alone('reward', one)).toBe(true)
    // Both episodes got the same: an interval without width, but one.
    expect(alone('reward', evaluationFixture(1, 0.5))).toBe(false)
    // Wilson's, of one trial.
    expect(alone('success', { ...one, summary: { ...one.summary, intervals: { ...one.summary.intervals, success_rate: [0, 0.79] } } })).toBe(false)
  })
  it('have none for sizes of which an earlier release recorded none', () => {
    const sizes = { ...evaluationFixture(1, 0.5), context_tokens: 200, ltm_size: 3 }
    expect(lines.get('context_tokens')?.of(sizes)).toEqual({ mean: 200, low: 200, high: 200, alone: true })
    const known: EvaluationMetrics = { ...sizes, intervals: { context_tokens: [180, 220], ltm_size: [3, 3] } }
    expect(lines.get('context_tokens')?.of(known)).toEqual({ mean: 200, low: 180, high: 220, alone: false })
    expect(lines.get('ltm_size')?.of(known)).toEqual({ mean: 3, low: 3, high: 3, alone: false })
  })
})

describe('scaleOfRow', () => {
  it('takes fixed ends as they are and finds the others', () => {
    expect(scaleOfRow({ ends: [0, 1] }, [{ mean: 5, low: 4, high: 6 }])).toEqual([0, 1])
    expect(scaleOfRow({ ends: [null, 1] }, [{ mean: -0.2, low: -0.4, high: 0 }, null])).toEqual([-0.4, 1])
    expect(scaleOfRow({ ends: [0, null] }, [{ mean: 10, low: 8, high: 20 }])).toEqual([0, 21])
    expect(scaleOfRow({ ends: [null, 0] }, [{ mean: 0, low: 0, high: 0 }])).toEqual([0, 1])
  })
})

describe('Table 3', () => {
  it('has totals that are the sums of the tools, but for rounding', () => {
    for (const { total, ...tools } of Object.values(table3)) {
      const sum = (when: 'before' | 'after') => Object.values(tools).reduce((all, change) => all + change[when], 0)
      expect(Math.abs(sum('before') - total.before)).toBeLessThan(0.02)
      expect(Math.abs(sum('after') - total.after)).toBeLessThan(0.02)
    }
  })
  it('counts the calls of the six tools alone in all', () => {
    const { summary } = evaluationFixture(1, 0.5, { calls: { Add_memory: 2, Filter_context: 1 } })
    // With half a call per episode of a tool that does not exist.
    expect(callsOf({ summary: { ...summary, tool_calls_total: 3.5 } }, 'total')).toBe(3)
    expect(callsOf({ summary }, 'Add_memory')).toBe(2)
  })
  it('says changes in words', () => {
    expect(changeWords({ before: 0.92, after: 1.64 })).toBe('+78 %')
    expect(changeWords({ before: 2.31, after: 1.95 })).toBe('−16 %')
    expect(changeWords({ before: 0, after: 0.13 })).toBe('from nothing')
    expect(changeWords({ before: 1, after: 1.001 })).toBe('the same')
  })
  it('compares directions, and none where hardly anything moves', () => {
    expect(sameDirection({ before: 1, after: 2 }, { before: 0.02, after: 0.31 })).toBe(true)
    expect(sameDirection({ before: 2, after: 1 }, { before: 0.02, after: 0.31 })).toBe(false)
    expect(sameDirection({ before: 2, after: 1 }, { before: 0.15, after: 0.16 })).toBeNull()
  })
})
