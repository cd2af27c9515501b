// Training on a file of questions, headless: split, evaluated on what is held out, resumed with the same file, exported.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { exampleOwn, ownTask, writeOwn } from '../src/core/environments/question/sources/own.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isHeldOut, usualHeldOut } from '../src/core/environments/question/training-tasks.ts'
import { taskSchema } from '../src/core/environments/question/task.ts'
import { evaluationMetricsSchema } from '../src/core/evaluation/evaluation-metrics.ts'
import { tinyChatFiles } from '../src/models/fixtures/tiny-chat-model.ts'
import { runCommand } from './fixture.ts'

let folder = ''
const at = (name: string) => join(folder, name)

/** Made-up questions: where somebody works, told in two paragraphs beside one that does not help. */
const hotpot = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    _id: `made-up-${i}`,
    question: `In which town does Person ${i} work?`,
    answer: `Town ${i}`,
    type: 'bridge',
    context: [
      [`Person ${i}`, [`Person ${i} works at Mill ${i}.`]],
      [`Mill ${i}`, [`Mill ${i} stands in Town ${i}.`]],
      [`Lake ${i}`, [`Lake ${i} is deep.`]],
    ],
    supporting_facts: [[`Person ${i}`, 0], [`Mill ${i}`, 0]],
  }))
const musique = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    id: `2hop__${i}`,
    question: `In which town does Person ${i} work?`,
    answer: `Town ${i}`,
    answer_aliases: [],
    answerable: true,
    question_decomposition: [
      { id: 1, question: 'where', answer: `Mill ${i}`, paragraph_support_idx: 0 },
      { id: 2, question: 'town', answer: `Town ${i}`, paragraph_support_idx: 1 },
    ],
    paragraphs: [
      { idx: 0, title: `Person ${i}`, paragraph_text: `Person ${i} works at Mill ${i}.`, is_supporting: true },
      { idx: 1, title: `Mill ${i}`, paragraph_text: `Mill ${i} stands in Town ${i}.`, is_supporting: true },
    ],
  }))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agemem-train-file-'))
  await mkdir(at('model'))
  for (const [name, bytes] of await tinyChatFiles()) await writeFile(join(at('model'), name), bytes)
  await writeFile(at('hotpot.json'), JSON.stringify(hotpot(20)))
  await writeFile(at('other.json'), JSON.stringify(hotpot(19)))
  await writeFile(at('musique.jsonl'), musique(20).map((record) => JSON.stringify(record)).join('\n'))
}, 60_000)
afterAll(async () => {
  await rm(folder, { recursive: true })
})

const run = (argv: string[], interruptAt?: RegExp) => runCommand(argv, { interruptAt, tick: 1000 })
const small = [
  'b=1', 'k=2', 'learning_rate=0.01', 'lora.rank=2', 'batching.lengths=[512]', 'batching.tokens=512', 'evaluation.every=1', 'evaluation.tasks=8',
  'episode.response_limit=8', 'episode.exchanges=1', 'episode.n_max.answer=1',
].flatMap((setting) => ['--set', setting])
const train = (out: string, ...more: string[]) => ['train', '--out', at(out), '--model', at('model'), '--threads', '1', ...more]
const recordSchema = z.object({ task: taskSchema, id: z.object({ task: z.string() }) })
const episodes = async (out: string, step: number) =>
  (await readFile(join(at(out), 'trajectories', `step-000${step}.jsonl`), 'utf8')).trim().split('\n').map((line) => recordSchema.parse(JSON.parse(line)).task)
const held = (id: string) => isHeldOut(id, usualHeldOut)

