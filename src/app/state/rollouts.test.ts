// The table of all rollouts of a run: read step by step, once, and forgotten when the database is another one.
import { describe, expect, it } from 'vitest'
import type { StepRows } from '../../core/training/rollout-rows.ts'
import { stepRowsOf } from '../../core/training/rollout-rows.ts'
import { rolloutsOf, runRecord } from '../../core/training/runs.fixture.ts'
import { rolloutKey } from './rollout-key.ts'
import { createRolloutsStore } from './rollouts.ts'

const stepRows = (run: string, step: number): StepRows => stepRowsOf(step, rolloutsOf(run, step), runRecord(run).config)

function table(give: (run: string, step: number) => Promise<StepRows | null> = (run, step) => Promise.resolve(stepRows(run, step))) {
  const asked: string[] = []
  const store = createRolloutsStore((run, step) => {
    asked.push(`${run} ${step}`)
    return give(run, step)
  }, () => 0)
  return { store, asked, answers: () => store.getState().rows.map(({ step, answer }) => `${step} ${answer ?? ''}`) }
}

describe('the table of rollouts', () => {
  it('has the lines of every step, named as the rollouts are', async () => {
    const { store, answers } = table()
    store.getState().show('r')
    await store.getState().readSteps([1, 2])
    expect(answers()).toEqual(['1 Oslem', '1 Tarn', '2 Oslem', '2 Tarn'])
    expect(store.getState().rows.map(({ key }) => key)).toEqual([...rolloutsOf('r', 1), ...rolloutsOf('r', 2)].map(rolloutKey))
    expect(store.getState().rows.map(({ outcome }) => outcome)).toEqual(['right', 'wrong', 'right', 'wrong'])
    expect(store.getState()).toMatchObject({ shown: true, read: 2, of: 2, failure: null })
  })
  it('reads a step once, and steps that come later', async () => {
    const { store, asked, answers } = table((run, step) => Promise.resolve(step === 2 ? null : stepRows(run, step)))
    store.getState().show('r')
    await store.getState().readSteps([1, 2])
    await store.getState().readSteps([1, 2, 3])
    expect(asked).toEqual(['r 1', 'r 2', 'r 3'])
    expect(answers()).toEqual(['1 Oslem', '1 Tarn', '3 Oslem', '3 Tarn'])
  })
  it('keeps its filters for who comes back, and begins anew for another run', async () => {
    const { store } = table()
    store.getState().show('r')
    await store.getState().readSteps([1])
    store.getState().narrow({ ...store.getState().filters, outcome: 'wrong' })
    store.getState().show(null)
    expect(store.getState()).toMatchObject({ shown: false, run: 'r' })
    store.getState().show('r')
    expect(store.getState().filters.outcome).toBe('wrong')
    expect(store.getState().rows).toHaveLength(2)
    store.getState().show('other')
    expect(store.getState()).toMatchObject({ rows: [], filters: { outcome: 'any' } })
  })
  it('takes nothing of a run that was left while it was read', async () => {
    let answer: (rows: StepRows) => void = () => undefined
    const { store, answers } = table((run) => (run === 'slow' ? new Promise((resolve) => { answer = resolve }) : Promise.resolve(stepRows(run, 1))))
    store.getState().show('slow')
    const reading = store.getState().readSteps([1])
    store.getState().show('r')
    answer(stepRows('slow', 1))
    await reading
    expect(answers()).toEqual([])
  })
  it('says what could not be read, keeps what could, and goes on when it is asked again', async () => {
    let broken = true
    const { store, answers } = table((run, step) => (broken && step === 2 ? Promise.reject(new Error('It is damaged.')) : Promise.resolve(stepRows(run, step))))
    store.getState().show('r')
    await store.getState().readSteps([1, 2])
    expect(store.getState()).toMatchObject({ failure: 'It is damaged.', read: 1, of: 2 })
    expect(answers()).toHaveLength(2)
    broken = false
    await store.getState().readSteps([1, 2])
    expect(store.getState()).toMatchObject({ failure: null, read: 2 })
    store.getState().forget()
    expect(answers()).toEqual([])
    await store.getState().readSteps([1, 2])
    expect(answers()).toHaveLength(4)
  })
})
