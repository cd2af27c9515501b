import { questionIn } from '../environments/question/task.ts'
import { describe, expect, it } from 'vitest'
import { worldDifficultySchema, worldTask } from '../environments/question/sources/world.ts'
import type { StreamOptions } from '../policy/policy.ts'
import { rewardPresets } from '../reward/presets.ts'
import { trainConfigSchema, trainingSetup, trainPresets, type TrainConfig } from './config.ts'
import { endMark, freshTable, TableModel, tableEncoder } from './fixture.ts'
import { oneStep, type RunState, type StepHooks, type StepProgress, type StepResult } from './loop.ts'
import { stepMetricsSchema } from './metrics.ts'
import { quickTasks } from './tasks.fixture.ts'

const config: TrainConfig = trainConfigSchema.parse({
  ...trainPresets.quick,
  steps: 8,
  b: 2,
  k: 4,
  learning_rate: 0.5,
  warm_up_steps: 0,
  schedule: 'constant',
  beta: 0.01,
  max_norm: null,
  batching: { tokens: 4096, lengths: [50_000] },
  episode: { ...trainPresets.quick.episode, temperature: 1 },
  exploration: null,
  advantage: { form: 'sample', epsilon: 1e-4 },
  reward: trainPresets.paper.reward,
  tasks: quickTasks({ facts: 1, small_talk: 1, distractors: 2, update_share: 0.35 }),
})

/** A clock that moves a millisecond a look. */
function clock(): () => number {
  let time = 0
  return () => time++
}
const hooks = (more: Partial<StepHooks> = {}): StepHooks => ({ now: clock(), ...more })

async function begun(of: TrainConfig = config): Promise<TableModel> {
  const model = new TableModel()
  await model.beginTraining(trainingSetup(of), null)
  return model
}
const stateAt = (step: number, of: TrainConfig = config): RunState => ({ run: 'r', config: of, step, before: [] })

/** Steps `from` + 1 … `to`. */
async function makeSteps(model: TableModel, from: number, to: number, of: TrainConfig = config): Promise<StepResult[]> {
  const results: StepResult[] = []
  for (let step = from; step < to; step++) results.push(await oneStep({ ...stateAt(step, of), before: results.map(({ metrics }) => metrics) }, model, hooks()))
  return results
}

