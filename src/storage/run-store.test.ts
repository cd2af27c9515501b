// Training runs on the disk, and when it fails; what every store of runs must do is in core/training/runs.contract.test-suite.ts.
import { IDBKeyRange } from 'fake-indexeddb'
import { afterEach, describe, expect, it } from 'vitest'
import { add, miraTask, trajectoryOf } from '../core/episode/fixture.ts'
import { describeRunStore } from '../core/training/runs.contract.test-suite.ts'
import { adapterState, checkpoint, checkpointRecord, evaluationMetrics, rolloutsOf, runRecord, stepMetrics } from '../core/training/runs.fixture.ts'
import { oldStep } from '../core/training/old-step.fixture.ts'
import { PlaygroundDatabase } from './database.ts'
import { Disk, failWrites, tabWithoutDatabase } from './fixture.ts'
import type { Storage } from './storage.ts'

let restore = () => undefined as void
afterEach(() => { restore() })

const putStep = (tab: Storage, step: number, run = 'a') =>
  tab.runs.putStep(runRecord(run, { steps: step }), stepMetrics(step), rolloutsOf(run, step), checkpoint(`${run}${step}`, run, { step, created: step }))

/** Everything that can be read of a run. */
async function everything(tab: Storage, run = 'a') {
  const steps = await tab.runs.steps(run)
  return {
    run: await tab.runs.getRun(run),
    steps: steps.map(({ step }) => step),
    rollouts: await Promise.all(steps.map(async ({ step }) => (await tab.runs.rollouts(run, step)).length)),
    evaluations: (await tab.runs.evaluations(run)).map(({ step }) => step),
    checkpoints: await Promise.all((await tab.runs.checkpoints(run)).map(async ({ key }) => `${key} ${(await tab.runs.checkpointState(key))?.step ?? 'lost'}`)),
  }
}

async function raw(disk: Disk, work: (db: PlaygroundDatabase) => Promise<unknown>): Promise<void> {
  const db = new PlaygroundDatabase('test', { indexedDB: disk.indexedDB, IDBKeyRange })
  await db.open()
  await work(db)
  db.close()
}

describeRunStore('DexieRunStore', () => Promise.resolve(new Disk().tab().runs))
describeRunStore('DexieRunStore without a database', () => Promise.resolve(tabWithoutDatabase().runs), false)
describeRunStore(
  'DexieRunStore after its database was deleted',
  async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await tab.status()
    await disk.deleteDatabase()
    return tab.runs
  },
  false,
)

describe('what could not be read again', () => {
  it('is not written: rollouts, metrics, evaluations and adapters with what is no number', async () => {
    const tab = new Disk().tab()
    await putStep(tab, 1)
    const [rollout] = rolloutsOf('a', 2)
    const [first] = rollout?.steps ?? []
    if (!rollout || !first) throw new Error('The fixture is empty.')
    first.reply = { ...first.reply, token_ids: [1], logprobs: [NaN] }
    const run = runRecord('a', { steps: 2 })
    await expect(tab.runs.putStep(run, stepMetrics(2), [rollout])).rejects.toThrow('One of the rollouts of step 2 of the run a is damaged: 0.steps.0.reply.logprobs.0: needs a number, not NaN.')
    await expect(tab.runs.putStep(run, { ...stepMetrics(2), grad_norm: Infinity }, [])).rejects.toThrow('grad_norm: needs a number, not Infinity')
    await expect(tab.runs.putEvaluation('a', { ...evaluationMetrics(2), ltm_size: NaN })).rejects.toThrow('ltm_size: needs a number, not NaN')
    const state = adapterState(2)
    state.parameters.values().next().value?.fill(NaN, 0, 1)
    await expect(tab.runs.putStep(run, stepMetrics(2), rolloutsOf('a', 2), { record: checkpointRecord('a2', 'a'), state })).rejects.toThrow('The adapter of the checkpoint')
    await expect(tab.runs.putCheckpoint(checkpointRecord('spoilt', null), state)).rejects.toThrow('The adapter of the checkpoint')
    expect(await everything(tab)).toEqual({ run: runRecord('a', { steps: 1 }), steps: [1], rollouts: [2], evaluations: [], checkpoints: ['a1 1'] })
    expect(await tab.runs.checkpoints()).toHaveLength(1)
  })
})

