// Rollouts of a step under other weights, on episodes whose components are plain.
import { describe, expect, it } from 'vitest'
import { add, miraTask, retrieve, trajectoryOf } from '../../core/episode/fixture.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { trainPresets } from '../../core/training/config.ts'
import { rewardPresets } from '../../core/reward/presets.ts'
import type { GroupProgress } from '../../rpc/contracts.ts'
import { createGroupStore, isForItself } from './group.ts'

const task = miraTask()
const at = (trajectory: Trajectory, id: string, rollout: number): Trajectory => ({ ...trajectory, id: { run: 'r', batch: 1, task: id, rollout } })
/** Right, but it stored small talk. */
const lucky = trajectoryOf({
  task,
  steps: [
    { phase: 'build', says: 'Nice weather today.', calls: [add('m1', 'Nice weather today.')] },
    { phase: 'answer', says: task.query, answer: 'Oslem' },
  ],
})
/** Stored the fact and fetched it, and then said something else. */
const careful = trajectoryOf({
  task,
  steps: [
    { phase: 'build', says: 'Correction: Mira Voss lives in Oslem now.', calls: [add('m1', 'Mira Voss lives in Oslem.')] },
    { phase: 'answer', says: task.query, calls: [retrieve('Mira Voss', ['m1', 'Mira Voss lives in Oslem.'])] },
    { phase: 'answer', answer: 'Tarn' },
  ],
})

const config = { reward: { preset: 'answer-only' as const, weights: rewardPresets['answer-only'] }, advantage: trainPresets.quick.advantage }
const onlyMemory = { ...rewardPresets['answer-only'], task: 0, memory: 1 }

function opened(trajectories: Trajectory[]) {
  let time = 0
  return createGroupStore(() => Promise.resolve(trajectories), () => (time += 2))
}

describe('rollouts of a step', () => {
  it('stand in groups, in the order of their tasks', async () => {
    const store = opened([at(lucky, 'a', 0), at(careful, 'a', 1), at(lucky, 'b', 0)])
    await store.getState().open('r', 1, config)
    const { loaded } = store.getState()
    expect(loaded.state === 'ready' && loaded.groups.map(({ task: id, rollouts }) => [id, rollouts.length])).toEqual([['a', 2], ['b', 1]])
  })

  it('change sign and place when memory counts instead of the answer', async () => {
    const store = opened([at(lucky, 'a', 0), at(careful, 'a', 1)])
    await store.getState().open('r', 1, config)
    expect(store.getState().scored[0]).toMatchObject({ ranks: [1, 2], changed: [] })
    store.getState().weigh(onlyMemory)
    expect(store.getState()).toMatchObject({ took: 2, scored: [{ ranks: [2, 1], changed: [0, 1] }] })
    store.getState().weigh(null)
    expect(store.getState().scored[0]).toMatchObject({ ranks: [1, 2], changed: [] })
  })

  it('keep the weights from step to step, but not from run to run', async () => {
    const store = opened([at(lucky, 'a', 0)])
    await store.getState().open('r', 1, config)
    store.getState().weigh(onlyMemory)
    await store.getState().open('r', 2, config)
    expect(store.getState().weights).toBe(onlyMemory)
    await store.getState().open('other', 1, config)
    expect(store.getState().weights).toBeNull()
  })

  it('may be gone, or unreadable', async () => {
    const gone = opened([])
    await gone.getState().open('r', 1, config)
    expect(gone.getState().loaded).toEqual({ state: 'gone' })
    const broken = createGroupStore(() => Promise.reject(new Error('damaged')), () => 0)
    await broken.getState().open('r', 1, config)
    expect(broken.getState().loaded).toEqual({ state: 'failed', message: 'damaged' })
  })

  it('of the step asked for last are shown, whichever arrives first', async () => {
    const arrive: (() => void)[] = []
    const store = createGroupStore((_, step) => new Promise((resolve) => arrive.push(() => { resolve([at(lucky, `task of step ${step}`, 0)]) })), () => 0)
    const first = store.getState().open('r', 1, config)
    const second = store.getState().open('r', 2, config)
    arrive[1]?.()
    await second
    arrive[0]?.()
    await first
    const { loaded } = store.getState()
    expect(loaded.state === 'ready' && loaded.groups[0]?.task).toBe('task of step 2')
  })

  it('are scored with the verdict of a language model where one is recorded', async () => {
    const verdict = { judge: 'B', rubric: 'answer' as const, score: 0.5, words: 'Score: 0.5' }
    const store = opened([at({ ...careful, verdicts: [verdict] }, 'a', 0), at(careful, 'a', 1)])
    await store.getState().open('r', 1, config)
    expect(store.getState().scored[0]?.rewards.map(({ total }) => total)).toEqual([0.5, 0])
    expect(store.getState().scored[0]?.ranks).toEqual([1, 2])
  })
})

describe('a group that was played for itself', () => {
  const scoring = { weights: rewardPresets['answer-only'], advantage: trainPresets.quick.advantage }
  const progress = { over: 1, steps: 3, loading: null }

  it('shows how far it is, then its rollouts, and is another one than any of a run', async () => {
    const store = opened([])
    const tell: ((of: GroupProgress) => void)[] = []
    let end: (rollouts: Trajectory[]) => void = () => undefined
    const taking = store.getState().take('g', 2, (telling) => {
      tell.push(telling)
      return new Promise((resolve) => { end = resolve })
    }, scoring)
    expect(store.getState()).toMatchObject({ at: { run: 'g', step: 0, rollouts: 2 }, loaded: { state: 'playing', of: 2, progress: null } })
    expect(isForItself(store.getState().at)).toBe(true)
    expect(isForItself({ run: 'r', step: 1 })).toBe(false)
    tell[0]?.(progress)
    expect(store.getState().loaded).toEqual({ state: 'playing', of: 2, progress })
    end([at(lucky, 'a', 0), at(careful, 'a', 1)])
    expect(await taking).toBe(true)
    expect(store.getState().scored[0]?.rewards.map(({ total }) => total)).toEqual([1, 0])
    store.getState().weigh(onlyMemory)
    expect(store.getState().scored[0]?.ranks).toEqual([2, 1])
  })

  it('is closed where there is nothing to compare, and stays away from what was opened meanwhile', async () => {
    const store = opened([at(lucky, 'a', 0)])
    expect(await store.getState().take('g', 2, () => Promise.resolve([at(lucky, 'a', 0)]), scoring)).toBe(false)
    expect(store.getState()).toMatchObject({ at: null, loaded: { state: 'none' } })
    await expect(store.getState().take('g', 2, () => Promise.reject(new Error('no model')), scoring)).rejects.toThrow('no model')
    expect(store.getState().at).toBeNull()
    let end: (rollouts: Trajectory[]) => void = () => undefined
    const taking = store.getState().take('g', 2, () => new Promise((resolve) => { end = resolve }), scoring)
    await store.getState().open('r', 1, config)
    end([at(lucky, 'a', 0), at(careful, 'a', 1)])
    expect(await taking).toBe(true)
    expect(store.getState().at).toEqual({ run: 'r', step: 1 })
  })
})
