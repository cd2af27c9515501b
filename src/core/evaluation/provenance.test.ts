import { describe, expect, it } from 'vitest'
import { add, filter, miraTask, remove, retrieve, summarise, trajectoryOf, update } from '../episode/fixture.ts'
import { answerProvenance, deliveries, departures, writingAt, writings } from './provenance.ts'

// Messages by hand: c0 system; step 0 c1 to c3; step 1 c4; step 2 c5 to c7; step 3 c8 to c10; step 4 c11 to c13; step 5 c14.
const trajectory = trajectoryOf({
  task: miraTask(),
  steps: [
    { phase: 'build', says: 'Mira Voss lives in Tarn.', calls: [add('m1', 'Mira Voss lives in Tarn.')] },
    { phase: 'build', answer: 'Noted.' },
    { phase: 'build', says: 'She lives in Oslem now.', calls: [update('m1', 'Mira Voss lives in Tarn.', 'Mira Voss lives in Oslem.')] },
    { phase: 'resist', says: 'Jon Voss lives in Velmora.', calls: [filter('Jon Voss')] },
    { phase: 'answer', says: 'Where does Mira Voss live?', calls: [retrieve('Mira', ['m1', 'Mira Voss lives in Oslem.'])] },
    { phase: 'answer', answer: 'Oslem' },
  ],
})

describe('writings', () => {
  it('lists every write to a memory with its step', () => {
    expect(writings(trajectory.steps).get('m1')).toEqual([
      { step: 0, call: 0, type: 'add', content: 'Mira Voss lives in Tarn.' },
      { step: 2, call: 0, type: 'update', content: 'Mira Voss lives in Oslem.' },
    ])
  })

  it('finds the write that holds at a step, and none before the first', () => {
    const all = writings(trajectory.steps)
    expect([1, 2, 5].map((at) => writingAt(all, 'm1', at)?.step)).toEqual([0, 2, 2])
    expect(writingAt(all, 'm1', -1)).toBeNull()
    expect(writingAt(all, 'm2', 5)).toBeNull()
  })

  it('goes back to the last content of a deleted memory', () => {
    const gone = trajectoryOf({ task: miraTask(), steps: [{ phase: 'build', says: 'Hello.', calls: [add('m1', 'Hello.'), remove('m1', 'Hello.')] }] })
    const all = writings(gone.steps)
    expect(all.get('m1')?.map((writing) => writing.type)).toEqual(['add', 'delete'])
    expect(writingAt(all, 'm1', 0)?.type).toBe('add')
  })
})

describe('departures', () => {
  it('tells a reset from a filter', () => {
    const gone = departures(trajectory.steps)
    expect([...gone.keys()]).toEqual(['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8'])
    expect(gone.get('c7')).toEqual({ how: 'reset', step: 3 })
    expect(gone.get('c8')).toMatchObject({ how: 'filtered', step: 3, threshold: 0.6 })
    expect(gone.get('c0')).toBeUndefined()
  })

  it('names the summary that took a message in', () => {
    const summed = trajectoryOf({ task: miraTask(), steps: [{ phase: 'resist', says: 'Jon Voss lives in Velmora.', calls: [summarise('Nothing.')] }] })
    // c0 system, c1 the message, c2 the reply, c3 the summary.
    expect(departures(summed.steps).get('c1')).toEqual({ how: 'summarised', step: 0, into: 'c3' })
  })
})

describe('deliveries', () => {
  it('joins a retrieval with the message that carried its hits', () => {
    expect(deliveries(trajectory.steps).map(({ step, message, event }) => [step, message, event.query])).toEqual([[4, 'c13', 'Mira']])
  })
})

describe('answerProvenance', () => {
  it('traces the needed fact to the retrieval and to the step that wrote the memory', () => {
    const found = answerProvenance(trajectory)
    expect([found?.step, found?.answer]).toEqual([5, 'Oslem'])
    expect(found?.facts.map(({ fact }) => fact.id)).toEqual(['f3'])
    expect(found?.facts[0]?.sources).toEqual([
      { message: 'c13', kind: 'result', step: 4, memory: { id: 'm1', content: 'Mira Voss lives in Oslem.', similarity: 0.5, written: 2 } },
    ])
  })

  it('says when a needed fact was not there', () => {
    const forgot = trajectoryOf({
      task: miraTask(),
      steps: [
        { phase: 'build', says: 'Mira Voss lives in Oslem.', answer: 'I see.' },
        { phase: 'answer', says: 'Where does Mira Voss live?', answer: 'Oslem' },
      ],
    })
    expect(answerProvenance(forgot)?.facts[0]?.sources).toEqual([])
  })

  it('accepts a summary and a message of the user, not what the agent said itself', () => {
    const told = trajectoryOf({
      task: miraTask(),
      steps: [
        { phase: 'resist', says: 'Mira Voss lives in Oslem.', calls: [summarise('Mira Voss lives in Oslem.')] },
        { phase: 'resist', says: 'By the way, Mira Voss is in Oslem.', answer: 'Mira Voss lives in Oslem.' },
        { phase: 'answer', says: 'Where does Mira Voss live?', answer: 'Oslem' },
      ],
    })
    expect(answerProvenance(told)?.facts[0]?.sources.map(({ kind, step, memory }) => [kind, step, memory])).toEqual([
      ['summary', 0, null],
      ['message', 1, null],
    ])
  })

  it('is null without an answer in stage 3', () => {
    expect(answerProvenance(trajectoryOf({ task: miraTask(), steps: [{ phase: 'build', says: 'Hello.', answer: 'Hi.' }] }))).toBeNull()
  })
})
