import { describe, expect, it } from 'vitest'
import { miraTask, trajectoryOf } from '../../core/episode/fixture.ts'
import { settingsPresets } from '../../core/episode/settings.ts'
import type { Trajectory } from '../../core/episode/trajectory.ts'
import type { Task } from '../../core/task.ts'
import { currentTask, defaultConfig, type Config } from './config.ts'
import { describes, restoreConfig } from './restore.ts'

const record = (task: Task, seed: number, policy = 'store-all'): Trajectory => ({
  ...trajectoryOf({ task, steps: [{ stage: 3, says: task.query, answer: 'x' }], policy, settings: settingsPresets.paper }),
  seed,
})

const taskOf = (config: Config): Task => currentTask({ ...config, againTask: null }, null) ?? miraTask()

describe('restoreConfig', () => {
  it('finds the world, task, seed, policy and limits of a recorded episode', () => {
    const config: Config = { ...defaultConfig, seed: 4321, index: 17 }
    const restored = restoreConfig(record(taskOf(config), 4321), defaultConfig, null)
    expect(restored).toMatchObject({ source: 'world', seed: 4321, index: 17, policy: 'store-all', settings: settingsPresets.paper })
  })

  it('keeps a difficulty that is set now when it gives the task', () => {
    const now: Config = { ...defaultConfig, difficulty: { ...defaultConfig.difficulty, facts: 6 } }
    expect(restoreConfig(record(taskOf(now), 7), now, null)).toMatchObject({ source: 'world', difficulty: { facts: 6 } })
  })

  it('plays the task itself again when no source gives it', () => {
    const restored = restoreConfig(record(miraTask(), 99), defaultConfig, null)
    expect(restored).toMatchObject({ source: 'again', seed: 99 })
    expect(restored.againTask?.id).toBe('mira')
  })

  it('finds the task in a loaded file', () => {
    const task = miraTask({ source: 'hotpotqa' })
    const file = { name: 'f.json', format: 'hotpotqa' as const, tasks: [miraTask({ id: 'other' }), task], skipped: [] }
    expect(restoreConfig(record(task, 3), defaultConfig, file)).toMatchObject({ source: 'file', index: 1, seed: 3 })
  })
})

describe('describes', () => {
  it('is true of what was restored, and false once something is changed', () => {
    const trajectory = record(taskOf(defaultConfig), 7)
    const restored = restoreConfig(trajectory, defaultConfig, null)
    const planned = currentTask(restored, null)
    expect(describes(restored, planned, trajectory)).toBe(true)
    expect(describes({ ...restored, policy: 'oracle' }, planned, trajectory)).toBe(false)
    expect(describes({ ...restored, settings: settingsPresets.playground }, planned, trajectory)).toBe(false)
    expect(describes({ ...restored, seed: 8 }, planned, trajectory)).toBe(false)
    expect(describes(restored, miraTask(), trajectory)).toBe(false)
  })
})
