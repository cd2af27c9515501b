// Which dropped files are a run, and which an adapter.
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { trainPresets } from '../../core/training/config.ts'
import { trlFiles } from '../../core/export/trl.ts'
import { kindOfDropped as kindOf } from './dropped.ts'

const nothing = new Uint8Array()
const zip = (...names: string[]) => new File([zipSync(Object.fromEntries(names.map((name): [string, Uint8Array] => [name, nothing])))], 'a.zip')

describe('kindOfDropped', () => {
  it('knows runs and adapters by what is in them', async () => {
    expect(await kindOf([zip('run.json', 'steps.jsonl', 'trajectories.jsonl')])).toBe('run')
    expect(await kindOf([zip('adapter_config.json', 'adapter_model.safetensors')])).toBe('adapter')
    expect(await kindOf([zip('my adapter/adapter_config.json', 'my adapter/adapter_model.safetensors')])).toBe('adapter')
    expect(await kindOf([new File(['{}'], 'adapter_config.json'), new File([nothing], 'adapter_model.safetensors')])).toBe('adapter')
  })
  it('takes the adapter of what was packed for TRL', async () => {
    const run = { name: 'r', config: { ...trainPresets.quick, steps: 1 }, tasks: { train: [], heldOut: [] }, model: { name: 'nano', place: null }, adapter: { step: 1, config: '{}', model: nothing.slice() } }
    expect(await kindOf([zip(...trlFiles(run).map(({ path }) => path))])).toBe('adapter')
  })
  it('leaves the rest to others', async () => {
    expect(await kindOf([zip('notes.txt')])).toBeNull()
    expect(await kindOf([zip('hotpot.json')])).toBeNull()
    expect(await kindOf([new File(['{"schema_version":1}'], 'episodes.jsonl')])).toBeNull()
    expect(await kindOf([new File(['{}'], 'adapter_config.json')])).toBeNull()
    expect(await kindOf([])).toBeNull()
    await expect(kindOf([new File(['PK is how it begins'], 'a.zip')])).rejects.toThrow('damaged')
  })
})