describe('train on a file', { timeout: 120_000 }, () => {
  it('plays what is not held out, and is evaluated on what is', async () => {
    const { status, told } = await run(train('hotpot', '--source', 'hotpotqa', '--file', at('hotpot.json'), '--steps', '2', ...small))
    expect([status, told]).toEqual([expect.any(Number), expect.stringContaining('step 2 of 2')])
    for (const step of [1, 2]) {
      const tasks = await episodes('hotpot', step)
      expect(tasks.map(({ id, split, source }) => [held(id), split, source])).toEqual([[false, 'train', 'hotpotqa'], [false, 'train', 'hotpotqa']])
    }
    const all = hotpot(20).map(({ _id }) => `hotpotqa-${_id}`)
    const evaluated = z.array(evaluationMetricsSchema).parse((await readFile(join(at('hotpot'), 'evaluations.jsonl'), 'utf8')).trim().split('\n').map((line): unknown => JSON.parse(line)))
    expect(evaluated.map(({ step, tasks }) => [step, tasks])).toEqual([0, 1, 2].map((step) => [step, Math.min(8, all.filter(held).length)]))
  })
  it('reads MuSiQue as well, and --set reaches the options', async () => {
    const { told } = await run(train('musique', '--source', 'musique', '--file', at('musique.jsonl'), '--steps', '1', ...small, '--set', 'tasks.options.held_out.share=0.5'))
    expect(told).toContain('step 1 of 1')
    expect((await episodes('musique', 1))[0]).toMatchObject({ source: 'musique', split: 'train' })
    expect(JSON.parse(await readFile(join(at('musique'), 'run.json'), 'utf8'))).toMatchObject({
      config: { tasks: { family: 'question', options: { source: 'musique', data: { name: 'musique.jsonl' }, held_out: { share: 0.5 } } } },
    })
  })
  it('goes on with the same file alone, to what it would have come to', async () => {
    const begun = await run(train('parts', '--source', 'hotpotqa', '--file', at('hotpot.json'), '--steps', '2', ...small), /held-out after 1 steps/)
    expect(begun.told).toContain('Interrupted after 1 steps')
    const without = await run(train('parts', '--resume'))
    expect([without.status, without.told]).toEqual([2, expect.stringContaining('come from the file hotpot.json: give it with --file')])
    const wrong = await run(train('parts', '--resume', '--file', at('other.json')))
    expect([wrong.status, wrong.told]).toEqual([2, expect.stringMatching(/are not those of this run, which come from hotpot\.json: their hash is [0-9a-f]{12}…, not [0-9a-f]{12}…/)])
    const resumed = await run(train('parts', '--resume', '--file', at('hotpot.json')))
    expect(resumed.told).toContain('Going on after 1 steps')
    const adapter = (out: string) => readFile(join(at(out), 'adapter', 'adapter_model.safetensors'))
    expect(await adapter('parts')).toEqual(await adapter('hotpot'))
  })
  it('exports the tasks of the file', async () => {
    const file = at('run.zip')
    const missing = await run(['export', '--run', at('hotpot'), '--for', 'trl', '--out', file])
    expect([missing.status, missing.told]).toEqual([2, expect.stringContaining('give it with --file')])
    expect((await run(['export', '--run', at('hotpot'), '--for', 'trl', '--out', file, '--file', at('hotpot.json')])).status).toBe(0)
    const files = unzipSync(new Uint8Array(await readFile(file)))
    const ids = (name: string) => strFromU8(files[name] ?? new Uint8Array()).trim().split('\n').map((line) => taskSchema.parse(JSON.parse(line)).id)
    expect(ids('tasks/train.jsonl').map(held)).toEqual([false, false])
    expect(ids('tasks/held_out.jsonl').every(held)).toBe(true)
  })
  it('trains on a task of one’s own, plays and exports it', async () => {
    await writeFile(at('own.txt'), writeOwn(exampleOwn))
    const { told } = await run(train('own', '--source', 'own', '--file', at('own.txt'), '--steps', '1', '--set', 'b=1', '--set', 'k=2', '--set', 'lora.rank=2', '--set', 'batching.lengths=[512]', '--set', 'batching.tokens=512', '--set', 'episode.response_limit=8', '--set', 'episode.exchanges=1', '--set', 'episode.n_max.answer=1'))
    expect(told).toContain('step 1 of 1')
    expect(await episodes('own', 1)).toEqual([{ ...ownTask(exampleOwn), split: 'train' }, { ...ownTask(exampleOwn), split: 'train' }])
    const exported = await run(['export', '--run', at('own'), '--for', 'trl', '--out', at('own.zip'), '--file', at('own.txt')])
    expect(exported.status).toBe(0)
    expect(strFromU8(unzipSync(new Uint8Array(await readFile(at('own.zip'))))['tasks/held_out.jsonl'] ?? new Uint8Array([33]))).toBe('')
    const played = await run(['episode', '--source', 'own', '--file', at('own.txt')])
    expect(JSON.parse(played.out.join(''))).toMatchObject({ answer: 'Oslo', setup: { source: { kind: 'file', name: 'own.txt' } } })
    await writeFile(at('broken.txt'), '+ Lena lives in Bergen.\n? Where?\n= Bergen\n\n+ Tom is nine.\n= 9')
    const broken = await run(['episode', '--source', 'own', '--file', at('broken.txt')])
    expect([broken.status, broken.told]).toEqual([1, expect.stringContaining('Task 2 of')])
    expect(broken.told).toContain('it has no question, in a line that begins with ?')
  })
  it.each<[string[], string]>([
    [['--source', 'hotpotqa'], '--source hotpotqa needs --file'],
    [['--file', 'hotpot.json'], '--file goes with --source hotpotqa or musique or locomo or longmemeval or factconsolidation or own'],
    [['--source', 'moon'], '--source: "moon" is not allowed. It takes one of world, hotpotqa, musique, locomo, longmemeval, factconsolidation, scenario, own.'],
  ])('refuses %j', async (argv, expected) => {
    const { status, told } = await run(train('none', ...argv))
    expect([status, told]).toEqual([2, expect.stringContaining(expected)])
  })
  it('says that a file holds records of the other kind', async () => {
    const { status, told } = await run(train('none', '--source', 'musique', '--file', at('hotpot.json')))
    expect([status, told]).toEqual([2, expect.stringContaining('holds hotpotqa records: use --source hotpotqa')])
  })
})
