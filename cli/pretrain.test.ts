import { access, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readModelConfig, parameterShapes } from '../src/nn/transformer/config.ts'
import { readSafetensors } from '../src/models/files/safetensors.ts'
import { Tokenizer } from '../src/models/files/tokenizer.ts'
import { runCommand } from './fixture.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agemem-pretrain-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

const resultSchema = z.object({ out: z.string(), seed: z.number(), parameters: z.number(), steps: z.number(), sha256: z.string().length(64), curve: z.array(z.object({ loss: z.number() })).min(2) })

/** A step takes a tenth of a second. */
const run = (argv: string[], interruptAt?: RegExp) => runCommand(['pretrain', ...argv], { interruptAt, tick: 100 })

describe('pretrain', () => {
  const options = () => ['--smoke', '--minutes', '0.01', '--threads', '1', '--out', join(folder, 'nano'), '--state', join(folder, 'state')]

  it('can be interrupted and goes on, to a model in the formats of Hugging Face', async () => {
    const first = await run(options(), /^\d.*step 1,/)
    expect(first.status).toBe(1)
    expect(first.told).toMatch(/width \d+, \d+ layers, \d\.\d\d M parameters, vocabulary \d+, until 0\.01 min/)
    expect(first.told).toContain('--resume goes on from it')
    expect(first.out).toEqual([])

    const anew = await run(options())
    expect([anew.status, anew.told]).toEqual([2, expect.stringContaining('Go on with --resume')])

    const { out, told } = await run([...options(), '--resume'])
    expect(told).toMatch(/Going on after [1-9]\d* steps/)
    expect(told).toMatch(/about \d+ min left/)
    const result = resultSchema.parse(JSON.parse(out[0] ?? ''))
    const read = (name: string) => readFile(join(folder, 'nano', name))
    const config = readModelConfig(JSON.parse((await read('config.json')).toString()))
    const tokenizer = new Tokenizer({ tokenizer: (await read('tokenizer.json')).toString(), config: (await read('tokenizer_config.json')).toString() })
    const { tensors } = readSafetensors(await read('model.safetensors'))
    expect(tokenizer.size).toBe(config.vocabSize)
    expect([...tensors].map(([name, { shape, dtype }]) => [name, shape, dtype])).toEqual([...parameterShapes(config)].map(([name, shape]) => [name, shape, 'F16']))
    expect(result.curve.at(-1)?.loss).toBeLessThan(result.curve[0]?.loss ?? 0)
    await expect(access(join(folder, 'state'))).rejects.toThrow()
  })

  it.each<[string[], string]>([
    [['--minutes', 'soon'], '--minutes: "soon" is not allowed. It takes a number above 0.'],
    [['--seed', '-1'], "--seed"],
    [['--threads', '0'], '--threads: "0" is not allowed.'],
    [['--colour', 'red'], "Unknown option '--colour'"],
  ])('refuses %j', async (argv, expected) => {
    const { status, out, told } = await run(argv)
    expect([status, out]).toEqual([2, []])
    expect(told).toContain(expected)
  })
  it('says when there is nothing to go on from', async () => {
    const { status, told } = await run(['--smoke', '--resume', '--state', join(folder, 'none')])
    expect([status, told]).toEqual([1, expect.stringContaining('There is no state to resume from')])
  })
  it('explains itself', async () => {
    const { status, out } = await run(['--help'])
    expect([status, out[0]]).toEqual([0, expect.stringContaining('--resume')])
  })
})
