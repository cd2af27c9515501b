import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { settingsPresets } from '../src/core/episode/settings.ts'
import { readResult } from '../src/core/experiments/result.ts'
import { folderWithModel, runCommand } from './fixture.ts'

let folder = ''
let model = ''
beforeAll(async () => {
  ;({ folder, model } = await folderWithModel('experiment'))
}, 60_000)
afterAll(async () => {
  await rm(folder, { recursive: true })
})

const run = (argv: string[], interruptAt?: RegExp) => runCommand(['experiment', ...argv], { interruptAt, tick: 1000 })
const read = async (...path: string[]) => readFile(join(folder, ...path), 'utf8')
const resultIn = async (out: string, name: string) => readResult(await read(out, name, 'result.json'))
const timeless = async (out: string, name: string) => (await resultIn(out, name)).cells.map(({ seconds: _, ...rest }) => rest)

describe('experiment', { timeout: 120_000 }, () => {
  it('plays, and writes the table beside the paper in four forms', async () => {
    const { status, out, told } = await run(['tokens', '--policy', 'oracle', '--out', join(folder, 'oracle'), '--seeds', '1,2', '--tasks', '2'])
    expect([status, told]).toEqual([0, expect.stringContaining('A script cannot be trained: arms with RL are left out.')])
    expect(out.join('\n')).toMatch(/\| AgeMem-noRL-RAG \| \d+ \[\d+, \d+\] \|/)
    const { cells, plan } = await resultIn('oracle', 'tokens')
    expect(cells.map(({ arm, seed, tasks }) => [arm, seed, tasks.length])).toEqual([['agemem-rag', 1, 2], ['agemem', 1, 2], ['agemem-rag', 2, 2], ['agemem', 2, 2]])
    expect(plan.seeds).toEqual([1, 2])
    // In the place of Retrieve the memories come by themselves; nothing is filtered, so that more stands in the context.
    const of = (arm: string, measure: string) => cells.filter((cell) => cell.arm === arm).flatMap(({ values }) => values[measure] ?? [])
    expect(of('agemem-rag', 'score')).toEqual([1, 1, 1, 1])
    const tokens = (arm: string) => of(arm, 'context_tokens').reduce<number>((sum, value) => sum + (value ?? 0), 0)
    expect(tokens('agemem-rag')).toBeGreaterThan(tokens('agemem'))
    expect(await read('oracle', 'tokens', 'table.csv')).toContain('tokens,Figure 3,AgeMem-RAG,Prompt tokens,prompt_tokens,,,,,,,,,2186,2310')
    expect(await read('oracle', 'tokens', 'table.tex')).toContain('\\begin{tabular}')
  })

  it('goes on where it was interrupted, and comes to the same; with more seeds too', async () => {
    const options = (out: string, ...more: string[]) => ['tools', '--policy', 'store-all', '--out', join(folder, out), '--tasks', '2', ...more]
    expect((await run(options('half', '--seeds', '1,2'), /1 of 2 cells/)).status).toBe(1)
    expect((await resultIn('half', 'tools')).cells).toHaveLength(1)
    expect((await run(options('half', '--seeds', '1,2', '--resume'))).status).toBe(0)
    expect((await run(options('whole', '--seeds', '1'))).status).toBe(0)
    expect((await run(options('whole', '--seeds', '2', '--resume'))).status).toBe(0)
    expect(await timeless('half', 'tools')).toEqual(await timeless('whole', 'tools'))
    const other = await run([...options('whole', '--resume').slice(0, -2), '3', '--resume'])
    expect([other.status, other.told]).toEqual([2, expect.stringContaining('was made with --tasks 2; cells of another size cannot stand beside those.')])
  })

  it('trains each policy once, and goes on with a training that was interrupted', async () => {
    const options = (name: string, ...more: string[]) => [name, '--policy', 'model', '--model', model, '--out', join(folder, 'trained'), '--seeds', '5', '--tasks', '1', '--steps', '2', '--threads', '1', '--arms', 'answer-only', ...more]
    const first = await run(options('reward-ablation'), /step 1 of 2/)
    expect([first.status, first.told]).toEqual([1, expect.stringContaining('Interrupted.')])
    const second = await run(options('reward-ablation', '--resume'))
    expect([second.status, second.told]).toEqual([0, expect.not.stringContaining('step 1 of 2')])
    const { trainings, cells } = await resultIn('trained', 'reward-ablation')
    expect(trainings).toMatchObject([{ training: 'answer-only', seed: 5, steps: 2, points: [{ step: 1 }, { step: 2 }], adapter: { hash: expect.stringMatching(/^[0-9a-f]{16}$/) } }])
    expect(cells[0]?.policy).toMatchObject({ kind: 'onnx', adapter: { hash: trainings[0]?.adapter.hash } })
    const third = await run(options('curves'))
    expect([third.status, third.told]).toEqual([0, expect.not.stringContaining('step 1 of 2')])
    expect((await resultIn('trained', 'curves')).trainings.map(({ points }) => points)).toEqual(trainings.map(({ points }) => points))
  })

  it('begins with what a model was taught before, in every arm and training, and says so', async () => {
    const [{ trainings: [before] }] = [await resultIn('trained', 'curves')]
    const adapter = join(folder, 'trained', 'trainings', before?.adapter.key.replace(/\/\d+$/, '') ?? '', 'adapter')
    const options = (name: string, ...more: string[]) => [name, '--policy', 'model', '--model', model, '--out', join(folder, 'taught'), '--seeds', '6', '--tasks', '1', '--steps', '1', '--threads', '1', ...more]
    const played = await run(options('tools', '--adapter', adapter))
    expect([played.status, played.told]).toEqual([0, expect.stringContaining('2 cells')])
    const { plan, cells, trainings } = await resultIn('taught', 'tools')
    expect(plan.start).toMatchObject({ hash: before?.adapter.hash })
    // It learnt with the prompt in few words.
    expect(plan.settings).toEqual(settingsPresets.quick)
    expect((await resultIn('trained', 'curves')).plan.settings).toEqual(settingsPresets.pretrained)
    expect(cells.map(({ arm, policy }) => [arm, policy.kind === 'onnx' ? policy.adapter?.hash : null])).toEqual([['agemem', before?.adapter.hash], ['agemem-grpo', trainings[0]?.adapter.hash]])
    expect(cells.map(({ policy }) => policy.kind === 'onnx' && policy.constrained)).toEqual([undefined, undefined])
    expect(JSON.parse(await read('taught', 'trainings', trainings[0]?.adapter.key.replace(/\/\d+$/, '') ?? '', 'run.json'))).toMatchObject({ from: adapter })
    const without = await run(options('tools', '--resume'))
    expect([without.status, without.told]).toEqual([2, expect.stringContaining('was made with the adapter adapter. Give the same')])
    expect(await run(['tools', '--out', 'x', '--adapter', adapter])).toMatchObject({ status: 2, told: expect.stringContaining('--adapter goes with --policy model') })
  })

  it.each([
    [[], 'Name an experiment: main, tools, reward-ablation, memory-quality, tokens, components, curves.'],
    [['other', '--out', 'x'], 'There is no experiment "other"'],
    [['tools'], '--out is missing'],
    [['tools', '--out', 'x', '--seeds', '1,b'], '--seeds: "1,b" is not allowed. It takes whole numbers with commas between'],
    [['tools', '--out', 'x', '--arms', 'mem0'], '--arms: "mem0" is not allowed. tools has agemem, agemem-grpo.'],
    [['tools', '--out', 'x', '--data', 'world'], '--data: "world" is not allowed. tools has lesson'],
    [['tools', '--out', 'x', '--policy', 'model'], '--policy model needs --model'],
    [['curves', '--out', 'x', '--policy', 'oracle'], 'none of the arms of curves can be played by a script'],
  ])('refuses %j, saying what to do', async (argv, said) => {
    const { status, told } = await run(argv)
    expect([status, told]).toEqual([2, expect.stringContaining(said)])
  })

  it('lists the experiments in its help', async () => {
    const { status, out } = await run(['--help'])
    expect([status, out.join('\n')]).toEqual([0, expect.stringContaining('Table 3: Tool use before and after RL')])
  })
})
