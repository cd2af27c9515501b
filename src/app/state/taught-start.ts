// What a model of others was taught before, for a run or an experiment to begin from: the adapter that comes with the page, taken
// as a checkpoint once.
import type { ModelSource } from '../../core/policy/model.ts'
import type { taughtPlace } from '../../core/policy/taught.ts'
import { trainPresets } from '../../core/training/config.ts'
import type { AdapterState, AdapterTensors, PeftFiles } from '../../core/policy/trainable.ts'
import type { CheckpointRecord, RunStore } from '../../core/training/runs.ts'
import type { LabApi, ModelApi } from '../../rpc/contracts.ts'

export interface TaughtParts {
  backend: {
    lab(): Pick<LabApi, 'readAdapter'>
    memory(): { runs: Pick<RunStore, 'checkpoints'> }
    model(): Pick<ModelApi, 'readPeft'>
    webllm(): { live: Pick<ModelApi, 'load' | 'readPeft'> }
  }
  /** A file that comes with the page. @throws Error when there is none */
  file: (path: string) => Promise<Blob>
  addCheckpoint: (checkpoint: CheckpointRecord, state: AdapterState) => Promise<{ saved: boolean }>
  /** ms since 1970. */
  now: () => number
  /** What it is called in the list of adapters. */
  name: string
}

export interface TaughtCheckpoint {
  checkpoint: CheckpointRecord
  /** It survives the page. */
  saved: boolean
}

const fileNames = ['adapter_config.json', 'adapter_model.safetensors'] as const

/** A model of WebLLM says what it is when it is loaded. */
async function readLive(live: Pick<ModelApi, 'load' | 'readPeft'>, source: ModelSource, peft: PeftFiles): Promise<AdapterTensors> {
  await live.load(source, () => undefined)
  return live.readPeft(peft)
}

/** It is taken once. @param place where it lies, and its key. @throws Error when it cannot be had */
export async function taughtCheckpoint(source: ModelSource, { folder, key }: NonNullable<ReturnType<typeof taughtPlace>>, { backend, file, addCheckpoint, now, name }: TaughtParts): Promise<TaughtCheckpoint> {
  const known = (await backend.memory().runs.checkpoints()).find((each) => each.key === key)
  if (known) return { checkpoint: known, saved: true }
  const files = await Promise.all(fileNames.map(async (each) => new File([await file(`${folder}/${each}`)], each)))
  const peft = await backend.lab().readAdapter(files)
  const { lora, parameters } = source.kind === 'webllm' ? await readLive(backend.webllm().live, source, peft) : await backend.model().readPeft(peft, source)
  const { prompt } = trainPresets.pretrained.episode
  const checkpoint: CheckpointRecord = { key, run: null, name, step: 0, created: now(), model: source.name, lora, evaluation: null, resumable: false, prompt }
  const { saved } = await addCheckpoint(checkpoint, { step: 0, parameters, first: new Map(), second: new Map() })
  return { checkpoint, saved }
}
