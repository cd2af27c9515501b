import { describe, expect, it } from 'vitest'
import { cellOf, resultOf } from './cell.fixture.ts'
import { experiments } from './experiments.ts'
import { gathered } from './gather.ts'

const { tools, 'memory-quality': quality } = experiments
const trained = (seed: number) => ({ training: 'all-returns', seed, steps: 46, seconds: 1, adapter: { key: `a/${seed}`, name: 'a', hash: null }, points: [] })
const grpo = (seed: number) => ({ ...cellOf({ arm: 'agemem-grpo', seed, tasks: { a: 1 } }), training: 'all-returns' })

describe('cells that experiments have in common', () => {
  const main = { ...resultOf('tools', ['agemem', 'agemem-grpo'], [cellOf({ seed: 1, tasks: { a: 0.5 } }), grpo(1), cellOf({ seed: 3, tasks: { a: 0.1 } })]), trainings: [trained(1)] }
  const empty = () => resultOf('memory-quality', ['agemem', 'agemem-grpo'], [])

  it('are taken over with their trainings, in the order of the plan, and none that is not planned', () => {
    const result = gathered(quality, empty(), [main])
    expect(result.cells.map(({ arm, seed }) => `${arm} ${seed}`)).toEqual(['agemem 1', 'agemem-grpo 1'])
    expect(result.trainings).toEqual([trained(1)])
  })

  it('say that some were played elsewhere', () => {
    expect(gathered(quality, { ...empty(), machine: 'two threads' }, [{ ...main, machine: 'one thread' }]).machine).toBe('two threads; one thread')
    // Nothing of it was taken.
    expect(gathered(quality, { ...empty(), machine: 'two threads' }, [{ ...main, machine: 'one thread', cells: [] }]).machine).toBe('two threads')
    expect(gathered(quality, { ...empty(), machine: 'one thread' }, [{ ...main, machine: 'one thread' }]).machine).toBe('one thread')
  })

  it('leave what is there as it is', () => {
    const own = cellOf({ seed: 1, tasks: { a: 0.9 } })
    const result = gathered(tools, { ...resultOf('tools', ['agemem', 'agemem-grpo'], [own]), trainings: [trained(1)] }, [main])
    expect(result.cells[0]).toBe(own)
    expect(result.trainings).toEqual([trained(1)])
  })

  it.each([
    ['another model', { ...main, model: { name: 'other', sha256: null } }],
    ['another number of tasks', { ...main, plan: { ...main.plan, tasks: 4 } }],
    ['a model that was taught before', { ...main, plan: { ...main.plan, start: { key: 'taught', name: 'Taught', hash: 'abc' } } }],
    ['other steps', { ...main, plan: { ...main.plan, steps: 3 } }],
    ['other records', { ...main, plan: { ...main.plan, data: [{ name: 'lesson', choice: { family: 'question', options: { source: 'scenario', held_out: { share: 0.5, seed: 1 } } } }] } }],
  ])('are not taken from a result of %s', (_, other) => {
    expect(gathered(quality, empty(), [other]).cells).toEqual([])
  })
})
