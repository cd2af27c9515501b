import { describe, expect, it } from 'vitest'
import { trainPresets } from '../core/training/config.ts'
import { evaluationMetrics, rolloutsOf, runRecord, stepMetrics } from '../core/training/runs.fixture.ts'
import type { RunRecord } from '../core/training/runs.ts'
import type { CompareRequest, TrainRequest, TrainUntil } from '../rpc/training.ts'
import { createTrainingConsole, planOf } from './console-training.ts'
import { workspaceFixture } from './state/training-workspace.fixture.ts'

describe('planOf', () => {
  it('is a preset as it is, and quick where none is named', () => {
    const quick = { steps: 46, k: 8, beta: 0.05, schedule: 'linear', clip: { low: 0.2, high: 0.28 }, aggregation: 'token-mean', exploration: { temperature: 1.3, steps: 25 } }
    expect(planOf({})).toMatchObject(quick)
    expect(planOf({ preset: 'quick', until: 'step' })).toMatchObject(quick)
    expect(planOf({ preset: 'paper' })).toMatchObject({ steps: 200, k: 8, beta: 0.1, schedule: 'constant', clip: null, aggregation: 'sequence-mean', exploration: null, reward: { preset: 'paper' } })
    expect(planOf({ preset: 'answer-only' })).toMatchObject({ ...quick, reward: { preset: 'answer-only', weights: { task: 1, context: 0, memory: 0 } } })
    expect(Object.keys(planOf({ preset: 'paper', until: 'step', run: 'a' })).sort()).toEqual(Object.keys(trainPresets.paper).sort())
  })

  it('has what was given in place of the preset’s', () => {
    expect(planOf({ seed: 7, steps: 3, schedule: 'constant' })).toEqual({ ...trainPresets.quick, seed: 7, steps: 3, schedule: 'constant' })
  })

  it('refuses what is not a setting, or not its value', () => {
    expect(() => planOf({ k: 1 })).toThrow('train: k: needs a whole number from 2 to 64, not 1.')
    expect(() => planOf(JSON.parse('{"learning_rte": 1}'))).toThrow('train: has what is not known here: "learning_rte".')
  })
})

describe('the console', () => {
  function page(end: (request: TrainRequest) => RunRecord | Error = ({ run, config }) => runRecord(run, { config, status: 'finished' })) {
    const asked: { request: TrainRequest; until: TrainUntil }[] = []
    const compared: CompareRequest[] = []
    const parts = workspaceFixture({
      training: {
        async train(request, until) {
          asked.push({ request, until })
          const ended = end(request)
          if (ended instanceof Error) throw ended
          await parts.store.putRun(ended)
          return ended
        },
        compare: (request) => {
          compared.push(request)
          return Promise.resolve([])
        },
      },
    })
    return { ...parts, asked, compared, agemem: createTrainingConsole(parts) }
  }

  it('trains a new run as planned and gives it back', async () => {
    const { agemem, asked } = page()
    expect(await agemem.train({ preset: 'paper', steps: 3, until: 'step' })).toMatchObject({ key: 'new', status: 'finished', config: { steps: 3 } })
    expect(asked).toEqual([{ request: expect.objectContaining({ run: 'new', from: null, config: expect.objectContaining({ steps: 3, beta: 0.1 }) }), until: 'step' }])
  })
  it('goes on with a run that is named, as it was planned', async () => {
    const { agemem, asked, store } = page()
    await store.putRun(runRecord('a', { steps: 2, status: 'paused', config: { ...trainPresets.quick, steps: 9 } }))
    expect(await agemem.train({ run: 'a' })).toMatchObject({ key: 'a', status: 'finished' })
    expect(asked).toEqual([{ request: expect.objectContaining({ run: 'a', config: expect.objectContaining({ steps: 9 }) }), until: 'end' }])
  })
  it('says why there is no training', async () => {
    const { agemem } = page(() => new Error('The model needs 4 GB.'))
    await expect(agemem.train()).rejects.toThrow('The model needs 4 GB.')
    const other = page()
    await expect(other.agemem.train({ run: 'nowhere' })).rejects.toThrow('There is no such run.')
    other.workspace.training.setState({ live: { run: 'x', until: 'end', phase: 'training', loading: null, step: 1, part: null, share: 0 } })
    await expect(other.agemem.train()).rejects.toThrow('under way')
    expect(other.asked).toEqual([])
  })
  it('teaches what was given, on the tasks and with the limits that the plan then has', async () => {
    const { agemem, asked, workspace } = page()
    const { episode } = trainPresets.paper
    expect(await agemem.teach({ steps: 5, seed: 9, episode, teacher: { name: 'oracle' } })).toMatchObject({ key: 'new', status: 'finished' })
    const { lesson, plan } = workspace.training.getState()
    expect(lesson).toMatchObject({ steps: 5, teacher: { name: 'oracle' } })
    expect(plan).toMatchObject({ seed: 9, episode, tasks: trainPresets.quick.tasks })
    expect(asked).toMatchObject([{ request: { run: 'new', from: null, supervised: { steps: 5, seed: 9, episode, tasks: plan.tasks, teacher: { name: 'oracle', habits: lesson.teacher.habits } } }, until: 'end' }])
    await expect(agemem.teach({ steps: 0 })).rejects.toThrow('teach: steps')
  })
  it('compares on the held-out tasks of quick where nothing else is said', async () => {
    const { agemem, compared } = page()
    await agemem.evaluate()
    await agemem.evaluate({ adapters: [null, 'c'], tasks: 64, seed: 5, temperature: 0 })
    expect(compared).toMatchObject([
      { players: [{ name: 'model', adapter: null }], tasks: 24, seed: 2601, config: { evaluation: { temperature: 1 } } },
      { players: [{ adapter: null }, { adapter: 'c' }], tasks: 64, seed: 5, config: { evaluation: { temperature: 0 } } },
    ])
  })
  it('gives what was measured of a run, and its rollouts', async () => {
    const { agemem, store } = page()
    await store.putStep(runRecord('a', { steps: 1 }), stepMetrics(1), rolloutsOf('a', 1))
    await store.putEvaluation('a', evaluationMetrics(0))
    expect(await agemem.exportRun('a')).toEqual({ run: runRecord('a', { steps: 1 }), steps: [stepMetrics(1)], evaluations: [evaluationMetrics(0)] })
    expect(await agemem.exportRun('b')).toBeNull()
    expect(await agemem.rollouts('a', 1)).toEqual(rolloutsOf('a', 1))
  })
  it('plays with an adapter', () => {
    const { agemem, config } = page()
    agemem.loadAdapter('c')
    expect(config.getState()).toMatchObject({ policy: 'nano', adapter: 'c' })
  })
})
