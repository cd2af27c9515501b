// The training on the page: beginning, going on, ending, and what is said when it cannot go on.
import { describe, expect, it } from 'vitest'
import { miraTask, trajectoryOf } from '../../core/episode/fixture.ts'
import { trainPresets } from '../../core/training/config.ts'
import type { ModelSource } from '../../core/policy/model.ts'
import type { RunRecord, RunStore } from '../../core/training/runs.ts'
import type { TrainEvent, TrainingApi, TrainRequest, TrainUntil } from '../../rpc/training.ts'
import { stepFixture } from './run-fixture.ts'
import { WorkerLostError } from '../../rpc/worker-lost-error.ts'
import { createRunsStore } from './runs.ts'
import { createTrainingStore, nameOf, presetOf } from './training.ts'

const nano: ModelSource = { kind: 'url', name: 'nano', url: 'http://here/nano/' }

/** A training that the test drives: it tells events and ends when it is told to. */
function driven(kept: RunRecord[] = []) {
  const calls: { request: TrainRequest; until: TrainUntil; tell: (events: TrainEvent[]) => void; end: (record: RunRecord) => void; fail: (error: Error) => void }[] = []
  const told: string[] = []
  const training: TrainingApi = {
    train: (request, until, tell) => new Promise((end, fail) => calls.push({ request, until, tell, end, fail })),
    pause: () => {
      told.push('pause')
      return Promise.resolve()
    },
    stop: () => {
      told.push('stop')
      return Promise.resolve()
    },
    compare: () => Promise.reject(new Error('not in this test')),
    experiment: () => Promise.reject(new Error('not in this test')),
    replay: () => Promise.reject(new Error('not in this test')),
    viewUpdate: () => Promise.reject(new Error('not in this test')),
  }
  const nothing = () => Promise.reject(new Error('not in this test'))
  const store: RunStore = {
    putRun: nothing,
    discard: nothing,
    sweep: nothing,
    getRun: nothing,
    putStep: nothing,
    rollouts: nothing,
    rolloutRows: nothing,
    putEvaluation: nothing,
    putCheckpoint: nothing,
    updateCheckpoint: nothing,
    checkpointState: nothing,
    deleteRun: nothing,
    deleteCheckpoint: nothing,
    listRuns: () => Promise.resolve(kept),
    checkpoints: () => Promise.resolve([]),
    steps: () => Promise.resolve([]),
    evaluations: () => Promise.resolve([]),
  }
  const runs = createRunsStore({ memory: () => ({ runs: store }) }, () => undefined, () => 0)
  const ended: string[] = []
  const page = createTrainingStore({ lab: () => ({ training }) }, runs, { source: nano, sources: () => [nano], newKey: () => 'new', onEnd: ({ key }) => ended.push(key) })
  return { page, runs, calls, told, ended }
}

const record = (given: Partial<RunRecord> = {}): RunRecord => ({ key: 'new', name: 'quick 1', created: 1, model: 'nano', model_url: null, config: trainPresets.quick, steps: 0, status: 'running', note: null, ...given })

