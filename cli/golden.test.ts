import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { runCommand } from './fixture.ts'

const fixture = new URL('../src/nn/fixtures/goldens/qwen2-tiny', import.meta.url).pathname
const resultSchema = z.object({
  device: z.literal('node'),
  description: z.string(),
  ok: z.boolean(),
  seconds: z.number(),
  comparisons: z.array(z.object({ part: z.string(), name: z.string(), error: z.number(), tolerance: z.number(), ok: z.boolean() })),
})

const golden = (...argv: string[]) => runCommand(['golden', ...argv])

describe('golden', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'golden-'))
    await cp(fixture, folder, { recursive: true })
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('prints a line for each part and gives 0 when all agree', async () => {
    const { status, out } = await golden(fixture)
    expect(status).toBe(0)
    expect(out[0]).toMatch(/^onnxruntime-node on the CPU/)
    expect(out.find((line) => line.startsWith('adamw: final tensors'))).toMatch(/\de-\d {5,}1e-2 {3}ok/)
    expect(out.at(-1)).toMatch(/^All 380 comparisons are within tolerance; /)
  })

  it('gives 1 and names the part when one number does not', async () => {
    const path = join(folder, 'golden.json')
    const text = await readFile(path, 'utf8')
    const json = z.looseObject({ sft: z.looseObject({ loss: z.number() }) }).parse(JSON.parse(text))
    json.sft.loss += 0.01
    await writeFile(path, JSON.stringify(json))
    const table = await golden(folder)
    expect(table.status).toBe(1)
    expect(table.out.filter((line) => line.includes('FAIL')).map((line) => line.split('  ')[0])).toEqual(['supervised: statistics', 'supervised, recomputation: statistics'])
    expect(table.out.at(-1)).toMatch(/^2 of 380 comparisons are out of tolerance; /)

    const { status, out } = await golden(folder, '--json')
    expect(status).toBe(1)
    const result = resultSchema.parse(JSON.parse(out.join('')))
    expect(result.ok).toBe(false)
    expect(result.comparisons.filter(({ ok }) => !ok).map(({ part, name }) => [part, name])).toEqual([
      ['supervised: statistics', 'loss'],
      ['supervised, recomputation: statistics', 'loss'],
    ])
    await writeFile(path, text)
  })

  it('gives 1 for a file that is damaged', async () => {
    const path = join(folder, 'model.safetensors')
    const bytes = await readFile(path)
    await writeFile(path, bytes.subarray(0, 5000))
    expect(await golden(folder)).toMatchObject({ status: 1, out: [], told: expect.stringContaining('cut short') })
    await writeFile(path, bytes)
  })

  it.each<[string[], string]>([
    [[], 'golden takes one folder, not 0. Usage: golden DIR [--device node|wasm|webgpu] [--json]'],
    [['a', 'b'], 'golden takes one folder, not 2.'],
    [['a', '--device', 'tpu'], '--device: "tpu" is not allowed. It takes one of node, wasm, webgpu.'],
    [['a', '--deep'], "Unknown option '--deep'. Usage: golden DIR"],
    [['/nowhere'], '/nowhere/config.json cannot be read. golden needs a folder with'],
  ])('gives 2 for %j', async (argv, expected) => {
    const { status, out, told } = await golden(...argv)
    expect(status).toBe(2)
    expect(out).toEqual([])
    expect(told).toContain(expected)
  })
})
