// What every RunStore must do, as a suite that the tests of each form run. Vitest does not run it by itself.
import { describe, expect, it } from 'vitest'
import { adapterState, checkpoint, checkpointRecord, evaluationMetrics, rolloutsOf, runRecord, stepMetrics } from './runs.fixture.ts'
import type { RunStore } from './runs.ts'

/**
 * @param saved what writes say: whether the disk took them
 */
export function describeRunStore(name: string, make: () => Promise<RunStore>, saved = true): void {
  describe(`${name} keeps training runs`, () => {
    const putStep = (store: RunStore, run: string, step: number) => store.putStep(runRecord(run, { steps: step }), stepMetrics(step), rolloutsOf(run, step))

    it('gives runs back, the newest first, as they were put last', async () => {
      const store = await make()
      expect(await store.listRuns()).toEqual([])
      expect(await store.getRun('a')).toBeNull()
      expect(await store.putRun(runRecord('a', { created: 1 }))).toEqual({ saved })
      await store.putRun(runRecord('b', { created: 2 }))
      await store.putRun(runRecord('a', { created: 1, status: 'paused', note: 'It stopped.' }))
      expect(await store.listRuns()).toEqual([runRecord('b', { created: 2 }), runRecord('a', { created: 1, status: 'paused', note: 'It stopped.' })])
      expect(await store.getRun('b')).toEqual(runRecord('b', { created: 2 }))
      // Of the same moment: by their keys, whichever was put first.
      for (const key of ['d', 'c', 'e']) await store.putRun(runRecord(key, { created: 3 }))
      expect((await store.listRuns()).map(({ key }) => key)).toEqual(['c', 'd', 'e', 'b', 'a'])
    })

    it('takes a step with the run, its rollouts and its adapter together', async () => {
      const store = await make()
      const run = runRecord('a', { steps: 1 })
      const { record, state } = checkpoint('c1', 'a', { step: 1 })
      expect(await store.putStep(run, stepMetrics(1), rolloutsOf('a', 1), { record, state })).toEqual({ saved, run })
      expect(await store.getRun('a')).toEqual(run)
      expect(await store.steps('a')).toEqual([stepMetrics(1)])
      expect(await store.rollouts('a', 1)).toEqual(rolloutsOf('a', 1))
      expect(await store.checkpoints('a')).toEqual([record])
      expect(await store.checkpointState('c1')).toEqual(state)
    })

    it('gives steps and evaluations in order, and replaces those that are made again', async () => {
      const store = await make()
      for (const step of [10, 2, 1]) await putStep(store, 'a', step)
      await putStep(store, 'ab', 7)
      await store.putStep(runRecord('a', { steps: 2 }), stepMetrics(2, 0.9), rolloutsOf('a', 2).slice(1))
      expect((await store.steps('a')).map(({ step, reward }) => [step, reward])).toEqual([[1, 0.01], [2, 0.9], [10, 0.1]])
      expect(await store.rollouts('a', 2)).toEqual(rolloutsOf('a', 2).slice(1))
      expect(await store.rollouts('a', 3)).toEqual([])
      for (const step of [10, 0]) await store.putEvaluation('a', evaluationMetrics(step))
      expect(await store.putEvaluation('a', evaluationMetrics(10, 0.7))).toEqual({ saved })
      expect(await store.evaluations('a')).toEqual([evaluationMetrics(0), evaluationMetrics(10, 0.7)])
      expect(await store.evaluations('ab')).toEqual([])
      expect((await store.steps('ab')).map(({ step }) => step)).toEqual([7])
    })

    it('gives the rollouts of a step as lines of a table, those of the newest putting', async () => {
      const store = await make()
      await putStep(store, 'a', 2)
      const lines = await store.rolloutRows('a', 2)
      expect(lines).toMatchObject({ step: 2, tasks: [{ id: 'mira', title: 'Where does Mira Voss live?', expected: 'Oslem' }] })
      expect(lines?.rows.map(({ group, rollout, answer, right, tools }) => ({ group, rollout, answer, right, tools }))).toEqual([
        { group: 0, rollout: 0, answer: 'Oslem', right: true, tools: { Add_memory: 1 } },
        { group: 0, rollout: 1, answer: 'Tarn', right: false, tools: { Add_memory: 1 } },
      ])
      expect(await store.rolloutRows('a', 3)).toBeNull()
      expect(await store.rolloutRows('none', 2)).toBeNull()
      await store.putStep(runRecord('a', { steps: 2 }), stepMetrics(2), rolloutsOf('a', 2).slice(1))
      expect((await store.rolloutRows('a', 2))?.rows.map(({ answer }) => answer)).toEqual(['Tarn'])
      await store.deleteRun('a')
      expect(await store.rolloutRows('a', 2)).toBeNull()
    })

    it('keeps what was put, whatever happens to the objects later', async () => {
      const store = await make()
      const run = runRecord('a')
      const metrics = stepMetrics(1)
      const rollouts = rolloutsOf('a', 1)
      const { record, state } = checkpoint('c', 'a')
      await store.putStep(run, metrics, rollouts, { record, state })
      run.name = 'changed'
      metrics.groups.pop()
      rollouts.pop()
      record.name = 'changed'
      state.parameters.get('layers.0.q_proj.lora_A')?.fill(0)
      expect((await store.getRun('a'))?.name).toBe('Run a')
      expect(await store.steps('a')).toEqual([stepMetrics(1)])
      expect(await store.rollouts('a', 1)).toHaveLength(2)
      expect((await store.checkpoints())[0]?.name).toBe('c')
      expect(await store.checkpointState('c')).toEqual(adapterState(1))
    })

    it('keeps checkpoints of runs and of none, newest first, bit by bit', async () => {
      const store = await make()
      const old = checkpointRecord('old', 'a', { created: 1 })
      const imported = checkpointRecord('imported', null, { created: 2, resumable: false })
      const later = checkpointRecord('later', 'b', { created: 3 })
      for (const [i, record] of [old, imported, later].entries()) expect(await store.putCheckpoint(record, adapterState(i + 1))).toEqual({ saved })
      expect(await store.checkpoints()).toEqual([later, imported, old])
      expect(await store.checkpoints('a')).toEqual([old])
      expect(await store.checkpointState('imported')).toEqual(adapterState(2))
      expect(await store.checkpointState('none')).toBeNull()

      await store.updateCheckpoint({ ...old, name: 'the best', evaluation: evaluationMetrics(1) })
      await store.updateCheckpoint(checkpointRecord('none', 'a'))
      expect(await store.checkpoints('a')).toEqual([{ ...old, name: 'the best', evaluation: evaluationMetrics(1) }])
      expect(await store.checkpointState('old')).toEqual(adapterState(1))

      await store.deleteCheckpoint('old')
      await store.deleteCheckpoint('none')
      expect(await store.checkpoints('a')).toEqual([])
      expect(await store.checkpointState('old')).toBeNull()
      expect(await store.checkpoints()).toHaveLength(2)
    })

    it('deletes a run with all that belongs to it, and nothing else', async () => {
      const store = await make()
      for (const run of ['a', 'a2']) {
        await putStep(store, run, 1)
        await store.putEvaluation(run, evaluationMetrics(1))
        await store.putCheckpoint(checkpointRecord(`c ${run}`, run), adapterState(1))
      }
      await store.putCheckpoint(checkpointRecord('imported', null), adapterState(1))
      await store.deleteRun('a')
      expect((await store.listRuns()).map(({ key }) => key)).toEqual(['a2'])
      expect([await store.getRun('a'), await store.steps('a'), await store.rollouts('a', 1), await store.evaluations('a'), await store.checkpoints('a'), await store.checkpointState('c a')]).toEqual([null, [], [], [], [], null])
      expect(await store.steps('a2')).toHaveLength(1)
      expect(await store.rollouts('a2', 1)).toHaveLength(2)
      expect((await store.checkpoints()).map(({ key }) => key)).toEqual(['c a2', 'imported'])
      expect(await store.checkpointState('c a2')).toEqual(adapterState(1))
    })

    it('lists nothing of what was discarded, brings it back, and deletes what nobody brought back in time', async () => {
      const store = await make()
      for (const run of ['a', 'b']) {
        await store.putStep(runRecord(run, { steps: 1 }), stepMetrics(1), rolloutsOf(run, 1), checkpoint(`${run}/1`, run, { step: 1 }))
      }
      await store.putCheckpoint(checkpointRecord('x', null), adapterState(1))
      const listed = async () => [...(await store.listRuns()).map(({ key }) => key), ...(await store.checkpoints()).map(({ key }) => key)].sort()
      await store.discard('runs', 'a', 1000)
      await store.discard('checkpoints', 'x', 2000)
      expect(await listed()).toEqual(['b', 'b/1'])
      expect([await store.getRun('a'), await store.checkpoints('a')]).toEqual([null, []])
      await store.discard('runs', 'a', null)
      await store.discard('checkpoints', 'x', null)
      expect(await listed()).toEqual(['a', 'a/1', 'b', 'b/1', 'x'])
      expect(await store.rollouts('a', 1)).toHaveLength(2)

      await store.discard('runs', 'a', 1000)
      await store.discard('runs', 'b', 1900)
      await store.discard('checkpoints', 'x', 1500)
      await store.discard('runs', 'none', 1000)
      await store.sweep(1600)
      for (const key of ['a', 'b']) await store.discard('runs', key, null)
      await store.discard('checkpoints', 'x', null)
      expect(await listed()).toEqual(['b', 'b/1'])
      expect([await store.steps('a'), await store.rollouts('a', 1), await store.checkpointState('a/1'), await store.checkpointState('x')]).toEqual([[], [], null, null])
    })
  })
}
