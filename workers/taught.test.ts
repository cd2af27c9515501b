// The adapter that comes with the page for a model of the catalogue fits that model, and is the one that its card describes.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { adapterNotes } from '../cli/adapter-folder.ts'
import { catalogue } from '../src/core/policy/catalogue/catalogue.ts'
import { taughtAdapter } from '../src/core/policy/taught.ts'
import { supervisedConfigSchema } from '../src/core/training/supervised/config.ts'
import { readAdapter } from '../src/models/files/adapter.ts'
import { readModelConfig } from '../src/nn/transformer/config.ts'

const taught = catalogue.flatMap((entry) => {
  const folder = taughtAdapter(entry.name)
  return folder === null ? [] : [{ entry, folder: join('public', folder) }]
})

describe.each(taught)('$entry.name', ({ entry: { shape }, folder }) => {
  const text = (name: string) => readFile(join(folder, name), 'utf8')
  it('its adapter fits, and is what its card says', async () => {
    const model = await readFile(join(folder, 'adapter_model.safetensors'))
    const { lora, parameters } = readAdapter(readModelConfig(shape), { config: await text('adapter_config.json'), model })
    // B is zero before anything is learnt.
    expect([...parameters].filter(([name]) => name.endsWith('lora_B.weight')).every(([, values]) => values.some((value) => value !== 0))).toBe(true)
    const { sha256, lessons } = JSON.parse(await text('training.json'))
    const { config, steps } = lessons.at(-1)
    expect(createHash('sha256').update(model).digest('hex')).toBe(sha256)
    expect(await text('MODEL_CARD.md')).toContain(sha256)
    const made = supervisedConfigSchema.parse(config)
    expect({ ...lora, targets: [...lora.targets].sort() }).toEqual({ ...made.lora, targets: [...made.lora.targets].sort() })
    expect(made.steps).toBeGreaterThanOrEqual(steps)
    expect(await adapterNotes(folder)).toEqual({ prompt: made.episode.prompt })
  })
})
it('there is one', () => { expect(taught.length).toBeGreaterThan(0) })
