// A folder of a run keeps only what it can read again.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { trainPresets } from '../src/core/training/config.ts'
import { evaluationMetrics, stepMetrics } from '../src/core/training/runs.fixture.ts'
import { freshAdapter, loraOf } from '../src/models/files/adapter.ts'
import { tinyConfig } from '../src/models/fixtures/tiny-model.ts'
import { createRandom } from '../src/core/random.ts'
import { TrainFolder } from './train-folder.ts'

const config = { ...trainPresets.quick, lora: { rank: 2, alpha: 4, targets: ['q_proj'] } }
const model = tinyConfig()
let path: string
let folder: TrainFolder
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'agemem-folder-')), 'run')
  folder = await TrainFolder.create(path, { model: 'nano', model_sha256: 'x', config })
})
afterEach(() => rm(path, { recursive: true, force: true }))

const text = (name: string) => readFile(join(path, name), 'utf8').catch(() => null)
const state = () => {
  const { parameters } = freshAdapter(model, loraOf(config.lora), createRandom(1))
  return { step: 1, parameters, first: new Map(), second: new Map() }
}

describe('TrainFolder', () => {
  it('keeps steps and evaluations, and writes none that it would drop when it reads them', async () => {
    await folder.addStep(stepMetrics(1), [{ a: 1 }])
    await folder.addEvaluation(evaluationMetrics(1))
    await folder.checkpoint(1, model, state())
    await expect(folder.addStep({ ...stepMetrics(2), reward: NaN }, [])).rejects.toThrow('Step 2 was not written: reward: needs a number, not NaN')
    await expect(folder.addEvaluation({ ...evaluationMetrics(2), ltm_size: Infinity })).rejects.toThrow('The evaluation was not written: ltm_size')
    expect(await text('trajectories/step-0002.jsonl')).toBeNull()
    const again = await TrainFolder.open(path)
    expect(await again.history()).toEqual({ steps: [stepMetrics(1)], evaluations: [evaluationMetrics(1)] })
  })

  it('keeps the last adapter that can be read when a training goes astray', async () => {
    const good = state()
    await folder.checkpoint(1, model, good)
    const bad = state()
    bad.parameters.get('model.layers.0.self_attn.q_proj.lora_B.weight')?.fill(Infinity, 0, 1)
    await expect(folder.checkpoint(2, model, bad)).rejects.toThrow('value 0 is Infinity, no number that can be computed with')
    const again = await TrainFolder.open(path)
    expect(again.run.step).toBe(1)
    expect(await again.adapterState(model)).toEqual(good)
  })

  it('does not write a plan that it could not read', async () => {
    const before = await text('run.json')
    await expect(folder.plan({ ...config, learning_rate: NaN })).rejects.toThrow('The run was not written: config.learning_rate')
    expect(await text('run.json')).toBe(before)
  })
})
