import { describe, expect, it } from 'vitest'
import { add, failed, filter, miraTask, remove, retrieve, summarise, trajectoryOf, update } from '../episode/fixture.ts'
import { countHabits, habitEstimates } from './habits.ts'

const [lives, weather, cello, correction] = miraTask().build.map((message) => message.text)
const distractor = miraTask().resist[0]?.text

describe('countHabits', () => {
  it('counts what was done of what could have been', () => {
    const busy = trajectoryOf({
      task: miraTask(),
      steps: [
        { phase: 'build', says: lives, calls: [add('m1', 'Mira Voss lives in Tarn.')] },
        { phase: 'build', answer: 'Noted.' },
        { phase: 'build', says: weather, calls: [add('m2', 'Nice weather today.')] },
        { phase: 'build', answer: 'Noted.' },
        { phase: 'build', says: cello, answer: 'I see.' },
        { phase: 'build', says: correction, calls: [update('m1', 'Mira Voss lives in Tarn.', 'Mira Voss lives in Oslem.')] },
        { phase: 'build', answer: 'Noted.' },
        { phase: 'resist', says: distractor, calls: [filter('Jon Voss')] },
        { phase: 'resist', answer: 'Fine.' },
        { phase: 'answer', says: 'Where does Mira Voss live?', calls: [retrieve('Mira Voss', ['m1', 'Mira Voss lives in Oslem.'])] },
        { phase: 'answer', answer: 'Oslem' },
      ],
    })
    const idle = trajectoryOf({
      task: miraTask(),
      steps: [
        { phase: 'build', says: lives, answer: 'I see.' },
        { phase: 'build', says: correction, calls: [remove('m1', 'Mira Voss lives in Tarn.')] },
        { phase: 'build', says: cello, calls: [failed('Add_memory', 'invalid-arguments')] },
        { phase: 'resist', says: distractor, calls: [summarise('Some talk.')] },
        { phase: 'answer', says: 'Where does Mira Voss live?', answer: 'I do not know.' },
      ],
    })
    const counts = countHabits([busy, idle])
    expect(counts).toEqual({
      add_fact: { done: 1, of: 4 },
      add_small_talk: { done: 1, of: 1 },
      add_distractor: { done: 0, of: 2 },
      update_correction: { done: 1, of: 2 },
      delete_correction: { done: 1, of: 2 },
      filter_episode: { done: 1, of: 2 },
      summarise_episode: { done: 1, of: 2 },
      retrieve_first: { done: 1, of: 2 },
      unknown_without_memory: { done: 1, of: 1 },
    })
    expect(habitEstimates(counts)).toMatchObject({ add_fact: { mean: 0.25 }, add_distractor: { mean: 0 } })
  })
  it('leaves out what cannot be told apart, and what was stopped', () => {
    const merged = trajectoryOf({ task: miraTask(), steps: [{ phase: 'build', says: `${lives ?? ''}\n${weather ?? ''}`, calls: [add('m1', 'x')] }, { phase: 'answer', says: 'Where?', answer: 'Oslem' }] })
    const stopped = trajectoryOf({ task: miraTask(), steps: [{ phase: 'build', says: lives, calls: [add('m1', 'x')] }] })
    const counts = countHabits([merged, stopped])
    expect(counts.add_fact.of).toBe(0)
    expect(counts.filter_episode.of).toBe(1)
    expect(habitEstimates(counts).add_fact).toBeNull()
  })
})
