// What an engine trained on an exported run, back in the folder of the run: both parts in one, and training goes on from it.
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { noDataSets } from '../src/core/environments/family.ts'
import { questionIn } from '../src/core/environments/question/task.ts'
import { zipOfFiles } from '../src/core/export/out.ts'
import { episodesOf } from '../src/core/export/python/material.fixture.ts'
import type { ExportFile } from '../src/core/export/files.ts'
import { scoreTrajectory } from '../src/core/reward/score.ts'
import { tasksOfStep } from '../src/core/training/tasks-of-step.ts'
import { readSafetensors } from '../src/models/files/safetensors.ts'
import { folderWithModel, runCommand } from './fixture.ts'
import { TrainFolder } from './train-folder.ts'

let folder = ''
let model = ''
let files: ExportFile[] = []
const at = (...path: string[]) => join(folder, ...path)
const bring = (zip: string, run: string, ...more: string[]) => runCommand(['import', '--file', at(zip), '--run', at(run), ...more])
const zipped = (name: string, content: readonly ExportFile[]) => writeFile(at(name), Buffer.concat(zipOfFiles([...content])))
const json = (value: unknown) => `${JSON.stringify(value)}\n`
/** Every file of a folder with what is in it. */
const contents = async (name: string) => Promise.all((await readdir(at(name), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(async (entry) => [join(entry.parentPath, entry.name), (await readFile(join(entry.parentPath, entry.name))).toString('base64')]))

const settings = [
  'b=1', 'k=3', 'lora.rank=2', 'batching.lengths=[512]', 'batching.tokens=512', 'evaluation.every=0', 'checkpoint_every=1',
  'episode.response_limit=24', 'episode.exchanges=1', 'episode.n_max.answer=2',
  'tasks.options.difficulty.facts=1', 'tasks.options.difficulty.small_talk=0', 'tasks.options.difficulty.distractors=1', 'tasks.options.difficulty.two_hop=0', 'tasks.options.difficulty.comparison=0',
].flatMap((setting) => ['--set', setting])
const train = (...options: string[]) => runCommand(['train', '--out', at('run'), '--model', model, '--threads', '1', ...options], { tick: 1000 })

beforeAll(async () => {
  ;({ folder, model } = await folderWithModel('import-trained'))
  await train('--steps', '1', '--seed', '5', ...settings)
  await cp(at('run'), at('untouched'), { recursive: true })
  const kept = await TrainFolder.open(at('run'))
  const { config } = kept.run
  const { steps, evaluations } = await kept.history()
  const noted = async (step: number) => {
    const [first] = await tasksOfStep(config, step, noDataSets)
    if (!first) throw new Error('There is no task.')
    const task = questionIn(first.task)
    const episodes = await episodesOf('careless', [task, task, task], config.episode, 0.3)
    const rollouts = episodes.map((episode) => episode.steps.flatMap(({ reply, asides, prompt_tokens }) => [{ text: reply.text, tokens: prompt_tokens }, ...asides.map(({ generation }) => ({ text: generation.text, tokens: 9 }))].map(({ text, tokens }) => ({ text, token_ids: [1], prompt_tokens: tokens, finish: 'stop' }))))
    return { kind: 'step', engine: 'TRL 1.16.0', step, rollouts, rewards: episodes.map((each) => scoreTrajectory(each, config.reward.weights).reward.total), temperature: 1, tasks: [task], advantages: [], updates: [{ loss: 0.5, kl: null, entropy: 0.4, clip_ratio: 0, grad_norm: 1, learning_rate: 1e-3 }], sampled: 70, sequences: { packed: 9, without_variance: 0, too_long: 0 }, tokens: { packed: 900, loss: 70, padded: 0 }, seconds: { rollout: 1, scoring: 1, update: 1, other: 0, total: 3 } }
  }
  const adapter = await readFile(at('run', 'adapter', 'adapter_model.safetensors'))
  const { tensors, dataStart } = { tensors: readSafetensors(adapter).tensors, dataStart: 8 + Number(adapter.readBigUInt64LE(0)) }
  expect(tensors.size).toBeGreaterThan(0)
  // Recognisable moments: all values of a file alike.
  const filled = (value: number) => {
    const copy = Buffer.from(adapter)
    for (let i = dataStart; i < copy.length; i += 4) copy.writeFloatLE(value, i)
    return new Uint8Array(copy)
  }
  files = [
    { path: 'run.json', content: json({ kind: 'agemem-run', schema_version: 1, run: { key: 'exported', name: 'run', created: 0, model: 'model', model_url: null, config, steps: 1, status: 'paused', note: null } }) },
    { path: 'steps.jsonl', content: steps.map(json).join('') },
    { path: 'evaluations.jsonl', content: evaluations.map(json).join('') },
    { path: 'engine.jsonl', content: json(await noted(2)) + json(await noted(3)) },
    { path: 'adapter/adapter_config.json', content: await readFile(at('run', 'adapter', 'adapter_config.json'), 'utf8') },
    { path: 'adapter/adapter_model.safetensors', content: filled(0.125) },
    { path: 'adapter/first_moment.safetensors', content: filled(0.5) },
    { path: 'adapter/second_moment.safetensors', content: filled(0.25) },
    { path: 'adapter/moments.json', content: json({ optimizer_step: 6 }) },
  ]
  await zipped('for-playground.zip', files)
}, 180_000)
afterAll(() => rm(folder, { recursive: true }))

it('is refused with what to do, and leaves the run as it was', async () => {
  const before = await contents('untouched')
  const refused = async (zip: string, content: readonly ExportFile[], told: string, ...more: string[]) => {
    await zipped(zip, content)
    const found = await bring(zip, 'untouched', ...more)
    expect(found.told).toContain(told)
    expect(found.status).toBeGreaterThan(0)
  }
  const changed = (path: string, by: (text: string) => string) => files.map((file) => (file.path === path ? { path, content: by(String(file.content)) } : file))
  await refused('no-adapter.zip', files.filter(({ path }) => !path.startsWith('adapter/')), 'has no adapter. Give the file that train_agemem.py left')
  await refused('nothing-new.zip', files.filter(({ path }) => path !== 'engine.jsonl'), 'has no step that the run in')
  await refused('other-settings.zip', changed('run.json', (text) => text.replace('"k":3', '"k":4')), 'is of a run with other settings')
  await refused('other-run.zip', changed('steps.jsonl', (text) => text.replace(/"grad_norm":[^,]+/, '"grad_norm":77')), 'step 1 is another one there')
  await refused('other-shape.zip', changed('adapter/adapter_config.json', (text) => text.replace(/"lora_alpha": ?\d+/, '"lora_alpha": 3')), 'has another shape than that of the run')
  await refused('no-model.zip', files, 'nowhere', '--model', at('nowhere'))
  expect((await runCommand(['import', '--file', at('for-playground.zip')])).told).toContain('comes back into the folder of its run: --run DIR')
  expect((await bring('for-playground.zip', 'missing')).told).toContain('There is no run')
  expect(await contents('untouched')).toEqual(before)
})

it('stands behind what was made here, and training goes on from it', { timeout: 120_000 }, async () => {
  const [, own] = [await bring('for-playground.zip', 'run'), await TrainFolder.open(at('untouched')).then((each) => each.history())]
  const kept = await TrainFolder.open(at('run'))
  const { steps } = await kept.history()
  expect(steps.slice(0, 1)).toEqual(own.steps)
  expect(steps.map(({ step, engine }) => [step, engine])).toEqual([[1, undefined], [2, 'TRL 1.16.0'], [3, 'TRL 1.16.0']])
  expect([kept.run.step, kept.run.config.steps]).toEqual([3, 3])
  expect((await readFile(at('run', 'trajectories', 'step-0003.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(3)
  const place = at('run', 'checkpoints', 'step-0003')
  const values = async (file: string) => new Set([...readSafetensors(await readFile(join(place, file))).tensors].flatMap(([name, { bytes }]) => [`${name.split('/')[0] === 'first' ? 'first ' : name.split('/')[0] === 'second' ? 'second ' : ''}${new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true)}`]))
  expect([...(await values('adapter_model.safetensors'))]).toEqual(['0.125'])
  expect([...(await values('optimizer.safetensors'))].sort()).toEqual(['first 0.5', 'second 0.25'])
  expect(readSafetensors(await readFile(join(place, 'optimizer.safetensors'))).metadata['optimizer_step']).toBe('6')
  expect((await bring('for-playground.zip', 'run')).told).toContain('has no step that the run in')

  const { told } = await train('--resume', '--steps', '4')
  expect(told).toContain('Going on after 3 steps')
  const again = await TrainFolder.open(at('run'))
  expect((await again.history()).steps.map(({ step, engine }) => [step, engine])).toEqual([[1, undefined], [2, 'TRL 1.16.0'], [3, 'TRL 1.16.0'], [4, undefined]])
  expect(Number(readSafetensors(await readFile(at('run', 'checkpoints', 'step-0004', 'optimizer.safetensors'))).metadata['optimizer_step'])).toBeGreaterThanOrEqual(6)
})
