// Adapters in and out of the page, with what is said of it.
import { strFromU8, unzipSync } from 'fflate'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { adapterState, checkpoint } from '../../core/training/runs.fixture.ts'
import { workspaceFixture, watchDownloads, type Given } from '../state/training-workspace.fixture.ts'
import { exportAdapter, importAdapter } from './adapter-actions.ts'

afterEach(() => { vi.unstubAllGlobals() })

const peft = { config: '{"peft_type":"LORA"}', model: new Uint8Array([1, 2, 3]) }
const info = { name: 'nano', family: 'Llama', parameters: 1, vocabulary: 8, window: 1024, bytes: 1, runsOn: { device: 'wasm' as const, hardware: { kind: 'cpu' as const, threads: 1 }, milliseconds: null, others: [] }, processor: 'cpu' as const, milliseconds: 1, tokenizer: { tokenizer: '', config: '' } }
const lora = { rank: 4, alpha: 8, targets: ['q_proj'] }
const { parameters } = adapterState(1)

function page(model: Given['model'] = {}) {
  const loaded: string[] = []
  const parts = workspaceFixture({
    lab: { readAdapter: () => Promise.resolve(peft) },
    model: {
      load: ({ name }) => Promise.resolve(void loaded.push(name)).then(() => info),
      readPeft: () => Promise.resolve({ lora, parameters }),
      peftFiles: () => Promise.resolve(peft),
      ...model,
    },
  })
  return { ...parts, loaded, downloads: watchDownloads(vi.stubGlobal) }
}
const zip = (name: string) => new File(['read by the worker'], name)

describe('an adapter that is imported', () => {
  it('is kept under the name of its file, and said to be here', async () => {
    const { workspace, store, ui, loaded, notices } = page()
    await importAdapter({ workspace, ui }, [zip('mine.zip')])
    expect(loaded).toEqual(['nano'])
    const [record] = await store.checkpoints()
    expect(record).toEqual({ key: 'new', run: null, name: 'mine', step: 0, created: 1, model: 'nano', lora, evaluation: null, resumable: false })
    expect((await store.checkpointState('new'))?.parameters).toEqual(parameters)
    expect(notices()).toEqual(['info: “mine” is here: LoRA of rank 4 for nano.'])
  })
  it('is warned of when only memory could take it', async () => {
    const { workspace, store, ui, notices } = page()
    const put = store.putCheckpoint.bind(store)
    store.putCheckpoint = async (record, state) => ({ ...(await put(record, state)), saved: false })
    await importAdapter({ workspace, ui }, [zip('mine.zip')])
    expect(notices()).toEqual(['warn: “mine” is here: LoRA of rank 4 for nano. It is only in memory: a reload loses it.'])
  })
  it('is refused with the model’s own words', async () => {
    const { workspace, store, ui, notices } = page({ readPeft: () => Promise.reject(new Error('It is of another model.')) })
    await importAdapter({ workspace, ui }, [zip('mine.zip')])
    expect(notices()).toEqual(['error: mine was not imported. It is of another model.'])
    expect(await store.checkpoints()).toEqual([])
  })
})

describe('an adapter that is exported', () => {
  const { record, state } = checkpoint('c', null, { name: 'step 3' })
  it('is a zip in the form of PEFT', async () => {
    const parts = page()
    await parts.store.putCheckpoint(record, state)
    await exportAdapter(parts, record)
    const file = parts.downloads.get('agemem-adapter-step-3.zip')
    const files = unzipSync(new Uint8Array((await file?.arrayBuffer()) ?? []))
    expect(Object.keys(files)).toEqual(['adapter_config.json', 'adapter_model.safetensors'])
    expect(strFromU8(files['adapter_config.json'] ?? new Uint8Array())).toBe(peft.config)
    expect(files['adapter_model.safetensors']).toEqual(peft.model)
    expect(parts.notices()).toEqual([])
  })
  it('says what is missing', async () => {
    const parts = page()
    await exportAdapter(parts, record)
    await exportAdapter(parts, { ...record, name: 'other', model: 'big' })
    expect(parts.notices()[0]).toContain('could not be exported. ')
    expect(parts.notices().join()).toContain('It is an adapter of big, which is not loaded')
    expect(parts.downloads.size).toBe(0)
  })
})
