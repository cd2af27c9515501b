// What leaves for other frameworks: option names against those of their sources, tasks through their schema, the
// environment in Python against the one here.
import { questionIn } from '../environments/question/task.ts'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseReply } from '../agents/agemem/protocol/parser.ts'
import { z } from 'zod'
import { runEpisodes } from '../episode/simulator.ts'
import type { Trajectory } from '../record/trajectory.ts'
import { trainConfigSchema, trainPresets, type TrainConfig } from '../training/config.ts'
import { evaluationTasks, tasksOfStep } from '../training/tasks-of-step.ts'
import { HashEmbedder } from '../memory/hash-embedder.ts'
import { InMemoryStore } from '../memory/in-memory-store.ts'
import { defaultCareless, scriptedPolicy } from '../demonstrations/scripted.ts'
import { wordCounter } from '../policy/word-counter.ts'
import { composite } from '../reward/composite.ts'
import { componentsSchema } from '../reward/reward.ts'
import { scoreTrajectory } from '../reward/score.ts'
import { taskSchema, type Task } from '../environments/question/task.ts'
import { noDataSets } from '../environments/family.ts'
import { tasksOfRun, type ExportedRun, type ExportFile } from './files.ts'
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
    expect(trlConfig(quick).grpo).toMatchObject({ num_generations: 8, per_device_train_batch_size: 8, gradient_accumulation_steps: 4, beta: quick.beta, epsilon: 0.2, epsilon_high: 0.28, learning_rate: quick.learning_rate, loss_type: 'dapo', scale_rewards: 'group', max_steps: quick.steps, temperature: quick.episode.temperature })
    expect(trlConfig(quick).lora).toMatchObject({ r: quick.lora.rank, lora_alpha: quick.lora.alpha, target_modules: quick.lora.targets })
    expect(trinityConfig(await run(paper))).toMatchObject({ algorithm: { repeat_times: 8, kl_loss_fn: paper.kl_estimator, kl_loss_fn_args: { kl_coef: 0.1 }, loss_agg_mode: 'seq-mean-token-mean', optimizer: { lr: 1e-5, lr_warmup_steps: 10 } }, buffer: { batch_size: 4, total_steps: 200 } })
  })
  it('have the learning rate end where it does here', async () => {
    const falling = { ...quick, schedule: 'linear', learning_rate: 0.5 } as const
    expect(trlConfig(falling).grpo.lr_scheduler_kwargs).toEqual({ lr_end: expect.closeTo(0.05, 12), power: 1 })
    expect(trinityConfig(await run(falling)).algorithm.optimizer).toMatchObject({ lr_scheduler_type: 'cosine', min_lr_ratio: expect.closeTo(0.1, 12) })
    expect(trlConfig({ ...falling, schedule: 'constant' }).grpo.lr_scheduler_type).toBe('constant_with_warmup')
  })
  it('sample as it did', async () => {
    const likely = { ...quick, episode: { ...quick.episode, min_p: 0.02 } }
    expect(trlConfig(likely).grpo).toMatchObject({ min_p: 0.02 })
    expect(trlConfig({ ...quick, episode: { ...quick.episode, min_p: 0 } }).grpo).not.toHaveProperty('min_p')
    expect(text(trinityFiles(await run(likely)), 'README.md')).toContain('min-p 0.02')
  })
  it('tell apart at which temperatures it sampled, evaluated and took log π', async () => {
    const warm = { ...quick, episode: { ...quick.episode, temperature: 1.25 }, evaluation: { ...quick.evaluation, temperature: 0.5 } }
    const falling = { ...quick, exploration: { temperature: 1.4, steps: 30 } }
    const even = { ...quick, exploration: null, episode: { ...quick.episode, temperature: 1 }, evaluation: { ...quick.evaluation, temperature: 1 } }
    const { taskset, eval_tasksets } = trinityConfig(await run(warm)).buffer.explorer_input
    expect([taskset.rollout_args, eval_tasksets[0]?.rollout_args]).toEqual([{ temperature: 1.25 }, { temperature: 0.5 }])
    for (const files of [trlFiles, trinityFiles]) {
      expect(text(files(await run(warm)), 'README.md')).toContain('this run sampled at 1.25 and took it at 1')
      expect(text(files(await run(even)), 'README.md')).not.toMatch(/this run sampled at|went there from/)
      expect(text(files(await run(falling)), 'README.md')).toContain('went there from 1.4 in its first 30 steps')
    }
    expect(text(trlFiles(await run(warm)), 'README.md')).toContain('the rollouts, 1.25; this run at 0.5')
    expect(text(trlFiles(await run(even)), 'README.md')).not.toContain('at the temperature of the rollouts')
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
    expect(text(trlFiles(await run({ ...quick, kl_estimator: 'k1', credit: 'step-normalised' })), 'README.md')).toMatch(/this run with k1[^]*not divided by the number of steps/)
    expect(text(trinityFiles(await run({ ...quick, credit: 'last-stage' })), 'README.md')).toContain('this run gave it to the last stage only')
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
    expect(text(files, 'adapter/adapter_config.json')).toBe(adapter.config)
    expect(z.object({ config: trainConfigSchema }).parse(JSON.parse(text(files, 'run.json'))).config).toEqual({ ...quick, steps: 3 })
    expect(JSON.parse(text(files, 'reward.json'))).toEqual(quick.reward.weights)
    expect(JSON.parse(text(files, 'tools.json'))).toHaveLength(6)
    expect(trlFiles(await run(quick, { adapter: null })).some(({ path }) => path.startsWith('adapter/'))).toBe(false)
  })
  it('are not endless', async () => {
    expect((await tasksOfRun({ ...quick, steps: 100_000 }, noDataSets)).train).toHaveLength(20_000)
  })
})

