// Lines of the table of rollouts, on a group worked by hand.
import { describe, expect, it } from 'vitest'
import { stepRowsOf, stepRowsSchema } from './rollout-rows.ts'
import { rolloutsOf, runRecord } from './runs.fixture.ts'

const { reward, advantage } = runRecord('a').config

describe('stepRowsOf', () => {
  it('has each rollout with what it did, got and said, and each task once', () => {
    const rows = stepRowsOf(3, rolloutsOf('a', 3), { reward, advantage: { ...advantage, form: 'none' } })
    expect(rows.tasks).toHaveLength(1)
    expect(rows.tasks[0]?.heard).toContain('Mira Voss lives in Oslem.')
    const [right, wrong] = rows.rows
    expect(right?.replies).toContain('Oslem')
    expect(right?.steps).toBe(2)
    // With two rollouts the mean lies between: one is as far above as the other is below.
    expect((right?.advantage ?? 0) + (wrong?.advantage ?? 0)).toBeCloseTo(0, 12)
    expect(2 * (right?.advantage ?? 0)).toBeCloseTo((right?.reward ?? 0) - (wrong?.reward ?? 0), 12)
    expect(right?.reward).toBeGreaterThan(wrong?.reward ?? 0)
  })
  it('keeps rollouts of one task together, whatever the order they come in, and can be read again', () => {
    const [first, second] = rolloutsOf('a', 1)
    if (!first || !second) throw new Error('There are two.')
    const other = { ...first, id: { ...first.id, task: 'other' } }
    const rows = stepRowsOf(1, [first, other, second], { reward, advantage })
    expect(rows.rows.map(({ group, rollout }) => [group, rollout])).toEqual([[0, 0], [0, 1], [1, 0]])
    expect(rows.tasks.map(({ id }) => id)).toEqual(['mira', 'other'])
    expect(stepRowsSchema.parse(JSON.parse(JSON.stringify(rows)))).toEqual(rows)
  })
})
