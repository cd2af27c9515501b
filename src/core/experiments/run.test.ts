import { describe, expect, it } from 'vitest'
import { noDataSets } from '../environments/family.ts'
import { isQuestion } from '../environments/question/task.ts'
import { scriptedPolicy } from '../demonstrations/scripted.ts'
import { wordCounter } from '../policy/word-counter.ts'
import { trainPresets } from '../training/config.ts'
import { resultOf } from './cell.fixture.ts'
import { experiments } from './experiments.ts'
import type { ExperimentResult, ExperimentTrained } from './result.ts'
import { isFinished, runExperiment, type ExperimentParts, type ExperimentPolicy, type ExperimentProgress } from './run.ts'
import { sameTraining, trainingConfig } from './trainings.ts'

/** What a training leaves here: the policy stores all of it, and forgets nothing. */
const policyNamed = (name: 'oracle' | 'store-none'): ExperimentPolicy => ({
  spec: { kind: 'scripted', name },
  id: { run: name, batch: 0 },
  policyFor: (taskOf) => {
    const find = (thread: string) => {
      const task = taskOf(thread)
      return task && isQuestion(task) ? task : undefined
    }
    return { ...scriptedPolicy(name, find), counter: wordCounter }
  },
})

function partsOf(more: Partial<ExperimentParts> = {}) {
  const kept: ExperimentResult[] = []
  const told: ExperimentProgress[] = []
  const parts: ExperimentParts = {
    policy: (trained) => Promise.resolve(policyNamed(trained ? 'oracle' : 'store-none')),
    train(training, seed, onStep) {
      onStep(1, 2)
      onStep(2, 2)
      const made: ExperimentTrained = { training, seed, steps: 2, seconds: 1, adapter: { key: `${training}/${seed}`, name: training, hash: null }, points: [] }
      return Promise.resolve(made)
    },
    stepsOf: () => 2,
    data: noDataSets,
    now: () => 0,
    signal: new AbortController().signal,
    pausing: () => false,
    tell: (progress) => { told.push(progress) },
    keep: async (result) => { await Promise.resolve(kept.push(result)) },
    ...more,
  }
  return { parts, kept, told }
}

const { tools } = experiments
const begun = () => resultOf('tools', ['agemem', 'agemem-grpo'], [], { data: [{ name: 'lesson', choice: trainPresets.quick.tasks }] })

describe('running an experiment', { timeout: 60_000 }, () => {
  it('plays the same held-out tasks in each arm, others with each seed, and trains once a seed', async () => {
    const { parts, told } = partsOf()
    const result = await runExperiment(tools, begun(), parts)
    expect(isFinished(tools, result)).toBe(true)
    expect(result.cells.map(({ arm, seed }) => `${arm} ${seed}`)).toEqual(['agemem 1', 'agemem-grpo 1', 'agemem 2', 'agemem-grpo 2'])
    const [first, second, third] = result.cells
    expect(first?.tasks).toEqual(second?.tasks)
    expect(first?.tasks).toHaveLength(3)
    expect(first?.tasks.some((task) => third?.tasks.includes(task))).toBe(false)
    expect(result.trainings.map(({ training, seed }) => `${training} ${seed}`)).toEqual(['all-returns 1', 'all-returns 2'])
    // The oracle corrects what the other one does not keep.
    expect(second?.values['update']?.every((count) => count === 1)).toBe(true)
    // What the first and the third ask for has changed: the oracle has the present value, the other none.
    expect([first, second].map((cell) => cell?.values['currency'])).toEqual([[0, null, 0], [1, null, 1]])
    expect(second?.values['add']).not.toEqual(first?.values['add'])
    expect(told.at(-1)).toMatchObject({ cells: { done: 4, of: 4 }, steps: { done: 4, of: 4 } })
  })

  it('goes on from what is kept, and comes to the same', async () => {
    const whole = await runExperiment(tools, begun(), partsOf().parts)
    let cells = 0
    const first = partsOf({ pausing: () => cells >= 2 })
    const { keep } = first.parts
    const half = await runExperiment(tools, begun(), { ...first.parts, async keep(result) {
      cells = result.cells.length
      await keep(result)
    } })
    expect(half.cells).toHaveLength(2)
    expect(first.kept.at(-1)).toEqual(half)
    expect(isFinished(tools, half)).toBe(false)
    let trained = 0
    const { parts } = partsOf()
    const rest = await runExperiment(tools, half, { ...parts, train: (...given) => (trained++, parts.train(...given)) })
    expect(rest).toEqual(whole)
    expect(trained).toBe(1)
  })

  it('ends when it is stopped, and when a training was paused', async () => {
    const stopped = new AbortController()
    const { parts, kept } = partsOf({ signal: stopped.signal, tell: ({ doing }) => { if (doing.kind === 'training') stopped.abort() } })
    await expect(runExperiment(tools, begun(), parts)).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
    expect(kept.at(-1)?.cells).toHaveLength(1)
    const paused = await runExperiment(tools, begun(), partsOf({ train: () => Promise.resolve(null) }).parts)
    expect(paused).toMatchObject({ cells: [{ arm: 'agemem', seed: 1 }], trainings: [] })
  })
})

describe('trainings', () => {
  it('are the presets, but for what the ablation is of', () => {
    const config = trainingConfig('answer-only', 'quick', 7, null)
    expect(config).toEqual({ ...trainPresets['answer-only'], seed: 7, evaluation: { ...trainPresets.quick.evaluation, every: 0 } })
    expect(trainingConfig('ltm-only', 'quick', 1, 3)).toMatchObject({ agent: 'agemem-rag', steps: 3 })
  })

  it('are the same whatever they were evaluated with on the way', () => {
    const config = trainingConfig('all-returns', 'quick', 1, null)
    expect(sameTraining(config, trainPresets.quick)).toBe(true)
    expect(sameTraining(config, { ...trainPresets.quick, seed: 2 })).toBe(false)
    expect(sameTraining(config, trainPresets['answer-only'])).toBe(false)
  })
})
