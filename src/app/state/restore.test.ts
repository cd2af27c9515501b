import { describe, expect, it } from 'vitest'
import { miraTask, trajectoryOf } from '../../core/episode/fixture.ts'
import { settingsPresets } from '../../core/episode/settings.ts'
import { toVersion1 } from '../../core/episode/version-1.fixture.ts'
import { fromVersion1 } from '../../core/episode/version-1.ts'
import type { PolicySpec, Setup } from '../../core/record/setup.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { questionIn, type Task } from '../../core/environments/question/task.ts'
import { exampleOwn, ownTask, readOwn, writeOwn } from '../../core/environments/question/sources/own.ts'
import { rewardPresets } from '../../core/reward/presets.ts'
import { currentTask, defaultConfig, taskOrigin, type Config } from './config.ts'
import { describes, restoreConfig } from './restore.ts'

const taskOf = (config: Config): Task => questionIn(currentTask({ ...config, againTask: null }, null) ?? miraTask())
const played = (task: Task, setup: Partial<Setup> = {}, seed = 7): Trajectory => {
  const whole = trajectoryOf({ task, steps: [{ phase: 'answer', says: task.query, answer: 'x' }], settings: settingsPresets.paper })
  return { ...whole, seed, setup: { ...whole.setup, policy: { kind: 'scripted', name: 'store-all' }, ...setup } }
}
/** As the page records what this configuration plays. */
const recorded = (config: Config, setup: Partial<Setup> = {}): Trajectory =>
  played(taskOf(config), { source: taskOrigin({ ...config, againTask: null }, null), ...setup }, config.seed)
/** The same of a release that recorded no setup. */
const old = (trajectory: Trajectory, policy: string, embedder = 'hash@1') => fromVersion1({ ...toVersion1(trajectory), policy, embedder })
const arctic = 'snowflake-arctic-embed-s-q0f32-MLC-b4'
const webllm = (model: string, constrained = true): PolicySpec => ({ kind: 'webllm', model, options: { constrained } })
const nano = (key: string | null): PolicySpec => ({ kind: 'onnx', model: 'nano', source: null, adapter: key === null ? null : { key, name: 'Step 7', hash: null } })