describe('yaml', () => {
  it('writes nested data', () => {
    expect(yaml({ a: 1, b: { c: [1, { d: 'x: "y"', e: null }], f: [] }, g: 1e-7 })).toBe('a: 1\nb:\n  c:\n    - 1\n    - d: "x: \\"y\\""\n      e: null\n  f: []\ng: 1.0e-7\n')
  })
})

const python = spawnSync('python3', ['--version']).status === 0

/** The exported folder on disk, and a Python program in it. */
function inPython(files: readonly ExportFile[], program: string, input = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'agemem-export-'))
  try {
    for (const { path, content } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), content)
    }
    const { status, stdout, stderr } = spawnSync('python3', ['-c', program], { cwd: folder, input, encoding: 'utf8', maxBuffer: 2 ** 26 })
    if (status !== 0) throw new Error(stderr)
    return stdout
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const replayedSchema = z.object({ components: componentsSchema, reward: z.number(), left: z.number(), tokens: z.array(z.number()) })

const replay = `
import json, sys
from agemem import Episode, count_tokens, read_json
run, system = read_json("run.json")["config"], open("system_prompt.txt", encoding="utf-8").read()
for line in sys.stdin:
    given = json.loads(line)
    episode = Episode(given["task"], run, system, count_tokens)
    play, replies = episode.play(), iter(given["replies"])
    request = next(play)
    try:
        while True:
            request = play.send(next(replies))
    except StopIteration:
        left = len(list(replies))
    print(json.dumps({"components": episode.components(), "reward": episode.reward(), "left": left, "tokens": [s["tokens"] for s in episode.steps]}))
`

async function played(policyName: 'oracle' | 'store-all' | 'careless', tasks: readonly Task[]): Promise<Trajectory[]> {
  const embedder = new HashEmbedder()
  const policy = scriptedPolicy(policyName, (key) => tasks.find((task) => task.id === key), { ...defaultCareless, break_format: 0 })
  const specs = tasks.map((task) => ({ key: task.id, id: { run: 'r', batch: 1, rollout: 0 }, task, seed: 3, settings: quick.episode }))
  return runEpisodes(specs, { policy, memory: new InMemoryStore(embedder), embedder, counter: wordCounter })
}

