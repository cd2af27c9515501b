import { questionIn } from '../environments/question/task.ts'
import { describe, expect, it } from 'vitest'
import { fit, misfitWords } from '../fit.ts'
import { evaluationDue } from './held-out.ts'
import { learningRateAt, temperatureAt, trainConfigSchema, trainPresetNames, trainPresets, type TrainConfig } from './config.ts'
import { evaluationTasks, lessonOfStep, tasksOfStep } from './tasks-of-step.ts'
import { noDataSets } from '../environments/family.ts'
import { difficultyIn } from '../environments/question/training-tasks.ts'
import { quickTasks, quickWorld } from './tasks.fixture.ts'

describe('presets', () => {
  it.each(trainPresetNames)('%s is a configuration', (name) => {
    expect(trainConfigSchema.parse(JSON.parse(JSON.stringify(trainPresets[name])))).toEqual(trainPresets[name])
  })
  it('paper has the constants of the paper', () => {
    expect(trainPresets.paper).toMatchObject({ k: 8, beta: 0.1, clip: null, advantage: { form: 'sample' }, credit: 'broadcast', episode: { t_max: 8192, response_limit: 2048, theta: 0.6 } })
    const { task, context, memory } = trainPresets.paper.reward.weights
    expect([task, context, memory]).toEqual([1 / 3, 1 / 3, 1 / 3])
  })
  it('trains agents whose replies are the policy’s own, and says so of others', () => {
    expect(fit(trainConfigSchema, { ...trainPresets.quick, agent: 'agemem-rag' }).success).toBe(true)
    const read = fit(trainConfigSchema, { ...trainPresets.quick, agent: 'mem0' })
    expect(read.success ? null : misfitWords(read.misfit)).toBe('agent: a policy that only answers has nothing to train: take agemem or agemem-rag')
  })
  it('quick shares the whole reward out', () => {
    const { task, context, memory, alpha, beta } = trainPresets.quick.reward.weights
    for (const shares of [[task, context, memory], Object.values(alpha), Object.values(beta)]) expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
    // The answer weighs most; prevention and maintenance most within their terms.
    expect([task > context + memory, alpha.preventive > alpha.compression + alpha.preservation, beta.maintenance > Math.max(beta.storage, beta.relevance)]).toEqual([true, true, true])
  })
  it('answer-only differs from quick in the reward alone', () => {
    expect({ ...trainPresets['answer-only'], reward: null }).toEqual({ ...trainPresets.quick, reward: null })
    expect(trainPresets['answer-only'].reward.weights).toMatchObject({ task: 1, context: 0, memory: 0 })
  })
  it('refuses groups of one', () => {
    expect(trainConfigSchema.safeParse({ ...trainPresets.quick, k: 1 }).success).toBe(false)
  })
})

it('the learning rate rises in the steps of warm-up', () => {
  const constant = { learning_rate: 0.8, warm_up_steps: 3, schedule: 'constant', steps: 10 } as const
  const rates = (config: Parameters<typeof learningRateAt>[0], ...steps: number[]) => steps.map((step) => learningRateAt(config, step))
  expect(rates(constant, 1, 2, 3, 4, 5, 100)).toEqual([0.2, 0.4, expect.closeTo(0.6, 12), 0.8, 0.8, 0.8])
  expect(learningRateAt({ ...constant, warm_up_steps: 0 }, 1)).toBe(0.8)
  // From step 4 to step 10 it falls by nine tenths, and beyond it stays.
  const falling = { ...constant, schedule: 'linear' } as const
  expect(rates(falling, 1, 4)).toEqual([0.2, 0.8])
  expect(rates(falling, 7, 10, 100)).toEqual([0.44, 0.08, 0.08].map((rate) => expect.closeTo(rate, 12)))
})

