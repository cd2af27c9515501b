import { questionIn } from '../src/core/environments/question/task.ts'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { recordSchema } from '../src/core/episode/read-record.ts'
import { defaultCareless } from '../src/core/demonstrations/scripted.ts'
import { defaultDifficulty } from '../src/core/environments/question/sources/world.ts'
import { rewardPresets } from '../src/core/reward/presets.ts'
import { settingsPresets } from '../src/core/episode/settings.ts'
import type { ChatMessage } from '../src/core/policy/policy.ts'
import type { Task } from '../src/core/environments/question/task.ts'
import { scenarios } from '../src/core/environments/question/sources/scenarios.ts'
import { dispatch } from './dispatch.ts'
import { locomo } from '../src/core/environments/question/sources/conversation.fixture.ts'
import { runCommand } from './fixture.ts'
import { tellRoom } from './play.ts'

const number = z.number()
const rewardSchema = z.object({
  task: number,
  context: z.object({ compression: number, preventive: number, preservation: number, total: number }),
  memory: z.object({ storage: number, maintenance: number, relevance: number, total: number }),
  penalty: number,
  total: number,
})
const tokens = z.object({ stage1: number, stage2: number, stage3: number, peak: number })
const lineSchema = z.object({
  task_id: z.string(),
  source: z.string(),
  policy: z.string(),
  seed: number,
  query: z.string(),
  expected: z.string(),
  answer: z.string().nullable(),
  complete: z.boolean(),
  reward: rewardSchema,
  memory_quality: number,
  tool_calls: z.record(z.string(), number),
  tool_errors: number,
  format_violations: number,
  tokens,
  steps: z.array(z.object({ phase: z.string(), turn: number, reply: z.object({ text: z.string() }), calls: z.array(z.unknown()) })),
})
const summarySchema = z.object({
  episodes: number,
  reward: rewardSchema,
  memory_quality: number,
  success_rate: number,
  fact_recall: number,
  fact_precision: number,
  update_correctness: number.nullable(),
  tool_calls: z.record(z.string(), number),
  tokens,
  intervals: z.object({ success_rate: z.tuple([number, number]), reward: z.object({ total: z.tuple([number, number]) }) }),
})

const run = (...argv: string[]) => runCommand(argv)

