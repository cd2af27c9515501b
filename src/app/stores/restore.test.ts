import { describe, expect, it } from 'vitest'
import { miraTask, trajectoryOf } from '../../core/episode/fixture.ts'
import { settingsPresets } from '../../core/episode/settings.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import type { Task } from '../../core/environments/question/task.ts'
import { currentTask, defaultConfig, type Config } from './config.ts'
import { describes, restoreConfig } from './restore.ts'

const record = (task: Task, seed: number, policy = 'store-all'): Trajectory => ({
  ...trajectoryOf({ task, steps: [{ phase: 'answer', says: task.query, answer: 'x' }], policy, settings: settingsPresets.paper }),
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
    const file = { name: 'f.json', format: 'hotpotqa' as const, tasks: [miraTask({ id: 'other' }), task], skipped: [], records: 0, head: null, notes: [] }
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

describe('an episode of a WebLLM model', () => {
  const model = 'Qwen3-0.6B-q4f16_1-MLC'

  it('gives back the model, and whether its replies were free', () => {
    expect(restoreConfig(record(miraTask(), 7, model), defaultConfig, null)).toMatchObject({ policy: 'webllm', model, constrained: true })
    expect(restoreConfig(record(miraTask(), 7, `${model} (unconstrained)`), defaultConfig, null)).toMatchObject({ policy: 'webllm', model, constrained: false })
  })

  it('knows a model by its address when it is the one that is chosen', () => {
    expect(restoreConfig(record(miraTask(), 7, 'mine'), { ...defaultConfig, model: 'mine' }, null)).toMatchObject({ policy: 'webllm', model: 'mine' })
    expect(restoreConfig(record(miraTask(), 7, 'mine'), defaultConfig, null)).toMatchObject({ policy: 'nano', model: null })
  })

  it('is another one than the same with free replies, or another policy’s', () => {
    const played = record(taskOf(defaultConfig), 7, model)
    const config = { ...restoreConfig(played, defaultConfig, null), againTask: null }
    expect(describes(config, played.task, played)).toBe(true)
    expect(describes({ ...config, constrained: false }, played.task, played)).toBe(false)
    expect(describes({ ...config, policy: 'nano' }, played.task, played)).toBe(false)
    expect(describes(config, played.task, record(played.task, 7, 'a model from elsewhere'))).toBe(false)
  })
})

describe('the embedder of an episode', () => {
  const recordedBy = (embedder: string) => ({ ...record(taskOf(defaultConfig), 7), embedder })
  const arctic = 'snowflake-arctic-embed-s-q0f32-MLC-b4'

  it('comes back with its configuration; one that is not of this page changes nothing', () => {
    expect(restoreConfig(recordedBy(`${arctic}@1`), defaultConfig, null).embedder).toBe(arctic)
    expect(restoreConfig(recordedBy('hash@1'), { ...defaultConfig, embedder: arctic }, null).embedder).toBeNull()
    expect(restoreConfig(recordedBy('strange@3'), { ...defaultConfig, embedder: arctic }, null).embedder).toBe(arctic)
  })

  it('makes it another episode', () => {
    const played = recordedBy('hash@1')
    const config = restoreConfig(played, defaultConfig, null)
    expect(describes(config, played.task, played)).toBe(true)
    expect(describes({ ...config, embedder: arctic }, played.task, played)).toBe(false)
  })
})
