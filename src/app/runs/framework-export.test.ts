// The zip that leaves for a framework, opened again.
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { trainPresets } from '../../core/training/config.ts'
import { checkpointRecord } from '../../core/training/runs.fixture.ts'
import { zipOfFiles } from '../../core/export/out.ts'
import { frameworks, furthest } from './framework-export.ts'

const adapter = { step: 2, config: '{}', model: Uint8Array.from({ length: 300 }, (_, i) => i % 256) }
const run = { name: 'quick 1', config: { ...trainPresets.quick, steps: 2 }, tasks: { train: [], heldOut: [] }, model: { name: 'nano', place: null }, adapter }

const lab = { verlFiles: ({ name }: typeof run) => Promise.resolve([{ path: 'README.md', content: `“${name}” for verl` }]) }

describe('frameworks', () => {
  it('has the lab write what the page has no writer for', async () => {
    expect(await frameworks.verl.files(run, lab)).toEqual([{ path: 'README.md', content: '“quick 1” for verl' }])
  })
  it.each(['trl', 'trinity'] as const)('opens again, adapter and words as they were (%s)', async (name) => {
    const made = await frameworks[name].files(run)
    const files = unzipSync(Buffer.concat(zipOfFiles(made)))
    expect(Object.keys(files).sort()).toEqual(made.map(({ path }) => path).sort())
    expect(files['adapter/adapter_model.safetensors']).toEqual(adapter.model)
    expect(strFromU8(files['README.md'] ?? new Uint8Array())).toContain(`“quick 1” for ${frameworks[name].name}`)
  })
})

describe('furthest', () => {
  it('is the checkpoint of most steps of that run', () => {
    const record = (run: string, step: number) => checkpointRecord(`${run}/${step}`, run, { step })
    expect(furthest([record('a', 3), record('a', 5), record('b', 9), record('a', 4)], 'a')?.key).toBe('a/5')
    expect(furthest([record('b', 9)], 'a')).toBeNull()
  })
})
