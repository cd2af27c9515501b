// What the introduction and the examples promise of nano: before training it loses the task, with the adapter that came
// with the page it remembers. And the files of the run that came with the page: whole, and as they say they are.
import { readFile, stat } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesInFolder } from '../cli/model-folder.ts'
import { tourConfig, type TourPlay } from '../src/app/state/tour-task.ts'
import { currentTask } from '../src/app/state/config.ts'
import { runEpisodes } from '../src/core/episode/simulator.ts'
import { whyOf } from '../src/core/evaluation/why.ts'
import { HashEmbedder } from '../src/core/memory/hash-embedder.ts'
import { InMemoryStore } from '../src/core/memory/in-memory-store.ts'
import { rewardPresets } from '../src/core/reward/presets.ts'
import { scoreTrajectory } from '../src/core/reward/score.ts'
import { InMemoryRuns } from '../src/core/training/in-memory-runs.ts'
import { shippedAdapters, shippedFiles, shippedRollouts, shippedRunKey } from '../src/core/training/shipped-run.ts'
import { scoreGroup } from '../src/core/training/rescore.ts'
import { loadModel } from '../src/models/files/load-model.ts'
import { LocalModel } from '../src/models/local-model.ts'
import { createNodeRuntime } from '../src/runtime/node.ts'
import { RunsWithShipped } from '../src/storage/shipped-runs.ts'
import { shippedFrom } from './shipped-files.ts'

const folder = new URL('../public/runs/', import.meta.url)
const read = async (name: string) => new Blob([new Uint8Array(await readFile(new URL(name, folder)))])
const runs = new RunsWithShipped(new InMemoryRuns(), shippedRunKey, shippedFrom(read))

describe('the task of the introduction', () => {
  const runtime = createNodeRuntime()
  let nano: LocalModel
  beforeAll(async () => {
    nano = await LocalModel.create(runtime, 'nano', await loadModel(await filesInFolder('public/models/nano'), 2 ** 30))
  }, 60_000)
  afterAll(async () => {
    await nano.dispose()
    await runtime.dispose()
  })

  async function played(play: TourPlay) {
    const config = tourConfig(play)
    const task = currentTask({ ...config, againTask: null }, null)
    if (!task) throw new Error('There is no such task.')
    const checkpoint = (await runs.checkpoints()).find(({ key }) => key === config.adapter)
    const state = config.adapter === null ? null : await runs.checkpointState(config.adapter)
    await nano.useAdapter(checkpoint && state ? { lora: checkpoint.lora, parameters: state.parameters } : null)
    const embedder = new HashEmbedder()
    const { seed, settings } = config
    const spec = { key: play, id: { run: 'tour', batch: 0, rollout: 0 }, task, seed, settings }
    const memory = new InMemoryStore(embedder)
    const [trajectory] = await runEpisodes([spec], { policy: nano, memory, embedder, counter: nano.counter })
    if (!trajectory) throw new Error('Nothing was played.')
    const { reward } = scoreTrajectory(trajectory, rewardPresets.paper)
    return { why: whyOf(trajectory, reward.task), total: reward.total, steps: trajectory.steps, settings }
  }

  it('is short, lost by nano as it comes, and remembered after training, with its correction', async () => {
    const [before, after] = [await played('before'), await played('after')]
    expect(before.why).toMatchObject({ outcome: 'unknown', reason: { kind: 'never-stored' } })
    expect(after.why).toMatchObject({ outcome: 'right', reason: { kind: 'remembered', updated: 1 } })
    expect(after.total - before.total).toBeGreaterThan(0.5)
    for (const { steps, settings } of [before, after]) {
      expect(steps.length).toBeLessThanOrEqual(8)
      // Within T_max, and within what nano takes at once.
      expect(steps.every(({ overflow }) => !overflow)).toBe(true)
      expect(settings.t_max).toBeLessThanOrEqual(nano.window)
    }
  }, 60_000)
})

describe('the run that comes with the page', () => {
  it('is listed from a small file, finished, with the adapters of its evaluations', async () => {
    const [run] = await runs.listRuns()
    const last = shippedAdapters.at(-1)
    expect(run).toMatchObject({ key: shippedRunKey, steps: last, model: 'nano', status: 'imported', note: null })
    expect(run?.config.steps).toBe(last)
    const checkpoints = await runs.checkpoints()
    expect(checkpoints.map(({ step }) => step).sort((a, b) => a - b)).toEqual([...shippedAdapters])
    for (const { evaluation, step } of checkpoints) expect(evaluation).toMatchObject({ step, tasks: 200 })
  })

  it('has the numbers of every step, and the rollouts of those that it names, scored as they were', async () => {
    const [run] = await runs.listRuns()
    const steps = await runs.steps(shippedRunKey)
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, i) => i + 1))
    expect(steps).toHaveLength(run?.steps ?? NaN)
    const kept: number[] = []
    for (const { step, groups } of steps) {
      const trajectories = await runs.rollouts(shippedRunKey, step)
      if (trajectories.length > 0) kept.push(step)
      if (trajectories.length === 0 || !run) continue
      expect(trajectories.every(({ id }) => id.run === shippedRunKey && id.batch === step)).toBe(true)
      const { weights } = run.config.reward
      for (const { rollouts, advantages } of groups) {
        const components = rollouts.flatMap((place) => {
          const trajectory = trajectories[place]
          return trajectory ? [scoreTrajectory(trajectory, weights).components] : []
        })
        const again = scoreGroup(components, weights, run.config.advantage).advantages
        expect(again.map((value) => value.toFixed(6))).toEqual(advantages.map((value) => value.toFixed(6)))
      }
    }
    expect(kept).toEqual([...shippedRollouts])
    expect((await runs.evaluations(shippedRunKey)).map(({ step }) => step)).toEqual([0, ...shippedAdapters])
  }, 60_000)

  it('stays as it is, and is some hundred kB', async () => {
    const [run] = await runs.listRuns()
    if (!run) throw new Error('It is not listed.')
    await expect(runs.deleteRun(run.key)).rejects.toThrow('stays as it is')
    await expect(runs.putRun({ ...run, name: 'mine' })).rejects.toThrow('stays as it is')
    const [checkpoint] = await runs.checkpoints()
    await expect(runs.discard('checkpoints', checkpoint?.key ?? '', 0)).rejects.toThrow('stays as it is')
    expect((await runs.listRuns())[0]?.name).toBe(run.name)
    expect((await stat(new URL(shippedFiles.run, folder))).size).toBeLessThan(600_000)
    expect((await stat(new URL(shippedFiles.index, folder))).size).toBeLessThan(20_000)
    for (const step of shippedAdapters) {
      expect((await stat(new URL(shippedFiles.adapter(step), folder))).size).toBeLessThan(300_000)
    }
  })
})
