// What leaves for other frameworks: option names against those of their sources, tasks through their schema.
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { trainConfigSchema, trainPresets, type TrainConfig } from '../training/config.ts'
import { evaluationTasks, tasksOfStep } from '../training/tasks-of-step.ts'
import { taskSchema } from '../environments/question/task.ts'
import { noDataSets } from '../environments/family.ts'
import { mostTasks, tasksOfRun, type ExportedRun, type ExportFile, type GoingOn } from './files.ts'
import { choices, loraNames, trinityNames, trlNames } from './option-names.fixture.ts'
import { trinityConfig, trinityFiles } from './trinity.ts'
import { trlConfig, trlFiles } from './trl.ts'
import { yaml } from './yaml.ts'

const { quick, paper } = trainPresets
const adapter = { step: 7, config: '{"r": 16}', model: new Uint8Array([1, 2, 3]) }
const run = async (config: TrainConfig, changes: Partial<ExportedRun> = {}): Promise<ExportedRun> =>
  ({ name: 'my run', config, tasks: await tasksOfRun(config, noDataSets), model: { name: 'nano', place: null }, adapter, ...changes })
const configs: TrainConfig[] = [
  quick,
  paper,
  { ...quick, aggregation: 'dr-grpo', advantage: { form: 'leave-one-out', epsilon: 0 }, credit: 'last-stage', kl_estimator: 'k1', max_norm: null, epochs: 2 },
  { ...quick, beta: 0, credit: 'step-normalised', advantage: { form: 'population', epsilon: 1e-4 }, evaluation: { ...quick.evaluation, every: 0 } },
]
const text = (files: readonly ExportFile[], path: string): string => {
  const content = files.find((file) => file.path === path)?.content
  if (typeof content !== 'string') throw new Error(`There is no text ${path}.`)
  return content
}
const records = (lines: string): unknown[] => lines.trimEnd().split('\n').map((line): unknown => JSON.parse(line))

/** Names in nested data that a section does not have, with where they stand. */
function strange(value: unknown, place = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => (typeof each === 'object' ? strange(each, `${place}.*`) : []))
  if (typeof value !== 'object' || value === null) return []
  const known = trinityNames[place]
  return Object.entries(value).flatMap(([key, each]) => [...(known?.has(key) ? [] : [`${place}.${key}`]), ...strange(each, place === '' ? key : `${place}.${key}`)])
}

describe('names', () => {
  it.each(configs)('of TRL and PEFT are those of their sources', (config) => {
    const { grpo, lora } = trlConfig(config)
    expect(Object.keys(grpo).filter((name) => !trlNames.has(name))).toEqual([])
    expect(Object.keys(lora).filter((name) => !loraNames.has(name))).toEqual([])
    expect(choices.trl.loss_type.has(grpo.loss_type) && choices.trl.scale_rewards.has(grpo.scale_rewards)).toBe(true)
  })
  it.each(configs)('of Trinity-RFT are those of its sources', async (config) => {
    const made = trinityConfig(await run(config))
    expect(strange(made)).toEqual([])
    expect(strange({ ...made, buffer: { batchsize: 1 }, explorer: { rollout_model: { n: 1 } } })).toEqual(['buffer.batchsize', 'explorer.rollout_model.n'])
    const { algorithm_type, kl_loss_fn, loss_agg_mode } = made.algorithm
    expect(choices.trinity.algorithm_type.has(algorithm_type) && choices.trinity.kl_loss_fn.has(kl_loss_fn) && choices.trinity.loss_agg_mode.has(loss_agg_mode)).toBe(true)
  })
})

