import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { supervisedEvaluationSchema, supervisedMetricsSchema } from '../src/core/training/supervised/metrics.ts'
import { stepMetricsSchema } from '../src/core/training/metrics.ts'
import { folderWithModel, runCommand } from './fixture.ts'

let folder = ''
let model = ''
beforeAll(async () => {
  ;({ folder, model } = await folderWithModel('sft'))
}, 60_000)
afterAll(async () => {
  await rm(folder, { recursive: true })
})

const run = (argv: string[], interruptAt?: RegExp) => runCommand(['sft', ...argv], { interruptAt, tick: 1000 })

const small = [
  'b=1', 'learning_rate=0.01', 'warm_up_steps=0', 'lora.rank=2', 'batching.lengths=[512]', 'batching.tokens=512', 'evaluation.every=2', 'evaluation.tasks=1', 'evaluation.demonstrations=1', 'checkpoint_every=2',
  'episode.response_limit=16', 'episode.exchanges=1', 'episode.n_max.answer=1',
  'tasks.options.difficulty.facts=1', 'tasks.options.difficulty.distractors=1', 'tasks.options.difficulty.two_hop=0', 'tasks.options.difficulty.comparison=0',
].flatMap((setting) => ['--set', setting])
const options = (out: string, ...more: string[]) => ['--out', join(folder, out), '--model', model, '--threads', '1', ...more]

const jsonLines = async <T>(path: string, schema: z.ZodType<T>) => (await readFile(path, 'utf8')).trim().split('\n').map((line) => schema.parse(JSON.parse(line)))
/** What a run came to, without its times. */
async function resultOf(out: string) {
  const at = (...path: string[]) => join(folder, out, ...path)
  return {
    metrics: (await jsonLines(at('metrics.jsonl'), supervisedMetricsSchema)).map((metrics) => ({ ...metrics, seconds: null })),
    evaluations: (await jsonLines(at('evaluations.jsonl'), supervisedEvaluationSchema)).map(({ demonstrations, episodes }) => ({ demonstrations, episodes: episodes && { ...episodes, seconds: null } })),
    adapter: await readFile(at('adapter', 'adapter_model.safetensors')),
    optimizer: await readFile(at('checkpoints', 'step-0006', 'optimizer.safetensors')),
  }
}