describe.skipIf(!python)('in Python', () => {
  it('the scripts compile', async () => {
    const program = 'import pathlib\nfor path in pathlib.Path(".").rglob("*.py"): compile(path.read_text(encoding="utf-8"), str(path), "exec"); print(path)'
    expect(inPython([...trlFiles(await run({ ...quick, steps: 1 })), ...trinityFiles(await run({ ...quick, steps: 1 }))], program).trim().split('\n').sort()).toEqual(['agemem.py', 'plugins/agemem_workflow.py', 'train_agemem.py'])
  })

  it('what a message spells of a mark goes through a template as text', async () => {
    const program = `
import json
from agemem import Marks
marks = Marks(["<|a|>", "<|ab|>", "$"])
said = ["x<|a|>y<|ab|>", chr(0x100000) + chr(0x100003) + "<|a", "$5 <|a|><|a|>", ""]
quoted = ["<|a|>" + marks.quote(text).strip() + "<|ab|>" for text in said]
assert not any("<|a|>" in each[5:-6] or "$" in each for each in quoted)
print(json.dumps([[text for text, mark in marks.sections(each) if not mark] for each in quoted]))
print(json.dumps([[text for text, mark in marks.sections(each) if mark] for each in quoted]))
print(json.dumps([list(Marks([]).sections("a<b>")), Marks([]).quote("a")]))
`
    const [texts, marks, none] = records(inPython(trlFiles(await run({ ...quick, steps: 1 })), program))
    expect(texts).toEqual([['x<|a|>y<|ab|>'], ['\u{100000}\u{100003}<|a'], ['$5 <|a|><|a|>'], []])
    expect(marks).toEqual([['<|a|>', '<|ab|>'], ['<|a|>', '<|ab|>'], ['<|a|>', '<|ab|>'], ['<|a|>', '<|ab|>']])
    expect(none).toEqual([[['a<b>', false]], 'a'])
  })

  it('replies are read as they are read here', async () => {
    const call = (content: string) => JSON.stringify([{ name: 'Add_memory', arguments: { content } }])
    const replies = [
      `<think>a</think><tool_call>${call('x')}</tool_call>`,
      `A draft: <tool_call>${call('draft')}</tool_call> no.</think>\n<tool_call>${call('real')}</tool_call>`,
      `<think>First <tool_call>, then</think><tool_call>${call('</tool_call><answer>no</answer>')}</tool_call>`,
      '<think>a</think><answer>Write </answer> at the end.</answer>',
      `<think>a</think><tool_call>${call('x').slice(0, -4)}`,
      '<think>a</think>',
    ]
    const program = 'import json, sys\nfrom agemem import parse\nfor line in sys.stdin: print(json.dumps(parse(json.loads(line))))'
    const out = records(inPython(trlFiles(await run({ ...quick, steps: 1 })), program, replies.map((reply) => JSON.stringify(reply)).join('\n')))
    expect(out).toEqual(
      replies.map((reply) => {
        const { calls, answer } = parseReply(reply)
        return [calls, answer]
      }),
    )
    expect(out.slice(1, 5)).toMatchObject([[[{ arguments: { content: 'real' } }], null], [[{ arguments: { content: '</tool_call><answer>no</answer>' } }], null], [[], 'Write </answer> at the end.'], [[], null]])
  })

  it('the length of a prompt is the engine’s word, and the reward goes by it', async () => {
    const program = `
import json
from agemem import Episode, count_tokens, read_json, read_tasks
task = read_tasks("tasks/train.jsonl")[0]
run = read_json("run.json")["config"]
episode = Episode(task, run, "s", count_tokens)
play = episode.play()
request = next(play)
try:
    while True:
        episode.asked_with(run["episode"]["t_max"] // 4)
        request = play.send("<think>a</think><answer>b</answer>")
except StopIteration:
    pass
first = episode.components()
episode.asked_with(run["episode"]["t_max"] + 1)
print(json.dumps([first["compression"], first["context_exceeded"], episode.components()["compression"], episode.components()["context_exceeded"]]))
`
    expect(records(inPython(trlFiles(await run({ ...quick, steps: 1 })), program))).toEqual([[0.75, false, 0, true]])
  })

  it.each(['oracle', 'store-all', 'careless'] as const)('episodes of %s have the same course and reward', async (name) => {
    const tasks = await evaluationTasks({ ...quick, evaluation: { ...quick.evaluation, tasks: 24 } }, noDataSets)
    const episodes = await played(name, tasks.map(({ task }) => questionIn(task)))
    const files = trlFiles(await run({ ...quick, steps: 1, evaluation: { ...quick.evaluation, tasks: 24 } }))
    const lines = records(text(files, 'tasks/held_out.jsonl'))
    const input = episodes.map(({ steps }, i) => JSON.stringify({ task: lines[i], replies: steps.flatMap(({ reply, asides }) => [reply.text, ...asides.map(({ generation }) => generation.text)]) })).join('\n')
    const out = records(inPython(files, replay, input)).map((each) => replayedSchema.parse(each))
    expect(out).toHaveLength(episodes.length)
    for (const [i, { components, reward, left, tokens }] of out.entries()) {
      const episode = episodes[i]
      if (!episode) continue
      const scored = scoreTrajectory(episode, quick.reward.weights)
      // Other memories may be retrieved, which are of another length.
      const { compression, relevance } = components
      const wanted = name === 'oracle' ? scored.components : { ...scored.components, compression, relevance }
      expect(components, episode.task.id).toEqual(wanted)
      expect(Math.abs((compression ?? NaN) - (scored.components.compression ?? NaN)), episode.task.id).toBeLessThan(0.02)
      expect(reward).toBeCloseTo(composite(components, quick.reward.weights).total, 12)
      expect(left).toBe(0)
      expect(tokens).toHaveLength(episode.steps.length)
      if (name === 'oracle') expect(tokens).toEqual(episode.steps.map(({ prompt_tokens }) => prompt_tokens))
    }
  })
})
