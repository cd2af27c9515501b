// The examples of the README run, and learn.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readAdapter } from '@agemem/nn/lora'
import { tinyChatConfig, tinyChatFiles } from '../../../src/models/fixtures/tiny-chat-model.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agemem-nn-'))
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
})
afterEach(() => rm(folder, { recursive: true }))

it('learns a ring with two layers', async () => {
  const { losses } = await import('./two-layer-net.ts')
  // 0.25 is what a net has that says ½ everywhere.
  expect(losses[0]).toBeCloseTo(0.25, 2)
  expect(losses.at(-1)).toBeLessThan(0.02)
})

it('learns a text with an adapter that PEFT can read', async () => {
  for (const [name, bytes] of await tinyChatFiles()) await writeFile(join(folder, name), bytes)
  await writeFile(join(folder, 'text.txt'), 'Mira lives in Tarn. Joss lives in Orrin. '.repeat(20))
  const { learn } = await import('./lora.ts')
  const losses = await learn(folder, join(folder, 'text.txt'), join(folder, 'out'), 16)
  expect(losses.at(-1)).toBeLessThan(0.9 * (losses[0] ?? NaN))

  const [config, model] = [await readFile(join(folder, 'out/adapter_config.json'), 'utf8'), new Uint8Array(await readFile(join(folder, 'out/adapter_model.safetensors')))]
  const { vocab_size } = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as { vocab_size: number }
  const adapter = readAdapter(tinyChatConfig(vocab_size), { config, model })
  expect(adapter.lora).toMatchObject({ rank: 8, alpha: 16 })
  expect([...adapter.parameters].filter(([name]) => name.includes('lora_B')).every(([, values]) => values.some((value) => value !== 0))).toBe(true)
})
