// What a pretrained model was taught comes with the page: taken once, by whoever asks first.
import { describe, expect, it } from 'vitest'
import type { ExperimentRequest } from '../../rpc/training.ts'
import { trainPresets } from '../../core/training/config.ts'
import { adapterState } from '../../core/training/runs.fixture.ts'
import { workspaceFixture } from '../state/training-workspace.fixture.ts'
import { takeTaught } from './take-taught.ts'

const smol = { kind: 'kept', name: 'SmolLM2-135M-Instruct.Q4_1', key: 'k' } as const
const info = { name: smol.name, family: 'llama', parameters: 1, vocabulary: 8, window: 1024, bytes: 1, runsOn: { device: 'wasm' as const, hardware: { kind: 'cpu' as const, threads: 1 }, milliseconds: null, others: [] }, processor: 'cpu' as const, milliseconds: 1, tokenizer: { tokenizer: '', config: '' } }
const lora = { rank: 4, alpha: 8, targets: ['q_proj'] }
const { parameters } = adapterState(1)
const key = 'taught-SmolLM2-135M-Instruct.Q4_1'

function page(file?: () => Promise<Blob>) {
  const fetched: string[] = []
  const asked: ExperimentRequest[] = []
  const parts = workspaceFixture({
    lab: { readAdapter: () => Promise.resolve({ config: '{}', model: new Uint8Array() }) },
    model: { load: () => Promise.resolve(info), readPeft: () => Promise.resolve({ lora, parameters }) },
    training: { experiment: (request) => { asked.push(request); return Promise.resolve(request.result) } },
    file: file ?? ((path) => {
      if (path === 'experiments/index.json') return Promise.resolve(new Blob(['{"results":[]}']))
      fetched.push(path)
      return Promise.resolve(new Blob([path]))
    }),
  })
  parts.workspace.training.getState().setSource(smol)
  return { ...parts, fetched, asked }
}

describe('the adapter that comes with the page', () => {
  it('is what new runs begin from, with the plan that it was taught for', async () => {
    const { workspace, ui, store, fetched, notices } = page()
    await takeTaught({ workspace, ui })
    expect(fetched).toEqual(['models/smollm2-135m-instruct/adapter/adapter_config.json', 'models/smollm2-135m-instruct/adapter/adapter_model.safetensors'])
    expect(await store.checkpoints()).toEqual([{ key, run: null, name: 'Taught the protocol', step: 0, created: 1, model: smol.name, lora, evaluation: null, resumable: false, prompt: trainPresets.pretrained.episode.prompt }])
    expect(workspace.training.getState()).toMatchObject({ from: key, plan: trainPresets.pretrained })
    expect(notices()).toEqual(['info: “Taught the protocol” is here: LoRA of rank 4 for SmolLM2-135M-Instruct.Q4_1.'])
  })

  it('is the same for Train and for experiments', async () => {
    const { workspace, ui, store, fetched, asked } = page()
    await workspace.experiments.getState().begin('tools', smol)
    await takeTaught({ workspace, ui })
    await workspace.experiments.getState().begin('main', smol)
    expect(asked.map(({ result }) => result.plan.start?.key)).toEqual([key, key])
    expect(workspace.training.getState().from).toBe(key)
    expect([(await store.checkpoints()).length, fetched.length]).toEqual([1, 2])
  })

  it('is fetched once by who asks at the same time', async () => {
    const { workspace, store, fetched } = page()
    const [one, other] = await Promise.all([workspace.taught(smol), workspace.taught(smol)])
    expect(one).toBe(other)
    expect([(await store.checkpoints()).length, fetched.length]).toEqual([1, 2])
  })

  it('says why it could not be had', async () => {
    const { workspace, ui, store, notices } = page(() => Promise.reject(new Error('There is no network.')))
    await takeTaught({ workspace, ui })
    expect(notices()).toEqual(['error: Taught the protocol was not imported. There is no network.'])
    expect([await store.checkpoints(), workspace.training.getState().from]).toEqual([[], null])
  })

  it('is no adapter of nano', async () => {
    const { workspace, ui, fetched, notices } = page()
    workspace.training.getState().setSource({ kind: 'url', name: 'nano', url: 'http://here/' })
    await takeTaught({ workspace, ui })
    expect([fetched, notices()]).toEqual([[], []])
  })
})
