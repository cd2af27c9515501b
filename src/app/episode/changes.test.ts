import { describe, expect, it } from 'vitest'
import { add, failed, filter, miraTask, remove, retrieve, summarise, trajectoryOf, update } from '../../core/episode/fixture.ts'
import { contextAt, memoryAt } from '../../core/record/replay.ts'
import { contextRows, describeStep, memoryRows, toolCounts } from './changes.ts'

const trajectory = trajectoryOf({
  task: miraTask(),
  steps: [
    { phase: 'build', says: 'Mira Voss lives in Tarn.', calls: [add('m1', 'Mira Voss lives in Tarn.'), add('m2', 'Nice weather.')] },
    { phase: 'build', says: 'In Oslem.', calls: [update('m1', 'Mira Voss lives in Tarn.', 'Mira Voss lives in Oslem.'), remove('m2', 'Nice weather.'), failed('Delete_memory', 'unknown-id')] },
    { phase: 'resist', says: 'Jon Voss lives in Velmora.', calls: [filter('Jon Voss')] },
    { phase: 'resist', says: 'It rains.', calls: [summarise('Rain.')] },
    { phase: 'answer', says: 'Where does Mira Voss live?', calls: [retrieve('Mira', ['m1', 'Mira Voss lives in Oslem.'])] },
    { phase: 'answer', answer: 'Oslem' },
  ],
})

describe('contextRows', () => {
  it('keeps what a filter took in its place, marked', () => {
    // The reset takes c1 to c9: message, reply, two results; message, reply, three results.
    const rows = contextRows(trajectory, 2)
    const left = rows.filter((row) => row.gone === 'filtered').map((row) => row.message.content)
    expect(left).toEqual(['Jon Voss lives in Velmora.'])
    expect(rows.filter((row) => row.gone === 'reset')).toHaveLength(9)
    expect(rows.find((row) => row.gone === 'filtered')?.fresh).toBe(true)
  })

  it('puts a summary behind what it replaced', () => {
    const rows = contextRows(trajectory, 3)
    const summary = rows.findIndex((row) => row.message.kind === 'summary')
    expect(rows[summary - 1]?.gone).toBe('summarised')
    expect(rows[summary]).toMatchObject({ fresh: true, gone: null })
  })

  it('leaves exactly the context of the replay once the gone ones are out', () => {
    for (const index of trajectory.steps.keys()) {
      const standing = contextRows(trajectory, index).filter((row) => row.gone === null)
      expect(new Set(standing.map((row) => row.message.id))).toEqual(new Set(contextAt(trajectory, index, 'after').map((message) => message.id)))
    }
  })
})

describe('memoryRows', () => {
  it('shows an update with the old text, and a deletion', () => {
    expect(memoryRows(trajectory, 1).map(({ entry, change, was }) => [entry.id, change, entry.content, was])).toEqual([
      ['m1', 'updated', 'Mira Voss lives in Oslem.', 'Mira Voss lives in Tarn.'],
      ['m2', 'deleted', 'Nice weather.', null],
    ])
  })

  it('shows what was retrieved, by whom, and nothing of it a step later', () => {
    expect(memoryRows(trajectory, 4)[0]?.retrieved).toEqual({ similarity: 0.5, by: 'agent' })
    expect(memoryRows(trajectory, 5)[0]).toMatchObject({ retrieved: null, change: null })
  })

  it('holds what the replay holds', () => {
    for (const index of trajectory.steps.keys()) {
      const standing = memoryRows(trajectory, index).filter((row) => row.change !== 'deleted')
      expect(standing.map((row) => row.entry)).toEqual(memoryAt(trajectory, index, 'after'))
    }
  })
})

describe('toolCounts', () => {
  it('counts up to the step, failures apart', () => {
    expect(toolCounts(trajectory, 0).Add_memory).toEqual({ calls: 2, failed: 0 })
    expect(toolCounts(trajectory, 1).Delete_memory).toEqual({ calls: 2, failed: 1 })
    expect(toolCounts(trajectory, -1).Add_memory.calls).toBe(0)
  })
})

describe('describeStep', () => {
  it('says in words what happened', () => {
    expect(describeStep(trajectory, 1)).toBe('Update_memory, Delete_memory, Delete_memory, failed')
    expect(describeStep(trajectory, 2)).toBe('context reset, Filter_context')
    expect(describeStep(trajectory, 5)).toBe('answers “Oslem”')
    expect(describeStep(trajectory, 99)).toBe('')
  })

  it('says what the agent did to its memory without a call', () => {
    const [first] = trajectory.steps
    if (!first) throw new Error('There is no step.')
    const after = first.after.map((event) => (event.type === 'ltm.add' ? { ...event, call: null } : event))
    const noted = { ...trajectory, steps: [{ ...first, calls: [], answer: 'Noted.', after }] }
    expect(describeStep(noted, 0)).toBe('replies, Add_memory by itself (2)')
  })
})