let folder = ''
const file = (name: string) => join(folder, name)
const hotpot = {
  _id: 'h1',
  question: 'Which river flows through the town where Ada Quill was born?',
  answer: 'Lumen',
  context: [
    ['Ada Quill', ['Ada Quill was born in Brackwater.', ' She paints.']],
    ['Brackwater', ['Brackwater is a town on the river Lumen.']],
    ['Tarn Hollow', ['Tarn Hollow is a village without a river.', ' It has a mill.']],
  ],
  supporting_facts: [['Ada Quill', 0], ['Brackwater', 0]],
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agemem-cli-'))
  await writeFile(file('good.json'), JSON.stringify([hotpot, { ...hotpot, _id: 'h2', answer: null }]))
  await writeFile(file('locomo.json'), JSON.stringify([locomo]))
  await writeFile(file('packed.jsonl.gz'), gzipSync(Array.from({ length: 30 }, (_, i) => `${JSON.stringify({ ...hotpot, _id: `p${i}` })}\n`).join('')))
  await writeFile(file('large.jsonl'), `${JSON.stringify(hotpot)}\n${`${JSON.stringify({ pad: 'x'.repeat(3_900_000) })}\n`.repeat(17)}`)
  await writeFile(file('broken.json'), '{"question": ')
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

describe('episode', () => {
  it('prints one episode a line, with every name and as an importable trajectory', async () => {
    const { status, out } = await run('episode', '--tasks', '3', '--seed', '4', '--policy', 'careless')
    expect(status).toBe(0)
    expect(out).toHaveLength(3)
    for (const line of out) {
      const value: unknown = JSON.parse(line)
      expect(lineSchema.parse(value)).toMatchObject({ source: 'world', policy: 'careless', seed: 4, complete: true })
      expect(recordSchema.parse(value).status).toBe('complete')
    }
  })
  it('says in each what played, and where its task came from', async () => {
    const setups = async (...args: string[]) => (await run('episode', ...args)).out.map((line) => recordSchema.parse(JSON.parse(line)).setup)
    const [, second] = await setups('--tasks', '2', '--seed', '4', '--policy', 'careless', '--careless', 'add=1', '--preset', 'answer-only')
    expect(second).toEqual({
      agent: 'agemem',
      policy: { kind: 'scripted', name: 'careless', careless: { ...defaultCareless, add: 1 } },
      embedder: 'hash',
      reward: rewardPresets['answer-only'],
      source: { kind: 'generated', generator: 'world', seed: 4, index: 1, split: 'held-out', options: defaultDifficulty },
    })
    const [scenario] = await setups('--source', 'scenario', '--tasks', '1')
    expect(scenario).toMatchObject({ policy: { kind: 'scripted', name: 'oracle' }, source: { kind: 'built-in' } })
    const [read] = await setups('--source', 'hotpotqa', '--file', file('good.json'))
    expect(read?.source).toEqual({ kind: 'file', name: 'good.json' })
    const [given] = await setups('--tasks', '1', '--given-facts')
    expect(given?.source).toEqual({ kind: 'given' })
  })
  it('tells as many sessions of a conversation as asked for', async () => {
    const told = async (...more: string[]) => {
      const { out } = await run('episode', '--source', 'locomo', '--file', file('locomo.json'), '--tasks', '1', ...more)
      const { task } = z.object({ task: z.object({ build: z.array(z.object({ text: z.string() })) }) }).parse(JSON.parse(out[0] ?? ''))
      return task.build.map(({ text }) => text.slice(0, text.indexOf(']') + 1))
    }
    expect(await told()).toEqual(['[1:56 pm on 8 May, 2023]', '[10:00 am on 2 June, 2023]', '[9:15 am on 30 June, 2023]'])
    // The first question is of the second session.
    expect(await told('--sessions', '1')).toEqual(['[10:00 am on 2 June, 2023]'])
  })
  it('gives the same for the same seed, and something else for another', async () => {
    const first = await run('episode', '--tasks', '2', '--policy', 'careless', '--seed', '9')
    const again = await run('episode', '--tasks', '2', '--policy', 'careless', '--seed', '9')
    const other = await run('episode', '--tasks', '2', '--policy', 'careless', '--seed', '10')
    expect(again.out).toEqual(first.out)
    expect(other.out).not.toEqual(first.out)
  })
  it('does not depend on how many are played', async () => {
    const one = await run('episode', '--tasks', '1', '--policy', 'careless')
    const many = await run('episode', '--tasks', '20', '--policy', 'careless')
    expect(many.out[0]).toBe(one.out[0])
  })
  it('reads a file and tells which record does not fit', async () => {
    const { status, out, told } = await run('episode', '--source', 'hotpotqa', '--file', file('good.json'))
    expect(status).toBe(0)
    expect(out.map((line) => lineSchema.parse(JSON.parse(line)))).toMatchObject([{ task_id: 'hotpotqa-h1', answer: 'Lumen', reward: { task: 1 } }])
    expect(told).toContain('1 of 2 records became tasks')
    expect(told).toContain('record 2 (h2): answer')
  })
  it('reads a packed file, and no more of it than is asked for', async () => {
    const { status, out, told } = await run('episode', '--source', 'hotpotqa', '--file', file('packed.jsonl.gz'), '--tasks', '2')
    expect(status).toBe(0)
    expect(told).not.toContain('Only')
    expect(out.map((line) => lineSchema.parse(JSON.parse(line)).task_id)).toEqual(['hotpotqa-p0', 'hotpotqa-p1'])
  })
  it('reads the first records of a large file, and says so', async () => {
    const { status, out, told } = await run('episode', '--source', 'hotpotqa', '--file', file('large.jsonl'))
    expect([status, out.length]).toEqual([0, 1])
    expect(told).toContain('Only the first 17 records were read: the file has 63 MB, and reading ends after 60 MB of text.')
  })
  it('plays the scenarios', async () => {
    const { status, out } = await run('episode', '--source', 'scenario', '--tasks', '1')
    expect(status).toBe(0)
    expect(lineSchema.parse(JSON.parse(out[0] ?? '')).reward.task).toBe(1)
  })
  it('takes a difficulty', async () => {
    const { out } = await run('episode', '--difficulty', 'distractors=0,small_talk=0,facts=1,one_hop=1,two_hop=0,comparison=0,update=0,update_share=0')
    const trajectory = recordSchema.parse(JSON.parse(out[0] ?? ''))
    const { build, resist } = questionIn(trajectory.task)
    expect([build.length, resist.length]).toEqual([1, 0])
  })
  it('applies the preset', async () => {
    const { out } = await run('episode', '--policy', 'store-none', '--preset', 'answer-only')
    const { reward } = lineSchema.parse(JSON.parse(out[0] ?? ''))
    expect(reward.context.total).toBeGreaterThan(0)
    expect(reward.total).toBe(0)
  })
  it('says before it plays what does not fit: a window that T_max goes beyond, and tasks', async () => {
    const { told } = await run('episode', '--source', 'hotpotqa', '--file', file('good.json'), '--settings', 'playground')
    expect(told).not.toContain('fit')
    const said: string[] = []
    const io = { tell: (line: string) => { said.push(line) } }
    const [first] = scenarios
    if (!first) throw new Error('no scenario')
    const task = (text: string): Task => ({ ...first, build: [{ text, kind: 'fact', facts: [] }], resist: [], query: '' })
    const letters = { name: 'letters', count: (text: string) => text.length, message: ({ role, content }: ChatMessage) => (role === 'system' ? 0 : content.length) }
    const long = task('x'.repeat(2000))
    tellRoom([task('x'), long, task('x'.repeat(1500))], settingsPresets.paper, { counter: letters, window: 1024 }, 'nano', io)
    expect(said).toEqual([
      'T_max is 8,192 tokens, and nano takes 1,024 at once: a longer prompt ends an episode. Settings with a smaller window are playground and quick.',
      '2 of 3 tasks need 1,500 to 2,000 tokens for what is told and asked alone; 1,024 fit.',
    ])
    said.length = 0
    tellRoom([long], settingsPresets.paper, { counter: letters, window: null }, 'oracle', io)
    expect(said).toEqual([])
  })
  it('stops when interrupted, with what it has, and fails', async () => {
    const interrupted = new AbortController()
    const out: string[] = []
    const told: string[] = []
    const status = await dispatch(['episode', '--tasks', '80'], {
      out: async (line) => {
        out.push(line)
        interrupted.abort()
        return Promise.resolve()
      },
      tell: (line) => { told.push(line) },
      signal: interrupted.signal,
      now: () => 0,
    })
    expect(out).toHaveLength(32)
    expect(told.at(-1)).toBe('Interrupted: 32 of 80 tasks were begun.')
    expect(status).toBe(1)
  })
})

describe('evaluate', () => {
  it('prints one line of means with intervals, and progress apart from it', async () => {
    const { status, out, told } = await run('evaluate', '--tasks', '40')
    expect(status).toBe(0)
    expect(out).toHaveLength(1)
    const summary = summarySchema.parse(JSON.parse(out[0] ?? ''))
    expect(summary).toMatchObject({ episodes: 40, success_rate: 1, memory_quality: 1, intervals: { success_rate: [expect.closeTo(0.9124, 4), 1] } })
    expect(told).toContain('40 of 40 episodes')
  })
  it('orders the policies: the oracle above storing everything above storing nothing', async () => {
    const totals = []
    for (const policy of ['oracle', 'store-all', 'store-none']) {
      const { out } = await run('evaluate', '--tasks', '20', '--policy', policy)
      totals.push(summarySchema.parse(JSON.parse(out[0] ?? '')))
    }
    const [oracle, all, none] = totals
    expect(oracle?.reward.total).toBeGreaterThan(all?.reward.total ?? Infinity)
    expect(all?.reward.total).toBeGreaterThan(none?.reward.total ?? Infinity)
    expect(all?.reward.memory.storage).toBeLessThan(0.8)
    expect(none?.success_rate).toBe(0)
  })
})

describe('wrong arguments give 2 and say what is allowed', () => {
  it.each<[string[], string]>([
    [[], 'Name a command: episode, evaluate, golden, pretrain, sft, train, experiment, export, import, card.'],
    [['play'], 'There is no command "play": episode, evaluate, golden, pretrain, sft, train, experiment, export, import, card.'],
    [['toString'], 'There is no command "toString"'],
    [['episode', '--policy', 'wizard'], '--policy: "wizard" is not allowed. It takes one of oracle, store-all, store-none, careless, nano, model; nano is the language model that comes with the page, model any other one, from --model.'],
    [['episode', '--seed', '1.5'], '--seed: "1.5" is not allowed. It takes a whole number from 0 to 4294967295.'],
    [['episode', '--tasks', '0'], '--tasks: "0" is not allowed.'],
    [['episode', '--colour', 'red'], "Unknown option '--colour'. The options are --source, --agent, --file"],
    [['episode', 'extra'], "Unexpected argument 'extra'"],
    [['episode', '--seed'], '--seed'],
    [['episode', '--source', 'hotpotqa'], '--source hotpotqa needs --file'],
    [['episode', '--file', 'x.json'], '--file goes with --source hotpotqa or musique or locomo or longmemeval or factconsolidation or own, not with world.'],
    [['episode', '--sessions', '2'], '--sessions goes with --source locomo or longmemeval or factconsolidation, not with world.'],
    [['episode', '--source', 'locomo', '--file', 'x.json', '--sessions', '0'], '--sessions: "0" is not allowed.'],
    [['episode', '--difficulty', 'hops=3'], '--difficulty: "hops=3" is not allowed. It takes a list like the default, facts='],
    [['episode', '--difficulty', 'facts=99'], '--difficulty: facts: '],
    [['episode', '--careless', 'add=2'], '--careless: add: '],
  ])('%j', async (argv, expected) => {
    const { status, out, told } = await run(...argv)
    expect(status).toBe(2)
    expect(out).toEqual([])
    expect(told).toContain(expected)
  })
  it('also when the file is of the other kind', async () => {
    const { status, told } = await run('episode', '--source', 'musique', '--file', file('good.json'))
    expect([status, told]).toEqual([2, expect.stringContaining('holds hotpotqa records: use --source hotpotqa.')])
  })
})

describe('a file that is of no use gives 1', () => {
  it.each(['broken.json', 'missing.json'])('%s', async (name) => {
    const { status, out, told } = await run('evaluate', '--source', 'hotpotqa', '--file', file(name))
    expect(status).toBe(1)
    expect(out).toEqual([])
    expect(told).toContain(name)
  })
})

describe('as a process', () => {
  const root = new URL('..', import.meta.url)
  const start = (...argv: string[]) =>
    new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
      const child = execFile(process.execPath, ['--import', 'tsx', 'cli/main.ts', ...argv], { cwd: root }, (_, stdout, stderr) => {
        resolve({ status: child.exitCode ?? -1, stdout, stderr })
      })
    })

  it('keeps results on stdout, progress on stderr, and exits with the status', async () => {
    const [good, bad, help] = await Promise.all([start('evaluate', '--tasks', '2'), start('episode', '--policy', 'wizard'), start('--help')])
    expect([good.status, bad.status, help.status]).toEqual([0, 2, 0])
    expect(summarySchema.parse(JSON.parse(good.stdout)).episodes).toBe(2)
    expect(good.stderr).toContain('2 of 2 episodes')
    expect(bad.stdout).toBe('')
    expect(help.stdout).toContain('Exit status')
  })
})
