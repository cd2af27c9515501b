import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { trajectorySchema } from '../src/core/record/trajectory.ts'
import { evaluationMetricsSchema } from '../src/core/evaluation/evaluation-metrics.ts'
import { stepMetricsSchema } from '../src/core/training/metrics.ts'
import { readAdapter } from '../src/models/files/adapter.ts'
import { tinyChatGguf } from '../src/models/fixtures/tiny-chat-gguf.ts'
import { tinyChatFiles } from '../src/models/fixtures/tiny-chat-model.ts'
import { readModelConfig } from '../src/nn/transformer/config.ts'
import { folderWithModel, runCommand } from './fixture.ts'

let folder = ''
let model = ''
beforeAll(async () => {
  ;({ folder, model } = await folderWithModel('train'))
}, 60_000)
afterAll(async () => {
  await rm(folder, { recursive: true })
})

const run = (argv: string[], interruptAt?: RegExp) => runCommand(['train', ...argv], { interruptAt, tick: 1000 })

/** Short replies of a model that knows nothing: their length alone makes rewards differ. */
const small = [
  'b=1', 'k=3', 'learning_rate=0.01', 'lora.rank=2', 'batching.lengths=[512]', 'batching.tokens=512', 'evaluation.every=1', 'evaluation.tasks=2', 'checkpoint_every=2',
  'episode.response_limit=24', 'episode.exchanges=1', 'episode.n_max.answer=2',
  'tasks.options.difficulty.facts=1', 'tasks.options.difficulty.small_talk=0', 'tasks.options.difficulty.distractors=1', 'tasks.options.difficulty.two_hop=0', 'tasks.options.difficulty.comparison=0',
].flatMap((setting) => ['--set', setting])
const options = (out: string, ...more: string[]) => ['--out', join(folder, out), '--model', model, '--threads', '1', ...more]

const jsonLines = async <T>(path: string, schema: z.ZodType<T>) => (await readFile(path, 'utf8')).trim().split('\n').map((line) => schema.parse(JSON.parse(line)))
/** What a run came to, without its times. */
async function resultOf(out: string) {
  const at = (...path: string[]) => join(folder, out, ...path)
  const timeless = <T extends { seconds: unknown }>({ seconds: _, ...rest }: T) => rest
  return {
    metrics: (await jsonLines(at('metrics.jsonl'), stepMetricsSchema)).map(timeless),
    evaluations: (await jsonLines(at('evaluations.jsonl'), evaluationMetricsSchema)).map(timeless),
    adapter: await readFile(at('checkpoints', 'step-0002', 'adapter_model.safetensors')),
    optimizer: await readFile(at('checkpoints', 'step-0002', 'optimizer.safetensors')),
    episodes: await Promise.all(['step-0001.jsonl', 'step-0002.jsonl'].map((name) => readFile(at('trajectories', name), 'utf8'))),
  }
}