describe('DexieRunStore on the disk', () => {
  it('has everything after a reload', async () => {
    const disk = new Disk()
    const first = disk.tab()
    await putStep(first, 1)
    await first.runs.putEvaluation('a', evaluationMetrics(1))
    await first.close()
    const second = disk.tab()
    expect(await everything(second)).toEqual({ run: runRecord('a', { steps: 1 }), steps: [1], rollouts: [2], evaluations: [1], checkpoints: ['a1 1'] })
    expect(await second.runs.rollouts('a', 1)).toEqual(rolloutsOf('a', 1))
    expect(await second.runs.checkpointState('a1')).toEqual(adapterState(1))
  })

  it('reads a step of an earlier release, whose names were others', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await tab.runs.putRun(runRecord('a'))
    await raw(disk, (db) => db.table('steps').put({ run: 'a', step: 1, metrics: oldStep }))
    const [step] = await tab.runs.steps('a')
    expect([step?.group_reward_std, step?.reward_std]).toEqual([0.2567911677172318, expect.closeTo(0.2365900875, 9)])
  })

  it('opens a database of the version before, with what is in it', async () => {
    const older = new Disk()
    await new Promise<void>((resolve) => {
      // Dexie counts in tens.
      const request = older.indexedDB.open('test', 10)
      request.onupgradeneeded = () => {
        const { result: db } = request
        db.createObjectStore('memories', { keyPath: ['store', 'number'] })
        db.createObjectStore('counters', { keyPath: 'store' })
        db.createObjectStore('summaries', { keyPath: 'key' })
        const trajectories = db.createObjectStore('trajectories', { keyPath: 'key' })
        db.createObjectStore('meta', { keyPath: 'key' }).put({ key: 'incarnation', value: 'first' })
        const trajectory = trajectoryOf({ task: miraTask(), steps: [{ phase: 'build', says: 'Mira Voss lives in Oslem.', calls: [add('m1', 'Mira')] }] })
        trajectories.put({ key: 'old', trajectory })
      }
      request.onsuccess = () => {
        request.result.close()
        resolve()
      }
    })
    const after = older.tab()
    expect(await after.status()).toEqual({ kind: 'durable' })
    expect((await after.archive.get('old'))?.task).toMatchObject({ query: miraTask().query })
    expect(await putStep(after, 1)).toMatchObject({ saved: true })
  })

  it('writes a step whole or not at all', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await putStep(tab, 1)
    restore = failWrites(new DOMException('Internal error.', 'UnknownError'), 4)
    expect(await putStep(tab, 2)).toMatchObject({ saved: false })
    restore()
    expect(await everything(disk.tab())).toMatchObject({ run: { steps: 1 }, steps: [1], checkpoints: ['a1 1'] })
    expect(await everything(tab)).toMatchObject({ run: { steps: 2 }, steps: [1, 2], checkpoints: ['a2 2', 'a1 1'] })
  })

  it('refuses numbers that are none, by name, and goes on', async () => {
    const tab = new Disk().tab()
    await expect(tab.runs.putStep(runRecord('a'), { ...stepMetrics(1), kl: NaN }, [])).rejects.toThrow('The record of step 1 of the run a is damaged: kl')
    expect(await tab.status()).toEqual({ kind: 'durable' })
  })

  it('says which record is damaged, and lists the others', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    for (const run of ['a', 'b']) await putStep(tab, 1, run)
    await raw(disk, async (db) => {
      await db.table('runs').update('b', { steps: 'many' })
      await db.table('steps').update(['b', 1], { 'metrics.reward': null })
      await db.table('rollouts').update(['b', 1], { gzip: new Uint8Array([1, 2, 3]) })
      await db.table('rollouts').put({ run: 'b', step: 2, bytes: 3, gzip: 'text' })
      await db.table('adapters').update('b1', { 'state.step': 'last' })
      await db.table('checkpoints').put({ key: 'odd', run: 'b' })
    })
    const damaged = (message: string) => ({ name: 'DamagedRecordError', message: expect.stringContaining(message) })
    await expect(tab.runs.getRun('b')).rejects.toMatchObject(damaged('The run b is damaged: steps'))
    await expect(tab.runs.steps('b')).rejects.toMatchObject(damaged('metrics.reward'))
    await expect(tab.runs.rollouts('b', 1)).rejects.toMatchObject(damaged('The record of the rollouts of step 1 of the run b is damaged'))
    await expect(tab.runs.rollouts('b', 2)).rejects.toMatchObject(damaged('gzip'))
    await expect(tab.runs.checkpointState('b1')).rejects.toMatchObject(damaged('state.step'))
    expect((await tab.runs.listRuns()).map(({ key }) => key)).toEqual(['a'])
    expect((await tab.runs.checkpoints()).map(({ key }) => key)).toEqual(['a1', 'b1'])
    expect(await tab.status()).toEqual({ kind: 'durable' })
    await tab.runs.deleteRun('b')
    expect((await tab.runs.checkpoints()).map(({ key }) => key)).toEqual(['a1'])
  })

  it('makes the lines of rollouts that an earlier release wrote, or wrote otherwise, and keeps them', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    for (const step of [1, 2]) await putStep(tab, step)
    const lines = await tab.runs.rolloutRows('a', 1)
    const kept = async (): Promise<unknown> => {
      let row: unknown
      await raw(disk, async (db) => { row = await db.table('rolloutRows').get(['a', 1]) })
      return row
    }
    const good = await kept()
    expect(good).toMatchObject({ rows: lines })
    await raw(disk, async (db) => { await db.table('rolloutRows').clear() })
    expect(await disk.tab().runs.rolloutRows('a', 1)).toEqual(lines)
    expect(await kept()).toEqual(good)
    await raw(disk, async (db) => { await db.table('rolloutRows').put({ run: 'a', step: 1, version: 0, rows: 'other' }) })
    expect(await disk.tab().runs.rolloutRows('a', 1)).toEqual(lines)
    expect(await kept()).toEqual(good)
  })

  it('thins out the rollouts of old steps when they take too much space, and says so', async () => {
    const disk = new Disk()
    const size = await bytesOfStep(disk)
    const tab = disk.tab(undefined, 4.5 * size)
    let run = runRecord('a')
    for (let step = 1; step <= 8; step++) run = (await tab.runs.putStep({ ...run, steps: step }, stepMetrics(step), rolloutsOf('a', step))).run
    const kept = await Promise.all(Array.from({ length: 8 }, async (_, i) => (await tab.runs.rollouts('a', i + 1)).length > 0))
    expect(kept).toEqual([false, true, false, true, false, true, false, true])
    expect(run.rollouts_thinned).toBe(7)
    expect(await tab.runs.getRun('a')).toEqual(run)
    expect(await tab.runs.steps('a')).toHaveLength(8)
    await tab.runs.putStep({ ...run, steps: 9 }, stepMetrics(9), rolloutsOf('a', 9))
    expect(await tab.runs.rollouts('a', 2)).toEqual([])
    expect(await tab.runs.rolloutRows('a', 2)).toBeNull()
    expect(await tab.runs.rollouts('a', 4)).toHaveLength(2)
    expect((await tab.runs.rolloutRows('a', 4))?.rows).toHaveLength(2)
  })
})