describe('restoreConfig', () => {
  it('gives back all that the setup says, whatever is set now', () => {
    const difficulty = { ...defaultConfig.difficulty, facts: 6 }
    const config: Config = { ...defaultConfig, seed: 4321, index: 17, difficulty }
    const careless = { ...defaultConfig.careless, break_format: 0.5 }
    const policy: PolicySpec = { kind: 'scripted', name: 'careless', careless }
    const trajectory = recorded(config, { policy, embedder: arctic, reward: rewardPresets['answer-only'] })
    const settings = settingsPresets.paper
    const all = { source: 'world', seed: 4321, index: 17, difficulty, policy: 'careless', careless, embedder: arctic, reward: 'answer-only', settings }
    expect(restoreConfig(trajectory, defaultConfig, null)).toMatchObject(all)
  })

  it('gives back the adapter of nano, or that there was none', () => {
    const trained = recorded(defaultConfig, { policy: nano('run/7') })
    expect(restoreConfig(trained, defaultConfig, null)).toMatchObject({ policy: 'nano', adapter: 'run/7' })
    const base = recorded(defaultConfig, { policy: nano(null) })
    expect(restoreConfig(base, { ...defaultConfig, policy: 'oracle', adapter: 'run/7' }, null)).toMatchObject({ policy: 'nano', adapter: null })
  })

  it('gives back a model of somebody’s own, and one of WebLLM with how free its replies were', () => {
    const own = recorded(defaultConfig, { policy: { kind: 'onnx', model: 'mine', source: 'https://models.test/mine/', adapter: null } })
    expect(restoreConfig(own, defaultConfig, null)).toMatchObject({ policy: 'own', adapter: null, constrained: false })
    const bound = recorded(defaultConfig, { policy: { kind: 'onnx', model: 'mine', source: null, adapter: null, constrained: true } })
    expect(restoreConfig(bound, defaultConfig, null)).toMatchObject({ policy: 'own', constrained: null })
    const free = recorded(defaultConfig, { policy: webllm('a model without MLC in its name', false) })
    const chosen = { policy: 'webllm', model: 'a model without MLC in its name', constrained: false }
    expect(restoreConfig(free, defaultConfig, null)).toMatchObject(chosen)
  })

  it('gives back a task of one’s own as it was written', () => {
    const own = readOwn(writeOwn(exampleOwn).replace('Oslo now', 'Tarn now').replace('= Oslo', '= Tarn'))
    const trajectory = played(ownTask(own), { source: { kind: 'given' } })
    const restored = restoreConfig(trajectory, defaultConfig, null)
    expect(restored).toMatchObject({ source: 'own', own })
    expect(describes(restored, currentTask(restored, null), trajectory)).toBe(true)
    expect(describes({ ...restored, own: exampleOwn }, ownTask(exampleOwn), trajectory)).toBe(false)
  })

  it('plays the task itself again when no source gives it', () => {
    const restored = restoreConfig(played(miraTask(), {}, 99), defaultConfig, null)
    expect(restored).toMatchObject({ source: 'again', seed: 99 })
    expect(restored.againTask?.id).toBe('mira')
    // Another task than the setup's source gives, and one of an evaluation.
    const other = recorded(defaultConfig)
    const renamed: Task = { ...questionIn(other.task), query: 'Who?' }
    expect(restoreConfig({ ...other, task: renamed }, defaultConfig, null).source).toBe('again')
    const heldOut = { ...taskOrigin({ ...defaultConfig, againTask: null }, null), split: 'held-out' as const }
    expect(restoreConfig(recorded(defaultConfig, heldOut.kind === 'generated' ? { source: heldOut } : {}), defaultConfig, null).source).toBe('again')
  })

  it('finds the task in a loaded file', () => {
    const task = miraTask({ source: 'hotpotqa' })
    const file = { name: 'f.json', format: 'hotpotqa' as const, tasks: [miraTask({ id: 'other' }), task], whole: [], skipped: [], records: 0, head: null, notes: [] }
    expect(restoreConfig(played(task, { source: { kind: 'file', name: 'f.json' } }, 3), defaultConfig, file)).toMatchObject({ source: 'file', index: 1, seed: 3 })
  })
})

describe('an episode of a release without setup', () => {
  const model = 'Qwen3-0.6B-q4f16_1-MLC'

  it('is told by its names: the world’s task, under the difficulty of now or the usual one', () => {
    const config: Config = { ...defaultConfig, seed: 4321, index: 17 }
    const hard: Config = { ...defaultConfig, difficulty: { ...defaultConfig.difficulty, facts: 6 } }
    expect(restoreConfig(old(recorded(config), 'store-all'), defaultConfig, null)).toMatchObject({ source: 'world', seed: 4321, index: 17, policy: 'store-all' })
    expect(restoreConfig(old(recorded(hard), 'nano'), hard, null)).toMatchObject({ source: 'world', difficulty: { facts: 6 } })
  })

  it('keeps what it does not tell: the adapter, the reward, the probabilities', () => {
    const now: Config = { ...defaultConfig, adapter: 'run/7', reward: 'answer-only', careless: { ...defaultConfig.careless, add: 1 } }
    expect(restoreConfig(old(recorded(defaultConfig), 'nano'), now, null)).toMatchObject({ policy: 'nano', adapter: 'run/7', reward: 'answer-only', careless: { add: 1 } })
  })

  it('gives back a model of WebLLM, and whether its replies were free', () => {
    expect(restoreConfig(old(recorded(defaultConfig), model), defaultConfig, null)).toMatchObject({ policy: 'webllm', model, constrained: true })
    expect(restoreConfig(old(recorded(defaultConfig), `${model} (unconstrained)`), defaultConfig, null)).toMatchObject({ policy: 'webllm', model, constrained: false })
  })

  it('knows a model by its address when it is the one that is chosen', () => {
    expect(restoreConfig(old(recorded(defaultConfig), 'mine'), { ...defaultConfig, model: 'mine' }, null)).toMatchObject({ policy: 'webllm', model: 'mine' })
    expect(restoreConfig(old(recorded(defaultConfig), 'mine'), defaultConfig, null)).toMatchObject({ policy: 'nano', model: null })
  })

  it('gives back its embedder', () => {
    expect(restoreConfig(old(recorded(defaultConfig), 'nano', `${arctic}@1`), defaultConfig, null).embedder).toBe(arctic)
    expect(restoreConfig(old(recorded(defaultConfig), 'nano'), { ...defaultConfig, embedder: arctic }, null).embedder).toBeNull()
  })
})

