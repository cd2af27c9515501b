// What an engine outside trained, as a checkpoint of the run that came back.
import { expect, it } from 'vitest'
import { trainPresets } from '../../core/training/config.ts'
import type { TrainedPeft } from '../../core/policy/trainable.ts'
import type { RunRecord } from '../../core/training/runs.ts'
import { workspaceFixture } from '../state/training-workspace.fixture.ts'
import { takeTrained } from './take-trained.ts'

const info = { name: 'nano', family: 'Llama', parameters: 1, vocabulary: 8, window: 1024, bytes: 1, runsOn: { device: 'wasm' as const, hardware: { kind: 'cpu' as const, threads: 1 }, milliseconds: null, others: [] }, processor: 'cpu' as const, milliseconds: 1, tokenizer: { tokenizer: '', config: '' } }
const lora = { rank: 4, alpha: 8, targets: ['q_proj'] }
const run: RunRecord = { key: 'r', name: 'back', created: 1, model: 'nano', model_url: null, config: trainPresets.quick, steps: 3, status: 'imported', note: null }
const bytes = (value: number) => new Uint8Array([value])
const trained: TrainedPeft = { config: '{}', model: bytes(7), moments: { step: 5, first: bytes(8), second: bytes(9) } }
/** The file's one byte stands for what is in it. */
const tensors = (value: number) => new Map([['a', new Float32Array([value])]])

async function taken(file: TrainedPeft | null, model = 'nano') {
  const parts = workspaceFixture({
    lab: { readTrained: () => Promise.resolve(file) },
    model: { load: () => Promise.resolve(info), readPeft: ({ model: [value = 0] }) => Promise.resolve({ lora, parameters: tensors(value) }) },
  })
  await parts.store.putRun({ ...run, model })
  await parts.workspace.runs.getState().refresh()
  await takeTrained(parts, new File([''], 'for-playground.zip'), 'r')
  return { checkpoints: await parts.store.checkpoints('r'), state: await parts.store.checkpointState('r/3'), notices: parts.notices() }
}

it('is the last checkpoint of its run, with the moments that the engine left off with', async () => {
  const { checkpoints, state, notices } = await taken(trained)
  expect(checkpoints).toEqual([{ key: 'r/3', run: 'r', name: 'Step 3', step: 3, created: 1, model: 'nano', lora, evaluation: null, resumable: true }])
  expect(state).toEqual({ step: 5, parameters: tensors(7), first: tensors(8), second: tensors(9) })
  expect(notices).toEqual(['info: “Step 3” is here: LoRA of rank 4 for nano.'])
})
it('cannot be trained on with its optimizer where it has no moments', async () => {
  const { checkpoints, state } = await taken({ ...trained, moments: null })
  expect(checkpoints.map(({ resumable }) => resumable)).toEqual([false])
  expect(state?.first.size).toBe(0)
})
it('is not there in a file of ours, and said to be missing without its model', async () => {
  expect(await taken(null)).toMatchObject({ checkpoints: [], notices: [] })
  const { checkpoints, notices } = await taken(trained, 'big')
  expect(checkpoints).toEqual([])
  expect(notices).toEqual([expect.stringContaining('error: Step 3 was not imported. ')])
})