/** What the rollouts of one step take on the disk. */
async function bytesOfStep(disk: Disk): Promise<number> {
  const tab = disk.tab()
  await putStep(tab, 1, 'measured')
  let bytes = 0
  await raw(disk, async (db) => {
    const row: unknown = await db.table('rollouts').get(['measured', 1])
    if (typeof row === 'object' && row !== null && 'bytes' in row) bytes = Number(row.bytes)
  })
  return bytes
}

describe('DexieRunStore when the disk fails', () => {
  it('holds what comes in memory, beside what is on the disk, and saves it', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await putStep(tab, 1)
    restore = failWrites()
    expect(await putStep(tab, 2)).toMatchObject({ saved: false })
    expect(await tab.runs.putEvaluation('a', evaluationMetrics(2))).toEqual({ saved: false })
    await tab.runs.updateCheckpoint(checkpointRecord('a1', 'a', { step: 1, created: 1, name: 'renamed' }))
    const all = { run: runRecord('a', { steps: 2 }), steps: [1, 2], rollouts: [2, 2], evaluations: [2], checkpoints: ['a2 2', 'a1 1'] }
    expect(await everything(tab)).toEqual(all)
    expect(await everything(disk.tab())).toMatchObject({ steps: [1] })
    restore()
    expect(await tab.reconnect()).toEqual({ kind: 'durable' })
    for (const reader of [tab, disk.tab()]) {
      expect(await everything(reader)).toEqual(all)
      expect((await reader.runs.checkpoints('a')).at(-1)?.name).toBe('renamed')
    }
  })

  it('makes space on a full disk by deleting', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    await putStep(tab, 1)
    await putStep(tab, 1, 'b')
    restore = failWrites()
    await putStep(tab, 2, 'b')
    await tab.runs.deleteRun('a')
    await tab.runs.deleteCheckpoint('b1')
    expect(await everything(disk.tab())).toEqual({ run: null, steps: [], rollouts: [], evaluations: [], checkpoints: [] })
    expect(await everything(tab, 'b')).toMatchObject({ steps: [1, 2], checkpoints: ['b2 2'] })
    expect(await everything(disk.tab(), 'b')).toMatchObject({ steps: [1], checkpoints: [] })
  })

  it('goes on with the run of this tab when the database is deleted, and saves what it still has', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    for (const step of [1, 2, 3]) await putStep(tab, step)
    await disk.deleteDatabase()
    expect(await putStep(tab, 4)).toMatchObject({ saved: false })
    const left = { run: runRecord('a', { steps: 4, gone: { steps: [], rollouts: [[1, 3]] } }), steps: [1, 2, 3, 4], rollouts: [0, 0, 0, 2], evaluations: [], checkpoints: ['a4 4', 'a3 3'] }
    expect(await everything(tab)).toEqual(left)
    expect(await tab.reconnect()).toEqual({ kind: 'durable' })
    for (const reader of [tab, disk.tab()]) expect(await everything(reader)).toEqual(left)
  })

  it('claims no more steps than are kept of a run that an earlier visit made', async () => {
    const disk = new Disk()
    const before = disk.tab()
    for (const step of [1, 2, 3]) await before.runs.putStep(runRecord('a', { steps: step }), stepMetrics(step), rolloutsOf('a', step))
    await before.runs.putStep(runRecord('b', { steps: 1 }), stepMetrics(1), rolloutsOf('b', 1))
    await before.close()
    // This one has seen the list and has renamed a run; it has read no step.
    const tab = disk.tab()
    await tab.runs.listRuns()
    await tab.runs.putRun(runRecord('a', { steps: 3, name: 'renamed' }))
    await disk.deleteDatabase()
    await tab.status()
    const nothing = runRecord('a', { steps: 0, name: 'renamed', gone: { steps: [[1, 3]], rollouts: [[1, 3]] } })
    expect(await tab.runs.getRun('a')).toEqual(nothing)
    await tab.reconnect()
    for (const reader of [tab, disk.tab()]) {
      expect(await everything(reader)).toEqual({ run: nothing, steps: [], rollouts: [], evaluations: [], checkpoints: [] })
      expect((await reader.runs.listRuns()).map(({ key, steps }) => [key, steps])).toEqual([['a', 0], ['b', 0]])
    }
    // Made again, they are there again, and the record says so.
    expect((await tab.runs.putStep({ ...nothing, steps: 1 }, stepMetrics(1), rolloutsOf('a', 1))).run).toEqual(runRecord('a', { steps: 1, name: 'renamed' }))
  })

  it('saves to a new database the steps that this tab has read', async () => {
    const disk = new Disk()
    const before = disk.tab()
    for (const step of [1, 2, 3]) await putStep(before, step)
    await before.runs.putEvaluation('a', evaluationMetrics(2))
    await before.close()
    const tab = disk.tab()
    await tab.runs.listRuns()
    await tab.runs.steps('a')
    await tab.runs.evaluations('a')
    await disk.deleteDatabase()
    await tab.reconnect()
    expect(await everything(disk.tab())).toEqual({ run: runRecord('a', { steps: 3, gone: { steps: [], rollouts: [[1, 3]] } }), steps: [1, 2, 3], rollouts: [0, 0, 0], evaluations: [2], checkpoints: [] })
  })

  it('fills a database that two tabs have lost from both, and goes by the one that knows more', async () => {
    const disk = new Disk()
    const [a, b] = [disk.tab(), disk.tab()]
    for (const step of [1, 2]) await putStep(a, step)
    for (const step of [3, 4]) await putStep(b, step)
    await disk.deleteDatabase()
    await b.status()
    await b.reconnect()
    await a.status()
    await a.reconnect()
    expect(await everything(disk.tab())).toMatchObject({ run: { steps: 4, gone: { steps: [], rollouts: [[1, 4]] } }, steps: [1, 2, 3, 4], checkpoints: ['a4 4', 'a2 2'] })
  })

  it('lists no checkpoint whose adapter is gone', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    for (const step of [1, 2]) await putStep(tab, step)
    restore = failWrites()
    // Only its record was changed, and only memory could take that; then the database goes.
    await tab.runs.updateCheckpoint(checkpointRecord('a1', 'a', { step: 1, created: 1, name: 'renamed' }))
    restore()
    await disk.deleteDatabase()
    await tab.status()
    expect((await tab.runs.checkpoints()).map(({ key }) => key)).toEqual(['a2'])
    await tab.reconnect()
    expect(await everything(disk.tab())).toMatchObject({ checkpoints: ['a2 2'] })
  })

  it('keeps nothing more of a run that another tab has deleted or discarded', async () => {
    const disk = new Disk()
    const [a, b] = [disk.tab(), disk.tab()]
    for (const run of ['a', 'b']) await putStep(a, 1, run)
    await b.runs.deleteRun('a')
    await b.runs.discard('runs', 'b', 1000)
    for (const run of ['a', 'b']) {
      await expect(putStep(a, 2, run)).rejects.toThrow('was deleted')
      await expect(a.runs.putEvaluation(run, evaluationMetrics(1))).rejects.toThrow('was deleted')
      await expect(a.runs.putRun(runRecord(run, { name: 'renamed' }))).rejects.toThrow('was deleted')
    }
    expect(await a.status()).toEqual({ kind: 'durable' })
    for (const reader of [a, b, disk.tab()]) {
      expect(await reader.runs.listRuns()).toEqual([])
      expect(await reader.runs.checkpoints()).toEqual([])
    }
    expect(await everything(disk.tab())).toMatchObject({ run: null, steps: [], evaluations: [] })
  })

  it('does not bring back with a new database what another tab had deleted before', async () => {
    const disk = new Disk()
    const [a, b] = [disk.tab(), disk.tab()]
    for (const run of ['a', 'b']) await putStep(a, 1, run)
    await b.runs.deleteRun('a')
    await a.runs.listRuns()
    await disk.deleteDatabase()
    await a.status()
    await a.reconnect()
    expect((await disk.tab().runs.listRuns()).map(({ key }) => key)).toEqual(['b'])
  })

  it('remembers what was deleted while the disk could not be reached', async () => {
    const disk = new Disk()
    const before = disk.tab()
    for (const step of [1, 2]) await putStep(before, step)
    await putStep(before, 1, 'b')
    await before.close()
    const tab = disk.tab()
    await tab.status()
    disk.closeConnections()
    await tab.runs.deleteRun('a')
    await tab.runs.deleteCheckpoint('b1')
    await tab.reconnect()
    for (const reader of [tab, disk.tab()]) {
      expect((await reader.runs.listRuns()).map(({ key }) => key)).toEqual(['b'])
      expect(await everything(reader)).toEqual({ run: null, steps: [], rollouts: [], evaluations: [], checkpoints: [] })
      expect(await everything(reader, 'b')).toMatchObject({ steps: [1], checkpoints: [] })
    }
  })

  it('keeps what it could not save when it fails again', async () => {
    const disk = new Disk()
    const tab = disk.tab()
    restore = failWrites()
    await putStep(tab, 1)
    expect(await tab.reconnect()).toMatchObject({ kind: 'memory', reason: 'quota' })
    await putStep(tab, 2)
    restore()
    await tab.reconnect()
    expect(await everything(disk.tab())).toMatchObject({ steps: [1, 2], rollouts: [2, 2], checkpoints: ['a2 2', 'a1 1'] })
  })

  it('lets another tab see a step once it is saved, and not what was deleted there', async () => {
    const disk = new Disk()
    const [a, b] = [disk.tab(), disk.tab()]
    await putStep(a, 1)
    expect((await everything(b)).steps).toEqual([1])
    await b.runs.deleteRun('a')
    expect((await everything(a)).steps).toEqual([])
    expect(await a.runs.listRuns()).toEqual([])
  })
})