describe('the agent of an episode', () => {
  it('comes back, decides whether the sentence describes it, and forbids nothing that it does not know', () => {
    const trajectory = recorded({ ...defaultConfig, policy: 'oracle' }, { agent: 'rag', policy: { kind: 'scripted', name: 'oracle' } })
    const restored = restoreConfig(trajectory, defaultConfig, null)
    expect(restored).toMatchObject({ agent: 'rag', policy: 'oracle' })
    expect(describes(restored, trajectory.task, trajectory)).toBe(true)
    expect(describes({ ...restored, agent: 'agemem' }, trajectory.task, trajectory)).toBe(false)
    const foreign = { ...trajectory, setup: { ...trajectory.setup, agent: 'of-another-program' } }
    expect(restoreConfig(foreign, { ...defaultConfig, agent: 'a-mem' }, null).agent).toBe('a-mem')
    expect(describes(restored, trajectory.task, foreign)).toBe(false)
  })

  it('says nothing of the grammar where it has no choice: a model without tools keeps to its form', () => {
    const model = { kind: 'onnx' as const, model: 'mine', source: null, adapter: null, constrained: true }
    const trajectory = recorded(defaultConfig, { agent: 'none', policy: model })
    const restored = restoreConfig(trajectory, { ...defaultConfig, constrained: false }, null)
    expect(restored).toMatchObject({ agent: 'none', policy: 'own', constrained: null })
    expect(describes(restored, trajectory.task, trajectory)).toBe(true)
  })
})

describe('describes', () => {
  it('is true of what was restored, and false once something is changed', () => {
    const trajectory = recorded(defaultConfig)
    const restored = restoreConfig(trajectory, defaultConfig, null)
    const planned = currentTask(restored, null)
    expect(describes(restored, planned, trajectory)).toBe(true)
    expect(describes({ ...restored, policy: 'oracle' }, planned, trajectory)).toBe(false)
    expect(describes({ ...restored, settings: settingsPresets.playground }, planned, trajectory)).toBe(false)
    expect(describes({ ...restored, seed: 8 }, planned, trajectory)).toBe(false)
    expect(describes({ ...restored, embedder: arctic }, planned, trajectory)).toBe(false)
    expect(describes(restored, miraTask(), trajectory)).toBe(false)
    // It is how the episode is looked at.
    expect(describes({ ...restored, reward: 'answer-only' }, planned, trajectory)).toBe(true)
  })

  it('tells the same policy with another adapter, with other habits, and with free replies', () => {
    const cases: [PolicySpec, Partial<Config>][] = [
      [nano('run/7'), { adapter: 'run/8' }],
      [nano(null), { adapter: 'run/7' }],
      [{ kind: 'scripted', name: 'careless', careless: defaultConfig.careless }, { careless: { ...defaultConfig.careless, add: 1 } }],
      [webllm('big'), { constrained: false }],
      [webllm('big'), { policy: 'nano' }],
      [nano(null), { constrained: true }],
      [{ kind: 'onnx', model: 'mine', source: null, adapter: null, constrained: true }, { constrained: false }],
    ]
    for (const [policy, change] of cases) {
      const trajectory = recorded(defaultConfig, { policy })
      const restored = restoreConfig(trajectory, defaultConfig, null)
      expect(describes(restored, trajectory.task, trajectory)).toBe(true)
      expect(describes({ ...restored, ...change }, trajectory.task, trajectory)).toBe(false)
    }
  })

  it('lets a model of which only the name is known be the one that is loaded here, but none of WebLLM', () => {
    const trajectory = recorded(defaultConfig, { policy: { kind: 'named', name: 'a model from elsewhere' } })
    const config = restoreConfig(trajectory, defaultConfig, null)
    expect(describes({ ...config, policy: 'own' }, trajectory.task, trajectory)).toBe(true)
    expect(describes({ ...config, policy: 'webllm', model: 'big' }, trajectory.task, trajectory)).toBe(false)
  })
})