describe('values', () => {
  it('are those of the run', async () => {
    expect(trlConfig(quick).grpo).toMatchObject({ num_generations: 8, per_device_train_batch_size: 1, gradient_accumulation_steps: 32, beta: quick.beta, epsilon: 0.2, epsilon_high: 0.28, learning_rate: quick.learning_rate, loss_type: 'dapo', scale_rewards: 'group', max_steps: quick.steps, temperature: 1 })
    expect(trlConfig(quick).lora).toMatchObject({ r: quick.lora.rank, lora_alpha: quick.lora.alpha, target_modules: quick.lora.targets })
    expect(trinityConfig(await run(paper))).toMatchObject({ algorithm: { repeat_times: 8, kl_loss_fn: paper.kl_estimator, kl_loss_fn_args: { kl_coef: 0.1 }, loss_agg_mode: 'seq-mean-token-mean', optimizer: { lr: 1e-5, lr_warmup_steps: 10 } }, buffer: { batch_size: 4, total_steps: 200 } })
  })
  it('have TRL’s KL term without ρ, which it is multiplied with by default', () => {
    expect([quick, paper].map((config) => trlConfig(config).grpo.use_bias_correction_kl)).toEqual([false, false])
  })
  it('have the learning rate end where it does here', async () => {
    const falling = { ...quick, schedule: 'linear', learning_rate: 0.5 } as const
    expect(trinityConfig(await run(falling)).algorithm.optimizer).toMatchObject({ lr_scheduler_type: 'cosine', min_lr_ratio: expect.closeTo(0.1, 12) })
  })
  it('sample as it did', async () => {
    const likely = { ...quick, episode: { ...quick.episode, min_p: 0.02 } }
    expect(text(trinityFiles(await run(likely)), 'README.md')).toContain('min-p 0.02')
  })
  it('tell apart at which temperatures it sampled, evaluated and took log π', async () => {
    const warm = { ...quick, episode: { ...quick.episode, temperature: 1.25 }, evaluation: { ...quick.evaluation, temperature: 0.5 } }
    const falling = { ...quick, exploration: { temperature: 1.4, steps: 30 } }
    const even = { ...quick, exploration: null, episode: { ...quick.episode, temperature: 1 }, evaluation: { ...quick.evaluation, temperature: 1 } }
    const { taskset, eval_tasksets } = trinityConfig(await run(warm)).buffer.explorer_input
    expect([taskset.rollout_args, eval_tasksets[0]?.rollout_args]).toEqual([{ temperature: 1.25 }, { temperature: 0.5 }])
    expect(text(trinityFiles(await run(warm)), 'README.md')).toContain('this run sampled at 1.25 and took it at 1')
    expect(text(trinityFiles(await run(even)), 'README.md')).not.toMatch(/this run sampled at|went there from/)
    expect(text(trinityFiles(await run(falling)), 'README.md')).toContain('went there from 1.4 in its first 30 steps')
  })
  it('have room for the context and for the longest sequence', async () => {
    const lengths = async (t_max: number, longest: number) => trinityConfig(await run({ ...quick, episode: { ...quick.episode, t_max }, batching: { tokens: 4096, lengths: [96, longest] } })).model.max_model_len
    expect([await lengths(1024, 512), await lengths(300, 2048)]).toEqual([1024, 2048])
  })
  it('leave an unclipped objective unclipped', async () => {
    const { epsilon, epsilon_high } = trlConfig(paper).grpo
    expect(1 - epsilon).toBe(0)
    expect(epsilon_high).toBeGreaterThan(1000)
    expect(trinityConfig(await run(paper)).algorithm.policy_loss_fn_args).toMatchObject({ clip_range_low: 1, clip_ratio_c: 1e6 })
  })
  it('that a framework has no name for are said in the README', async () => {
    expect(text(trlFiles(await run({ ...quick, kl_estimator: 'k1' })), 'README.md')).toContain('| Estimator of the KL divergence | k1 | k3 |')
    expect(text(trlFiles(await run(quick)), 'README.md')).not.toMatch(/k3/)
    expect(text(trinityFiles(await run({ ...quick, credit: 'last-stage' })), 'README.md')).toContain('this run gave it to the last stage only')
    const trinity = text(trinityFiles(await run({ ...quick, importance_sampling_cap: 2 })), 'README.md')
    expect(Object.keys(quick).filter((name) => !trinity.includes(`| \`${name}\` |`))).toEqual([])
    expect(trinity).toContain('| `importance_sampling_cap` | `2` | **not held** |')
  })
})