// Real training, if of a tiny model: seconds on a quiet machine.
describe('sft', { timeout: 180_000 }, () => {
  it('learns what the teacher says, and measures it on episodes that it has not seen', async () => {
    const { status, out, told } = await run(options('whole', '--steps', '6', '--seed', '5', ...small))
    expect([status, told]).toEqual([0, expect.stringContaining('Done. The adapter is in')])
    expect(told).toContain('A new run: 6 steps of 1 episodes of demonstrator')
    expect(told).toMatch(/held-out after 6 steps, loss \d+\.\d{4} on \d+ tokens, 1 episodes: well-formed \d+ % of \d+ replies, right \d+ %/)
    const steps = out.map((line) => supervisedMetricsSchema.parse(JSON.parse(line)))
    expect(steps.map(({ step, applied }) => [step, applied])).toEqual([1, 2, 3, 4, 5, 6].map((step) => [step, true]))
    expect(steps.every(({ tokens: { loss, packed, padded } }) => loss > 0 && loss < packed && packed <= padded)).toBe(true)
    const losses = (await jsonLines(join(folder, 'whole', 'evaluations.jsonl'), supervisedEvaluationSchema)).map(({ demonstrations }) => demonstrations?.loss ?? NaN)
    expect(losses).toHaveLength(4)
    // The first is of the untrained model; steps of this size make each better than the last.
    for (const [i, loss] of losses.slice(1).entries()) expect(loss).toBeLessThan(losses[i] ?? NaN)
  })

  it('goes on after an interruption as if there had been none', async () => {
    const first = await run(options('parts', '--steps', '6', '--seed', '5', ...small), /^step 3 of 6/)
    expect([first.status, first.out.length, first.told]).toEqual([1, 3, expect.stringContaining('Interrupted after 3 steps')])
    const anew = await run(options('parts', '--steps', '6', ...small))
    expect([anew.status, anew.told]).toEqual([2, expect.stringContaining('holds a run already')])
    const rest = await run(options('parts', '--resume'))
    expect([rest.status, rest.told]).toEqual([0, expect.stringContaining('Going on after 3 steps')])
    const named = (text: string) => text.replaceAll('"parts', '"whole')
    expect(named(JSON.stringify(await resultOf('parts')))).toEqual(JSON.stringify(await resultOf('whole')))
    expect(await readdir(join(folder, 'parts', 'checkpoints'))).toEqual(['step-0002', 'step-0003', 'step-0004', 'step-0006'])
  })

  it('goes on teaching an adapter, from where that one is and in its shape', async () => {
    const from = join(folder, 'whole', 'adapter')
    const { status, told } = await run(options('further', '--steps', '1', '--seed', '6', ...small, '--set', 'lora.rank=8', '--adapter', from))
    expect([status, told]).toEqual([0, expect.stringContaining('Done.')])
    expect(JSON.parse(await readFile(join(folder, 'further', 'run.json'), 'utf8'))).toMatchObject({ from, step: 1, config: { lora: { rank: 2 } } })
    const losses = async (name: string) => (await jsonLines(join(folder, name, 'evaluations.jsonl'), supervisedEvaluationSchema)).map(({ demonstrations }) => demonstrations?.loss ?? NaN)
    // The tasks that it is measured on are the same.
    expect((await losses('further'))[0]).toBeCloseTo((await losses('whole')).at(-1) ?? NaN, 5)
  })

  it('leaves an adapter that training with rewards begins from, and keeps to', async () => {
    const from = join(folder, 'whole', 'adapter')
    const begin = (out: string, ...more: string[]) =>
      runCommand(['train', '--out', join(folder, out), '--model', model, '--adapter', from, '--threads', '1', '--steps', '1', '--seed', '5',
        ...['b=1', 'k=2', 'learning_rate=0.01', 'batching.lengths=[512]', 'batching.tokens=512', 'evaluation.every=0', 'episode.response_limit=16', 'episode.exchanges=1',
          'tasks.options.difficulty.facts=1', 'tasks.options.difficulty.distractors=0', 'reward.weights.memory=1', 'advantage.form=none'].flatMap((setting) => ['--set', setting]),
        ...more], { tick: 1000 })
    const klOf = (out: readonly string[]) => out.map((line) => stepMetricsSchema.parse(JSON.parse(line)).kl)
    const start = await begin('from-start')
    expect(start.told).toContain('Done.')
    // Before its first update the policy is what it keeps to; the base model is another one.
    expect(klOf(start.out)[0]).toBeCloseTo(0, 6)
    const base = await begin('from-base', '--set', 'reference=base')
    expect(klOf(base.out)[0]).toBeGreaterThan(1e-3)
    const run = JSON.parse(await readFile(join(folder, 'from-start', 'run.json'), 'utf8'))
    expect(run).toMatchObject({ from, step: 1, config: { reference: 'start', lora: { rank: 2 }, episode: { prompt: 'compact' } } })
    expect(await readFile(join(folder, 'from-start', 'checkpoints', 'step-0000', 'adapter_model.safetensors'))).toEqual(await readFile(join(from, 'adapter_model.safetensors')))
    const further = await runCommand(['train', '--out', join(folder, 'from-start'), '--model', model, '--threads', '1', '--resume', '--steps', '2'], { tick: 1000 })
    // It still keeps to where it began, not to where it was resumed.
    expect(klOf(further.out)[0]).toBeGreaterThan(1e-6)
    expect(await begin('from-nothing', '--adapter', join(folder, 'nowhere'))).toMatchObject({ status: 1, told: expect.stringContaining('adapter_config.json cannot be read') })
  })

  it('leaves an adapter that any model is evaluated with, in the prompt that it learnt', async () => {
    const evaluate = (...more: string[]) => runCommand(['evaluate', '--policy', 'model', '--tasks', '1', '--difficulty', 'facts=1,distractors=0,small_talk=0', ...more])
    const told = await evaluate('--model', model, '--adapter', join(folder, 'whole', 'adapter'))
    expect(told.out.map((line) => JSON.parse(line))).toMatchObject([{ policy: 'model', model, adapter: join(folder, 'whole', 'adapter'), settings: 'quick', episodes: 1 }])
    // Nobody taught the model itself the prompt in few words.
    expect((await evaluate('--model', model)).out.map((line) => JSON.parse(line))).toMatchObject([{ settings: 'pretrained' }])
    expect(await evaluate()).toMatchObject({ status: 2, told: expect.stringContaining('--policy model needs --model') })
  })

  it.each<[string[], number, string]>([
    [['--model', 'no-such-model'], 2, '--out is missing'],
    [['--out', 'x'], 2, '--model is missing'],
    [['--out', 'x', '--model', 'no-such-model', '--teacher', 'careless'], 2, '--teacher: "careless" is not allowed. It takes one of demonstrator, oracle.'],
    [['--out', 'x', '--model', 'no-such-model', '--teacher', 'demonstrator', '--source', 'scenario'], 2, '--teacher demonstrator knows tasks of the world alone'],
    [['--out', 'x', '--model', 'no-such-model', '--set', 'teacher.habits.update=2'], 2, '--set: teacher.habits.update'],
    [['--out', 'x', '--model', 'no-such-model', '--source', 'hotpotqa'], 2, '--source hotpotqa needs --file'],
    [['--out', 'x', '--model', 'no-such-model'], 1, 'no-such-model'],
    [['--out', 'no-such-run', '--model', 'no-such-model', '--resume'], 1, 'There is no run to resume: no-such-run'],
  ])('refuses %j', async (argv, status, expected) => {
    const refused = await run(argv)
    expect([refused.status, refused.out]).toEqual([status, []])
    expect(refused.told).toContain(expected)
  })

  it('learns from the oracle on tasks that only it knows', async () => {
    const { status, told } = await run(options('scenario', '--steps', '1', '--source', 'scenario', '--set', 'b=1', '--set', 'lora.rank=2', '--set', 'batching.lengths=[512]', '--set', 'evaluation.every=0'))
    expect([status, told]).toEqual([0, expect.stringContaining('episodes of oracle')])
  })

  it('explains itself', async () => {
    const { status, out } = await run(['--help'])
    expect([status, out[0]]).toEqual([0, expect.stringContaining('--teacher NAME')])
  })
})