describe('a new run', () => {
  it('is shown from its first moment and follows the training', async () => {
    const { page, runs, calls, ended } = driven()
    const begun = page.getState().begin('end')
    const [call] = calls
    expect(call?.request).toEqual({ run: 'new', name: 'quick 1', source: nano, config: trainPresets.quick, from: null })
    expect(runs.getState().shown).toBe('new')
    call?.tell([{ type: 'run', run: 'new', record: record() }, { type: 'progress', run: 'new', step: 1, part: 'rollout', share: 0.5 }])
    expect(page.getState().live).toMatchObject({ phase: 'training', step: 1, part: 'rollout', share: 0.5 })
    call?.tell([{ type: 'step', run: 'new', metrics: stepFixture(1), saved: false }])
    expect(page.getState().unsaved).toBe(true)
    expect(runs.getState().data['new']).toMatchObject({ state: 'ready', steps: [{ step: 1 }] })
    call?.end(record({ steps: 1, status: 'paused' }))
    await begun
    expect(page.getState().live).toBeNull()
    expect(runs.getState().runs).toMatchObject([{ steps: 1, status: 'paused' }])
    expect(ended).toEqual(['new'])
  })

  it('has the rollout under way, step by step, with what it earned once the update is made', async () => {
    const { page, calls } = driven()
    void page.getState().begin('end')
    const whole = trajectoryOf({ task: miraTask(), steps: [{ phase: 'build', says: 'Mira lives in Tarn.', calls: [] }, { phase: 'answer', says: 'Where?', answer: 'Tarn' }] })
    const id = { run: 'new', batch: 1, task: whole.task.id, rollout: 0 }
    const [first, second] = whole.steps
    if (!first || !second) throw new Error('The episode has two steps.')
    const tell = (...events: TrainEvent[]) => calls[0]?.tell(events)
    tell({ type: 'watched', run: 'new', trajectory: { ...whole, id, status: 'running', answer: null, steps: [] } }, { type: 'watched-step', run: 'new', step: first })
    expect(page.getState().watched).toMatchObject({ run: 'new', outcome: null, trajectory: { status: 'running', steps: [first] } })
    tell({ type: 'watched-step', run: 'new', step: second }, { type: 'watched-end', run: 'new', end: { status: 'complete', stop: 'answered', failure: null, answer: 'Tarn' } })
    expect(page.getState().watched?.trajectory).toEqual({ ...whole, id, status: 'complete', stop: 'answered', failure: null, answer: 'Tarn' })
    const group = { rollouts: [0, 1], rewards: [0.7, 0.1], advantages: [1, -1], mean: 0.4, std: 0.3, zero_variance: false }
    tell({ type: 'step', run: 'new', metrics: stepFixture(1, { groups: [{ ...group, task: 'another' }] }), saved: true })
    expect(page.getState().watched?.outcome).toBeNull()
    tell({ type: 'step', run: 'new', metrics: stepFixture(1, { groups: [{ ...group, task: id.task }] }), saved: true })
    expect(page.getState().watched?.outcome).toEqual({ reward: 0.7, advantage: 1 })
  })

  it('remembers how fast it goes, for the next plan', () => {
    const { page, calls } = driven()
    void page.getState().begin('end')
    expect(page.getState().paces).toEqual({})
    calls[0]?.tell([{ type: 'run', run: 'new', record: record() }, { type: 'step', run: 'new', metrics: stepFixture(1, { seconds: { rollout: 6, scoring: 0, update: 2, other: 0, total: 8 } }), saved: true }])
    // 4 tasks × 8 rollouts of 8 messages.
    expect(page.getState().paces['nano']).toEqual({ rollout: 6 / 256, update: 2 / 256, evaluation: 6 / 256 })
  })

  it('leaves the plan on show when it failed before there was anything to keep', async () => {
    const { page, runs, calls } = driven()
    const begun = page.getState().begin('end')
    calls[0]?.fail(new Error('The model needs 4 GB.'))
    await begun
    expect(page.getState()).toMatchObject({ live: null, problem: { run: 'new', message: 'The model needs 4 GB.' } })
    expect(runs.getState().shown).toBeNull()
  })

  it('does not begin while another one is under way', () => {
    const { page, calls } = driven()
    void page.getState().begin('end')
    void page.getState().begin('step')
    expect(calls).toHaveLength(1)
  })

  it('pauses and stops', () => {
    const { page, told } = driven()
    void page.getState().begin('end')
    page.getState().pause()
    expect(page.getState().live?.phase).toBe('pausing')
    page.getState().stop()
    expect(page.getState().live?.phase).toBe('stopping')
    expect(told).toEqual(['pause', 'stop'])
  })
})

describe('resuming', () => {
  it('goes on with the same plan, and beyond it once it is done', async () => {
    const open = record({ key: 'a', steps: 10 })
    const done = record({ key: 'b', steps: 60, config: { ...trainPresets.quick, steps: 60 } })
    const { page, runs, calls } = driven([open, done])
    await runs.getState().refresh()
    void page.getState().resume('a', 'end')
    expect(calls[0]?.request.config).toEqual(open.config)
    calls[0]?.end(open)
    await Promise.resolve()
    await Promise.resolve()
    void page.getState().resume('b', 'end')
    expect(calls[1]?.request.config.steps).toBe(90)
  })

  it('finds the model by its address, or says what to do', async () => {
    const { page, runs, calls } = driven([record({ key: 'a', model: 'big', model_url: 'http://there/big/' }), record({ key: 'b', model: 'mine' })])
    await runs.getState().refresh()
    await page.getState().resume('b', 'end')
    expect(page.getState().problem?.message).toContain('“mine”')
    void page.getState().resume('a', 'step')
    expect(calls[0]?.request.source).toEqual({ kind: 'url', name: 'big', url: 'http://there/big/' })
  })

  it('ends with a word when the worker dies', () => {
    const { page } = driven()
    void page.getState().begin('end')
    page.getState().lost()
    expect(page.getState().live).toBeNull()
    expect(page.getState().problem?.message).toContain('resume')
    page.getState().restarted()
    expect(page.getState().problem).toBeNull()
  })

  it('is blamed for nothing that a restart has cured, and for the rest still', async () => {
    for (const [error, left] of [[new WorkerLostError('lab', 'it has stopped'), null], [new Error('The model needs 4 GB.'), 'The model needs 4 GB.']] as const) {
      const { page, calls } = driven()
      const begun = page.getState().begin('end')
      calls[0]?.fail(error)
      await begun
      expect(page.getState().problem?.message).toBe(error.message)
      page.getState().restarted()
      expect(page.getState().problem?.message ?? null).toBe(left)
    }
  })
})

describe('plans', () => {
  it('refuse what cannot be', () => {
    const { page } = driven()
    page.getState().setPlan({ k: 1 })
    expect(page.getState().plan.k).toBe(trainPresets.quick.k)
  })
  it('are known as presets, whatever their seed', () => {
    expect(presetOf({ ...trainPresets.paper, seed: 99 })).toBe('paper')
    expect(presetOf({ ...trainPresets.quick, beta: 0.5 })).toBeNull()
    expect(nameOf(trainPresets.quick, [{ name: 'quick 1' }, { name: 'quick 3' }])).toBe('quick 2')
  })
})