it('the temperature goes from that of the first step to the usual one', () => {
  const { episode } = trainPresets.quick
  const of = (exploration: TrainConfig['exploration'], ...steps: number[]) => steps.map((step) => temperatureAt({ exploration, episode: { ...episode, temperature: 0.8 } }, step))
  expect(of({ temperature: 1.2, steps: 4 }, 1, 2, 3, 4, 5, 6, 100)).toEqual([1.2, 1.1, 1, 0.9, 0.8, 0.8, 0.8].map((value) => expect.closeTo(value, 12)))
  expect(of(null, 1, 2, 100)).toEqual([0.8, 0.8, 0.8])
})

it('a configuration of before there was exploration is read as one without', () => {
  const { exploration: _, ...before } = trainPresets.paper
  expect(trainConfigSchema.parse(before).exploration).toBeNull()
})

describe('tasks', () => {
  const config: TrainConfig = { ...trainPresets.quick, steps: 8, b: 2, tasks: quickTasks({}, 'progressive') }
  const { difficulty: updates } = quickWorld({ update_share: 1 })

  it('the curriculum goes from storing over resisting to everything', () => {
    expect([1, 2, 3, 4, 5, 8, 20].map((step) => lessonOfStep(config, step))).toEqual(['build', 'build', 'resist', 'resist', 'all', 'all', 'all'])
    expect(lessonOfStep({ ...config, tasks: quickTasks() }, 1)).toBe('all')
  })
  it('each part brings what it names', async () => {
    const of = { ...config, b: 20, tasks: quickTasks({ update_share: 1 }, 'progressive') }
    const [build, resist, all] = await Promise.all([1, 3, 5].map(async (step) => (await tasksOfStep(of, step, noDataSets)).map(({ task }) => questionIn(task))))
    const kinds = (tasks: typeof build) => [...new Set(tasks?.map(({ kind }) => kind))].sort()
    expect(kinds(build)).toEqual(['comparison', 'one-hop', 'two-hop'])
    expect(kinds(resist)).toEqual(['comparison', 'one-hop', 'two-hop'])
    expect(kinds(all)).toEqual(['comparison', 'one-hop', 'two-hop', 'update'])
    expect(build?.every((task) => task.resist.length === 0)).toBe(true)
    for (const tasks of [resist, all]) expect(tasks?.every((task) => task.resist.length === updates.distractors)).toBe(true)
    for (const tasks of [build, resist, all]) expect(tasks?.every((task) => task.build.some(({ kind }) => kind === 'correction'))).toBe(true)
  })
  it('without other questions than those about corrections, the easy parts ask them', () => {
    expect(difficultyIn('build', { ...updates, one_hop: 0, two_hop: 0, comparison: 0, update: 1 })).toMatchObject({ update: 1, update_share: 1, distractors: 0 })
  })
  it('follow from seed and step alone, and never come twice', async () => {
    expect(await tasksOfStep(config, 7, noDataSets)).toEqual(await tasksOfStep(config, 7, noDataSets))
    const ids = (await Promise.all([1, 2, 3, 4, 5, 6].map((step) => tasksOfStep(config, step, noDataSets)))).flat().map(({ task }) => task.id)
    expect(new Set(ids).size).toBe(12)
    const [one, other] = await Promise.all([1, 2].map(async (seed) => (await tasksOfStep({ ...config, seed }, 7, noDataSets)).map(({ task }) => questionIn(task))))
    expect(one?.[0]?.query).not.toBe(other?.[0]?.query)
  })
  it('of evaluations are held out and always the same', async () => {
    const tasks = await evaluationTasks(config, noDataSets)
    expect(tasks).toHaveLength(config.evaluation.tasks)
    expect(tasks.every(({ task }) => task.split === 'held-out')).toBe(true)
    expect(await evaluationTasks({ ...config, evaluation: { ...config.evaluation, every: 3 } }, noDataSets)).toEqual(tasks)
  })
  it('evaluation is due before, every n steps and at the end', () => {
    const due = (every: number) => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((step) => evaluationDue({ evaluation: { every, tasks: 1, seed: 0 }, steps: 8 }, step))
    expect(due(3)).toEqual([0, 3, 6, 8, 9])
    expect(due(0)).toEqual([])
  })
})