describe('oneStep', () => {
  it('plays K rollouts of B tasks, compares them, and moves the policy', async () => {
    const model = await begun()
    const { metrics, rollouts } = await oneStep(stateAt(0), model, hooks())
    expect(rollouts.map(({ trajectory: { id } }) => [id.run, id.batch, id.rollout])).toEqual([0, 1, 2, 3, 0, 1, 2, 3].map((rollout) => ['r', 1, rollout]))
    expect(new Set(rollouts.slice(0, 4).map(({ trajectory }) => trajectory.task.id)).size).toBe(1)
    expect(new Set(rollouts.map(({ trajectory }) => trajectory.task.id)).size).toBe(2)
    expect(rollouts.every(({ trajectory }) => trajectory.task.split === 'train')).toBe(true)
    // The adapter of before the step played them; their source gives their tasks again.
    for (const { trajectory: { setup, task } } of rollouts) {
      const adapter = { key: 'r/0', name: 'Beginning', hash: null }
      expect(setup.policy).toEqual({ kind: 'onnx', model: model.name, source: null, adapter })
      expect(setup).toMatchObject({ agent: 'agemem', embedder: 'hash', reward: config.reward.weights })
      if (setup.source.kind !== 'generated' || setup.source.split === 'none') throw new Error('It came from elsewhere.')
      const { seed, index, split, options } = setup.source
      expect(worldTask({ seed, index, split, difficulty: worldDifficultySchema.parse(options) })).toEqual(task)
    }
    expect(metrics.groups.map(({ rollouts: places }) => places)).toEqual([[0, 1, 2, 3], [4, 5, 6, 7]])
    for (const [g, { advantages, rewards }] of metrics.groups.entries()) {
      expect(rollouts.slice(4 * g, 4 * g + 4).map(({ advantage }) => advantage)).toEqual(advantages)
      expect(rollouts.slice(4 * g, 4 * g + 4).map(({ scored }) => scored.reward.total)).toEqual(rewards)
      expect(advantages.reduce((sum, a) => sum + a, 0)).toBeCloseTo(0, 9)
    }
    expect(metrics).toMatchObject({ step: 1, phase: 'all', episodes: 8, updates: { applied: 1, skipped: 0 }, learning_rate: 0.5, pause: null })
    // Squares about the mean of all are those within the groups and those between them.
    const squares = metrics.groups.reduce((sum, { std, mean }) => sum + 3 * std ** 2 + 4 * (mean - metrics.reward) ** 2, 0)
    expect(7 * metrics.reward_std ** 2).toBeCloseTo(squares, 9)
    const [one = NaN, two = NaN] = metrics.groups.map(({ std }) => std)
    expect(metrics.group_reward_std).toBeCloseTo((one + two) / 2, 12)
    expect(Math.abs(metrics.reward_std - metrics.group_reward_std)).toBeGreaterThan(0.001)
    // On the policy that sampled, ρ is 1, and with groups of mean 0 and the same length the loss is near 0.
    expect(metrics.mean_ratio).toBeCloseTo(1, 6)
    expect(metrics.kl).toBeCloseTo(0, 6)
    expect(model.table).not.toEqual(freshTable())
    expect(stepMetricsSchema.parse(JSON.parse(JSON.stringify(metrics)))).toEqual(metrics)
  })

  it('trains on sampled tokens alone, each once', async () => {
    const model = await begun()
    const { metrics, rollouts } = await oneStep(stateAt(0), model, hooks())
    const [update] = model.updates
    const targets = update?.sequences.flatMap((sequence) => sequence.targets.map((target) => ({ ...target, id: sequence.ids[target.index], last: sequence.ids[target.index - 1] }))) ?? []
    const taught = rollouts.filter((_, i) => metrics.groups[Math.floor(i / 4)]?.zero_variance === false)
    const said = taught.flatMap(({ trajectory }) => trajectory.steps.flatMap(({ reply, asides }) => [reply, ...asides.map(({ generation }) => generation)]))
    expect(targets.map(({ id }) => id)).toEqual(said.flatMap(({ token_ids }) => token_ids))
    expect(targets.map(({ oldLogp }) => oldLogp)).toEqual(said.flatMap(({ logprobs }) => logprobs))
    expect(metrics.tokens.loss).toBe(targets.length)
    expect(targets.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9)
    // The base model's own log-probability of each, looked up in its table.
    const base = new TableModel()
    for (const { id = 0, last = 0, refLogp } of targets) expect(refLogp).toBeCloseTo(base.logps(last)[id] ?? NaN, 5)
  })

  it('is the same step twice under the same seed, and another under another', async () => {
    const [one, two] = [await begun(), await begun()]
    const step = await oneStep(stateAt(2), one, hooks())
    expect(await oneStep(stateAt(2), two, hooks())).toEqual(step)
    expect(one.table).toEqual(two.table)
    const other = await oneStep(stateAt(2, { ...config, seed: 2 }), await begun(), hooks())
    const [asked, anew] = [step, other].map(({ rollouts }) => (rollouts[0] ? questionIn(rollouts[0].trajectory.task) : null))
    expect(asked?.query).toEqual(expect.any(String))
    expect([anew?.query, anew?.facts]).not.toEqual([asked?.query, asked?.facts])
    expect(other.metrics.reward).not.toBe(step.metrics.reward)
  })

  it('samples at the temperature of its step, and records it', async () => {
    const curious: TrainConfig = { ...config, exploration: { temperature: 2, steps: 4 } }
    const temperatures = async (step: number) => {
      const { rollouts } = await oneStep(stateAt(step, curious), await begun(curious), hooks())
      return [...new Set(rollouts.map(({ trajectory }) => trajectory.settings.temperature))]
    }
    expect([await temperatures(0), await temperatures(2), await temperatures(5)]).toEqual([[2], [1.5], [1]])
    const [warm, usual] = [await oneStep(stateAt(0, curious), await begun(curious), hooks()), await oneStep(stateAt(0), await begun(), hooks())]
    expect(warm.metrics.tokens.sampled).not.toBe(usual.metrics.tokens.sampled)
  })

  it('goes on from a saved adapter as if it had not been interrupted', async () => {
    const whole = await begun()
    const uninterrupted = await makeSteps(whole, 0, 5)
    const first = await begun()
    await makeSteps(first, 0, 3)
    const resumed = new TableModel()
    await resumed.beginTraining(trainingSetup(config), await first.adapterState())
    const rest = await makeSteps(resumed, 3, 5)
    expect(rest.map(({ metrics }) => metrics)).toEqual(uninterrupted.slice(3).map(({ metrics }) => metrics))
    expect(rest.map(({ rollouts }) => rollouts)).toEqual(uninterrupted.slice(3).map(({ rollouts }) => rollouts))
    expect(resumed.table).toEqual(whole.table)
  })

  it('learns: answering in time, which brings most, becomes the rule', async () => {
    // Gradients of a table are small, and plain descent needs large steps.
    const eager: TrainConfig = { ...config, k: 8, learning_rate: 10, beta: 0 }
    const model = await begun(eager)
    const results = await makeSteps(model, 0, 24, eager)
    const mean = (of: StepResult[], value: (result: StepResult) => number) => of.reduce((sum, result) => sum + value(result), 0) / of.length
    const [first, last] = [results.slice(0, 4), results.slice(-4)]
    expect(mean(first, ({ metrics }) => metrics.answered)).toBeLessThan(0.9)
    expect(mean(last, ({ metrics }) => metrics.answered)).toBeGreaterThan(0.97)
    expect(mean(last, ({ metrics }) => metrics.reward)).toBeGreaterThan(mean(first, ({ metrics }) => metrics.reward) + 0.15)
  })

  it('learns nothing where all rewards are equal, and says so', async () => {
    const none = { ...rewardPresets.paper, task: 0, context: 0, memory: 0, penalty: { rounds: 0, context: 0 } }
    const flat: TrainConfig = { ...config, reward: { preset: null, weights: none } }
    const model = await begun(flat)
    const { metrics } = await oneStep(stateAt(0, flat), model, hooks())
    expect(model.updates).toEqual([])
    expect(model.table).toEqual(freshTable())
    expect(metrics).toMatchObject({ frac_reward_zero_std: 1, loss: null, grad_norm: null, kl: null, updates: { applied: 0, skipped: 0 }, tokens: { packed: 0, loss: 0 } })
    expect(metrics.sequences.without_variance).toBeGreaterThanOrEqual(8)
    expect(metrics.warnings.map(({ kind }) => kind)).toContain('no-variance')
  })

  it('leaves an update that is not finite out, and says so', async () => {
    const model = await begun()
    const score = model.score.bind(model)
    // The reference model gives what no log-probability can be.
    model.score = async (sequences, of) => (await score(sequences, of)).map((row) => row.fill(NaN))
    const { metrics } = await oneStep(stateAt(0), model, hooks())
    expect(metrics).toMatchObject({ updates: { applied: 0, skipped: 1 }, loss: null, grad_norm: null })
    expect(metrics.warnings.map(({ kind }) => kind)).toEqual(['not-finite'])
    expect(model.table).toEqual(freshTable())
    expect(stepMetricsSchema.safeParse(metrics).success).toBe(true)
  })

  it('has no mean of ratios that are beyond counting, and can be read again', async () => {
    const model = await begun()
    const update = model.update.bind(model)
    model.update = async (sequences, settings) => ({ ...(await update(sequences, settings)), mean_ratio: Infinity })
    const { metrics } = await oneStep(stateAt(0), model, hooks())
    expect(metrics).toMatchObject({ updates: { applied: 1 }, mean_ratio: null })
    expect(stepMetricsSchema.parse(JSON.parse(JSON.stringify(metrics)))).toEqual(metrics)
  })

  it('takes several steps on the same rollouts, with the reference asked once', async () => {
    const several: TrainConfig = { ...config, epochs: 3 }
    const model = await begun(several)
    let asked = 0
    const score = model.score.bind(model)
    model.score = (sequences, of) => {
      asked++
      return score(sequences, of)
    }
    const { metrics } = await oneStep(stateAt(0, several), model, hooks())
    expect(metrics.updates.applied).toBe(3)
    expect([asked, model.updates.length, new Set(model.updates.map(({ sequences }) => sequences)).size]).toEqual([1, 3, 1])
    // Only the first was on the policy that sampled: there ρ is 1 to the sixth place.
    expect(Math.abs((metrics.mean_ratio ?? 1) - 1)).toBeGreaterThan(1e-5)
  })

  it('does not ask the reference when β is 0', async () => {
    const free: TrainConfig = { ...config, beta: 0 }
    const model = await begun(free)
    model.score = () => Promise.reject(new Error('asked'))
    const { metrics } = await oneStep(stateAt(0, free), model, hooks())
    expect(metrics).toMatchObject({ kl: null, updates: { applied: 1 } })
  })

  it('can be stopped until the update, and then nothing has changed', async () => {
    for (const part of ['rollout', 'scoring'] as const) {
      const abort = new AbortController()
      const model = await begun()
      const onProgress = (progress: StepProgress) => {
        if (progress.part === part && (part === 'scoring' || progress.share > 0.3)) abort.abort()
      }
      await expect(oneStep(stateAt(0), model, hooks({ signal: abort.signal, onProgress }))).rejects.toMatchObject({ name: 'AbortError' })
      expect([model.table, model.updates]).toEqual([freshTable(), []])
    }
  })

  it('fails in words when the model does', async () => {
    const model = await begun()
    const open = model.open.bind(model)
    let rounds = 0
    model.open = (options: StreamOptions) => {
      const stream = open(options)
      return { ...stream, serve: (asked) => (++rounds > 3 ? Promise.reject(new Error('The worker is gone.')) : stream.serve(asked)) }
    }
    await expect(oneStep(stateAt(0), model, hooks())).rejects.toThrow(/The episode of task world-train-1-0-\w+ failed: The worker is gone\./)
  })

  it('tells how far it is: parts in order, shares that rise to 1', async () => {
    const told: StepProgress[] = []
    await oneStep(stateAt(4), await begun(), hooks({ onProgress: (progress) => told.push(progress) }))
    const parts = told.map(({ part }) => part)
    expect(parts).toEqual([...parts].sort((a, b) => ['rollout', 'scoring', 'update'].indexOf(a) - ['rollout', 'scoring', 'update'].indexOf(b)))
    for (const part of ['rollout', 'update'] as const) {
      const shares = told.filter((each) => each.part === part).map(({ share }) => share)
      expect(shares).toEqual([...shares].sort((a, b) => a - b))
      expect(shares[0]).toBe(0)
    }
    expect(told.at(-1)).toMatchObject({ step: 5, part: 'update', share: 1 })
    const played = told.filter(({ part }) => part === 'rollout')
    expect(played.at(-1)?.share).toBeGreaterThan(0.9)
    expect(played.at(-1)?.tokens).toBeGreaterThan(100)
  })

  it('counts what took how long', async () => {
    const { metrics } = await oneStep(stateAt(0), await begun(), hooks())
    const { rollout, scoring, update, other, total } = metrics.seconds
    // Looks at the clock: one a part at its beginning and end (scoring twice), one at each end of the step.
    expect([rollout, scoring, update]).toEqual([0.001, 0.002, 0.001])
    expect(rollout + scoring + update + other).toBeCloseTo(total, 12)
  })
})

it('the fixture takes the gradient that is worked out by hand', async () => {
  const model = await begun()
  const [user, mark] = tableEncoder.encode('«user»«assistant»')
  // Two thoughts are equally likely but for «Well.» at e^−3: p = 1 / (2 + e^−3) = 0.4879 each, 0.0243.
  const sequence = { ids: [user ?? 0, mark ?? 0, 1], targets: [{ index: 2, weight: 1, oldLogp: Math.log(0.48785), refLogp: Math.log(0.48785), advantage: 2 }] }
  await model.update([sequence], { learningRate: 0.1, maxNorm: Infinity, beta: 0 })
  const row = model.table.get(mark ?? 0) ?? []
  // θ + 0.1 · 2 · (1 − p) and θ − 0.1 · 2 · p.
  expect(row[1]).toBeCloseTo(0.2 * (1 - 0.48785), 4)
  expect(row[2]).toBeCloseTo(-0.2 * 0.48785, 4)
  expect(row[8]).toBeCloseTo(-3 - 0.2 * 0.02429, 4)
  expect(tableEncoder.encode(endMark)).toEqual([0])
})
