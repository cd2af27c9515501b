import { describe, expect, it } from 'vitest'
import { taskChoiceSchema } from '../families.ts'
import { MissingDataError, noDataSets, type DataSets, type TaskRequest } from '../family.ts'
import { defaultDifficulty, worldTask } from './sources/world.ts'
import { exampleOwn, ownTask } from './sources/own.ts'
import { scenarios } from './sources/scenarios.ts'
import type { Task } from './task.ts'
import { isHeldOut, questionOptionsSchema, questionTasks, trainsOnAll, usualHeldOut, usualOptions, type DataOptions } from './training-tasks.ts'

const data = { name: 'dev.json', hash: 'a'.repeat(64) }
const options: DataOptions = { source: 'hotpotqa', data, held_out: usualHeldOut, distractors: 2 }
/** Forty made-up questions with three distractors each. */
const kept: Task[] = Array.from({ length: 40 }, (_, index) => ({
  ...worldTask({ seed: 3, index, split: 'train', difficulty: { ...defaultDifficulty, distractors: 3 } }),
  id: `hotpotqa-${index}`,
  source: 'hotpotqa',
  split: 'none',
}))
const sets: DataSets = { tasks: ({ hash }) => (hash === data.hash ? Promise.resolve(kept) : noDataSets.tasks({ name: '', hash })) }
const request = (more: Partial<TaskRequest> = {}): TaskRequest => ({ seed: 1, batch: 0, count: 5, split: 'train', progress: 0.1, ...more })
const idsOf = async (more: Partial<TaskRequest>, of: Partial<DataOptions> = {}) =>
  (await questionTasks({ ...options, ...of }, request(more), sets)).map(({ id }) => id)

describe('tasks of a data set', () => {
  it('are held out or trained on, never both, by seed and id alone', async () => {
    const held = new Set(await idsOf({ split: 'held-out', count: 100, seed: 99 }))
    expect([...held].sort()).toEqual(kept.map(({ id }) => id).filter((id) => isHeldOut(id, usualHeldOut)).sort())
    expect(held.size).toBeGreaterThan(2)
    expect(held.size).toBeLessThan(16)
    for (let batch = 0; batch < 30; batch++) {
      for (const seed of [1, 2]) expect((await idsOf({ batch, seed })).filter((id) => held.has(id))).toEqual([])
    }
    expect(await idsOf({ split: 'held-out', count: 100 }, { held_out: { share: 0.2, seed: 7 } })).not.toEqual(expect.arrayContaining([...held]))
  })
  it('come once in a round, in another order in the next, and never twice in a batch', async () => {
    const rounds = Math.floor((40 - (await idsOf({ split: 'held-out', count: 100 })).length) / 5)
    const batches = await Promise.all(Array.from({ length: 2 * rounds }, (_, batch) => idsOf({ batch })))
    for (const round of [batches.slice(0, rounds), batches.slice(rounds)]) expect(new Set(round.flat()).size).toBe(5 * rounds)
    expect(batches.slice(0, rounds)).not.toEqual(batches.slice(rounds))
    expect(await idsOf({ batch: 3 })).toEqual(batches[3])
    expect(await idsOf({ batch: 3, seed: 2 })).not.toEqual(batches[3])
  })
  it('say which split they are of, and have no more distractors than were asked for', async () => {
    for (const split of ['train', 'held-out'] as const) {
      const tasks = await questionTasks(options, request({ split }), sets)
      expect(tasks.map((task) => [task.split, task.resist.length])).toEqual(tasks.map(() => [split, 2]))
    }
  })
  it('are missing, or too few, in words', async () => {
    await expect(questionTasks({ ...options, data: { ...data, hash: 'b'.repeat(64) } }, request(), sets)).rejects.toThrow(MissingDataError)
    await expect(idsOf({ count: 39 })).rejects.toThrow(/“dev.json” has 40 tasks, of which \d+ are for training; a step needs 39: plan fewer tasks a step/)
    await expect(idsOf({ split: 'held-out' }, { held_out: { share: 1e-9, seed: 1 } })).rejects.toThrow('of which 0 are held out, so nothing could be evaluated')
  })
})

it('scenarios are split as data sets are', async () => {
  const seed = [1, 2, 3, 4, 5, 6, 7, 8].find((each) => new Set(scenarios.map(({ id }) => isHeldOut(id, { share: 0.5, seed: each }))).size === 2) ?? 0
  const of = (split: 'train' | 'held-out') => questionTasks({ source: 'scenario', held_out: { share: 0.5, seed } }, request({ split, count: 1 }), noDataSets)
  const [train, held] = [await of('train'), await of('held-out')]
  expect([train[0]?.split, held[0]?.split]).toEqual(['train', 'held-out'])
  expect(train[0]?.id).not.toBe(held[0]?.id)
})

it('configurations of earlier releases are read as the world', () => {
  const world = { source: 'world', difficulty: defaultDifficulty, curriculum: 'progressive' }
  expect(taskChoiceSchema.parse(world)).toEqual({ family: 'question', options: world })
  expect(taskChoiceSchema.parse({ family: 'question', options })).toEqual({ family: 'question', options })
  expect(taskChoiceSchema.safeParse({ ...world, source: 'moon' }).success).toBe(false)
})

it('trains on all of a few tasks of one’s own, and holds nothing out of them', async () => {
  const task = ownTask(exampleOwn)
  const one: DataSets = { tasks: () => Promise.resolve([task]) }
  const mine = usualOptions('own', data, 1)
  for (const batch of [0, 1]) expect((await questionTasks(mine, request({ batch, count: 1 }), one)).map(({ id }) => id)).toEqual([task.id])
  await expect(questionTasks(mine, request({ split: 'held-out' }), one)).rejects.toThrow('of which 0 are held out')
  await expect(questionTasks(mine, request({ count: 2 }), one)).rejects.toThrow('a step needs 2')
  expect(trainsOnAll({ family: 'question', options: mine })).toBe(true)
  expect(trainsOnAll({ family: 'question', options: usualOptions('own', data, 10) })).toBe(false)
  expect(questionOptionsSchema.safeParse(mine).success).toBe(true)
})