describe('files', () => {
  let files: ExportFile[]
  beforeAll(async () => {
    files = trlFiles(await run({ ...quick, steps: 3 }))
  })
  it('hold the tasks of the steps and of the evaluation, whole', async () => {
    const train = records(text(files, 'tasks/train.jsonl')).map((each) => taskSchema.parse(each))
    expect(train).toEqual((await Promise.all([1, 2, 3].map((step) => tasksOfStep({ ...quick, steps: 3 }, step, noDataSets)))).flat().map(({ task }) => task))
    const heldOut = (await evaluationTasks(quick, noDataSets)).map(({ task }) => task)
    expect(records(text(files, 'tasks/held_out.jsonl')).map((each) => taskSchema.parse(each))).toEqual(heldOut)
  })
  it('hold the adapter as it is, the configuration and the weights', async () => {
    expect(files.find(({ path }) => path === 'adapter/adapter_model.safetensors')?.content).toBe(adapter.model)
    expect(JSON.parse(text(files, 'adapter/adapter_config.json'))).toEqual(JSON.parse(adapter.config))
    expect(z.object({ config: trainConfigSchema }).parse(JSON.parse(text(files, 'run.json'))).config).toEqual({ ...quick, steps: 3 })
    expect(JSON.parse(text(files, 'reward.json'))).toEqual(quick.reward.weights)
    expect(JSON.parse(text(files, 'tools.json'))).toHaveLength(6)
    expect(trlFiles(await run(quick, { adapter: null })).some(({ path }) => path.startsWith('adapter/'))).toBe(false)
  })
  it('have what training goes on with, and name a base model that the reader has', async () => {
    const bytes = new Uint8Array([4])
    const peft = { config: '{"r": 16, "base_model_name_or_path": "/home/somebody/nano"}', model: bytes }
    const goingOn: GoingOn = { model: [{ path: 'config.json', content: '{}' }], moments: { step: 7, first: bytes, second: bytes }, reference: peft, history: null }
    const whole = trlFiles(await run(quick, { adapter: { step: 7, ...peft }, goingOn }))
    expect(JSON.parse(text(whole, 'adapter/adapter_config.json'))).toEqual({ r: 16, base_model_name_or_path: 'model' })
    expect(JSON.parse(text(whole, 'adapter/moments.json'))).toEqual({ optimizer_step: 7 })
    expect(whole.map(({ path }) => path)).toEqual(expect.arrayContaining(['model/config.json', 'adapter/first_moment.safetensors', 'adapter/second_moment.safetensors', 'reference/adapter_model.safetensors']))
    const named = async (name: string, place: string | null) => z.object({ model: z.string().nullable() }).parse(JSON.parse(text(trlFiles(await run(quick, { model: { name, place } })), 'trl_config.json'))).model
    expect([await named('smollm2-135m-instruct', null), await named('x', 'https://huggingface.co/owner/name/resolve/main/'), await named('x', './models/x'), await named('x', null)]).toEqual(['HuggingFaceTB/SmolLM2-135M-Instruct', 'owner/name', './models/x', null])
  })
  it('have a reward function for each term with weight, where they are normalised one by one', () => {
    expect(trlConfig(quick)).toMatchObject({ reward_functions: ['task', 'context', 'memory', 'penalty'], grpo: { reward_weights: [0.6, 0.2, 0.2, 1], multi_objective_aggregation: 'normalize_then_sum' } })
    expect(trlConfig(paper)).toMatchObject({ reward_functions: ['total'], grpo: { reward_weights: [1], multi_objective_aggregation: 'sum_then_normalize' } })
  })
  it('are not endless', async () => {
    expect((await tasksOfRun({ ...quick, steps: 100_000 }, noDataSets, 30)).train).toHaveLength(30)
    expect(mostTasks).toBeLessThanOrEqual(20_000)
  })
})

describe('yaml', () => {
  it('writes nested data', () => {
    expect(yaml({ a: 1, b: { c: [1, { d: 'x: "y"', e: null }], f: [] }, g: 1e-7 })).toBe('a: 1\nb:\n  c:\n    - 1\n    - d: "x: \\"y\\""\n      e: null\n  f: []\ng: 1.0e-7\n')
  })
})