// Real training, if of a tiny model: seconds on a quiet machine.
describe('train', { timeout: 180_000 }, () => {
  it('trains, tells one line a step, and pauses when the model answers nothing', async () => {
    const { status, out, told } = await run(options('whole', '--steps', '4', '--seed', '5', ...small))
    expect(told).toContain('A new run: 4 steps of 1 tasks × 3 rollouts')
    expect(told).toMatch(/held-out after 0 steps, 2 tasks: reward -?\d/)
    expect(told).toMatch(/reward -?\d\.\d{3} \(-?\d\.\d{3} to -?\d\.\d{3}\), task -?\d\.\d{3} \(-?\d\.\d{3} to -?\d\.\d{3}\), right \d+ %/)
    expect(told).toMatch(/step 1 of 4: reward .* about \d+ min left/)
    // A model of random weights keeps no protocol: after two steps it is said that it makes no sense to go on.
    expect([status, told]).toEqual([1, expect.stringContaining('Paused: The model has')])
    const steps = out.map((line) => stepMetricsSchema.parse(JSON.parse(line)))
    const [first] = steps
    expect(told).toContain(`reward ${first?.reward.toFixed(3)} ± ${first?.reward_std.toFixed(3)} (in a group ± ${first?.group_reward_std.toFixed(3)}), right`)
    expect(steps.map(({ step, updates }) => [step, updates.applied])).toEqual([[1, 1], [2, 1]])
    // Sampling and training see the same tokens with the same probabilities.
    expect(steps[0]?.mean_ratio).toBeCloseTo(1, 5)
    expect(steps[0]?.kl).toBeCloseTo(0, 6)

    const episodes = await jsonLines(join(folder, 'whole', 'trajectories', 'step-0002.jsonl'), trajectorySchema)
    expect(episodes.map(({ id }) => [id.run, id.batch, id.rollout])).toEqual([0, 1, 2].map((rollout) => ['whole', 2, rollout]))
    const read = (name: string) => readFile(join(folder, 'whole', 'adapter', name))
    const config = readModelConfig(JSON.parse((await readFile(join(model, 'config.json'))).toString()))
    const adapter = readAdapter(config, { config: (await read('adapter_config.json')).toString(), model: await read('adapter_model.safetensors') })
    expect(adapter.lora).toMatchObject({ rank: 2, alpha: 32 })
    // B is no longer zero: something was learnt.
    expect([...adapter.parameters].some(([name, values]) => name.endsWith('lora_B.weight') && values.some((x) => x !== 0))).toBe(true)
  })

  it('goes on after an interruption as if there had been none', async () => {
    const first = await run(options('parts', '--steps', '4', '--seed', '5', ...small), /held-out after 1 steps/)
    expect([first.status, first.out.length, first.told]).toEqual([1, 1, expect.stringContaining('Interrupted after 1 steps')])
    const anew = await run(options('parts', '--steps', '4', ...small))
    expect([anew.status, anew.told]).toEqual([2, expect.stringContaining('holds a run already')])

    const rest = await run(options('parts', '--resume'))
    expect(rest.told).toContain('Going on after 1 steps')
    expect(rest.out).toHaveLength(1)
    const parts = await resultOf('parts')
    const whole = await resultOf('whole')
    const renamed = (text: string) => text.replaceAll('"run":"parts"', '"run":"whole"').replaceAll('"key":"parts/', '"key":"whole/')
    expect({ ...parts, episodes: parts.episodes.map(renamed) }).toEqual(whole)
  })

  it('takes the same step in small micro-batches as in large ones', async () => {
    const { out } = await run(options('large', '--steps', '1', '--seed', '5', ...small, '--set', 'batching.tokens=4096'))
    const [large] = out.map((line) => stepMetricsSchema.parse(JSON.parse(line)))
    const [whole] = await jsonLines(join(folder, 'whole', 'metrics.jsonl'), stepMetricsSchema)
    expect(large?.groups).toEqual(whole?.groups)
    expect(large?.tokens.padded).not.toBe(whole?.tokens.padded)
    for (const name of ['loss', 'grad_norm', 'entropy'] as const) expect(large?.[name]).toBeCloseTo(whole?.[name] ?? NaN, 4)
  })

  it('drops what came after the last checkpoint, and may go further than planned', async () => {
    const path = join(folder, 'parts', 'metrics.jsonl')
    const [one = '', two = ''] = (await readFile(path, 'utf8')).trim().split('\n')
    // A step whose adapter was lost, and a line that was cut off.
    await writeFile(path, `${one}\n${two}\n${two.replace('"step":2', '"step":3')}\n${two.slice(0, 40)}`)
    const { out } = await run(options('parts', '--resume', '--steps', '3'))
    expect(out.map((line) => stepMetricsSchema.parse(JSON.parse(line)).step)).toEqual([3])
    expect((await jsonLines(path, stepMetricsSchema)).map(({ step }) => step)).toEqual([1, 2, 3])
    expect(await readdir(join(folder, 'parts', 'checkpoints'))).toEqual(['step-0001', 'step-0002', 'step-0003'])
  })

  it('is not resumed on another model, or with another plan', async () => {
    const other = join(folder, 'other')
    await mkdir(other)
    for (const [name, bytes] of await tinyChatFiles('F16')) await writeFile(join(other, name), bytes)
    const wrong = await run(['--out', join(folder, 'whole'), '--model', other, '--resume'])
    expect([wrong.status, wrong.told]).toEqual([2, expect.stringContaining('trains another model')])
    const plan = await run(options('whole', '--resume', '--seed', '9'))
    expect([plan.status, plan.told]).toEqual([2, expect.stringContaining('leave --preset, --seed and --set out')])
  })

  it.each<[string[], number, string]>([
    [[], 2, '--out is missing'],
    [['--out', 'x', '--preset', 'slow'], 2, '--preset: "slow" is not allowed. It takes one of quick, pretrained, paper, answer-only.'],
    [['--out', 'x', '--steps', '0'], 2, '--steps: "0" is not allowed.'],
    [['--out', 'x', '--set', 'learning_rat=1'], 2, '--set: there is no setting "learning_rat". Here there are seed, steps, b, k,'],
    [['--out', 'x', '--set', 'k=1'], 2, '--set: k: needs a whole number from 2 to 64, not 1.'],
    [['--out', 'x', '--set', 'clip.low=0.2'], 1, 'no-such-model'],
    [['--out', 'x', '--set', 'colour'], 2, '--set: "colour" is not allowed. It takes NAME=VALUE.'],
    [['--out', 'x', '--colour', 'red'], 2, "Unknown option '--colour'"],
    [['--out', 'no-such-run', '--resume'], 1, 'There is no run to resume: no-such-run'],
  ])('refuses %j', async (argv, status, expected) => {
    const refused = await run([...argv, '--model', 'no-such-model'])
    expect([refused.status, refused.out]).toEqual([status, []])
    expect(refused.told).toContain(expected)
  })
  it('says when there is nothing to resume', async () => {
    const { status, told } = await run(['--out', join(folder, 'none'), '--model', model, '--resume'])
    expect([status, told]).toEqual([1, expect.stringContaining('There is no run to resume')])
  })
  it.each(['trl', 'trinity'])('exports what it kept for %s', async (framework) => {
    const file = join(folder, `${framework}.zip`)
    const exported = (form: string) => runCommand(['export', '--run', join(folder, 'whole'), '--for', form, '--out', file])
    expect(await exported(framework)).toMatchObject({ status: 0, told: expect.stringContaining('with the adapter after 2 steps') })
    const files = unzipSync(new Uint8Array(await readFile(file)))
    const kept = (name: string) => readFile(join(folder, 'whole', 'adapter', name))
    expect(Buffer.from(files['adapter/adapter_model.safetensors'] ?? [])).toEqual(await kept('adapter_model.safetensors'))
    // All of it but the name of the model, which is one that exists for the reader.
    const settings = (bytes: Uint8Array) => z.record(z.string(), z.unknown()).parse(JSON.parse(strFromU8(bytes)))
    expect(settings(files['adapter/adapter_config.json'] ?? new Uint8Array())).toEqual({ ...settings(await kept('adapter_config.json')), base_model_name_or_path: expect.any(String) })
    expect(strFromU8(files['tasks/train.jsonl'] ?? new Uint8Array()).trim().split('\n')).toHaveLength(4)
    expect(strFromU8(files['README.md'] ?? new Uint8Array())).toContain('“whole”')
    expect(await exported('nothing')).toMatchObject({ status: 2, told: expect.stringContaining('--for: "nothing" is not allowed. It takes trl, trinity,') })
  })
  it('exports moments and reference of a model in one GGUF file, too', async () => {
    const [file, zip] = [join(folder, 'tiny-F32.gguf'), join(folder, 'gguf.zip')]
    await writeFile(file, await tinyChatGguf())
    expect((await run(['--out', join(folder, 'single'), '--model', file, '--adapter', join(folder, 'whole', 'adapter'), '--threads', '1', '--steps', '1', '--seed', '5', ...small, '--set', 'evaluation.every=0', '--set', 'beta=0.01'])).status).toBe(0)
    expect(await runCommand(['export', '--run', join(folder, 'single'), '--for', 'trl', '--out', zip])).toMatchObject({ status: 0 })
    const files = unzipSync(new Uint8Array(await readFile(zip)))
    expect(Object.keys(files)).toEqual(expect.arrayContaining(['adapter/first_moment.safetensors', 'adapter/second_moment.safetensors', 'reference/adapter_model.safetensors']))
    expect(strFromU8(files['README.md'] ?? new Uint8Array())).toContain('pip install "trl[peft]==1.16.0" datasets gguf\n')
  })
  it('shows what it kept to programs that read Parquet', async () => {
    const file = join(folder, 'completions.zip')
    expect(await runCommand(['export', '--run', join(folder, 'whole'), '--for', 'trl-completions', '--out', file])).toMatchObject({ status: 0, told: expect.stringContaining('6 episodes') })
    const files = unzipSync(new Uint8Array(await readFile(file)))
    expect(Object.keys(files).sort()).toEqual(['README.md', 'completions/completions_00001.parquet', 'completions/completions_00002.parquet'])
    const kept = await jsonLines(join(folder, 'whole', 'trajectories', 'step-0002.jsonl'), trajectorySchema.extend({ advantage: z.number(), reward: z.object({ total: z.number() }) }))
    const bytes = new Uint8Array(files['completions/completions_00002.parquet'] ?? [])
    const rows = await parquetReadObjects({ file: bytes.buffer })
    expect(rows.map(({ task_id, rollout, reward, advantage }) => ({ task_id, rollout: Number(rollout), reward, advantage }))).toEqual(
      kept.map(({ id, reward, advantage }) => ({ task_id: id.task, rollout: id.rollout, reward: reward.total, advantage })),
    )
    expect(rows.map(({ sampled }): unknown => sampled)).toEqual(kept.map(({ steps }) => steps.map(({ reply }) => reply.text)))
    expect(await runCommand(['export', '--for', 'openai', '--out', file])).toMatchObject({ status: 2, told: expect.stringContaining('Give either --run or --episodes') })
  })
  it('explains itself', async () => {
    const { status, out } = await run(['--help'])
    expect([status, out[0]]).toEqual([0, expect.stringContaining('--resume')])
  })
})
