// What a model of others was taught before, for an experiment to begin from: the adapter that comes with the page, taken as a
// checkpoint once.
import type { ExperimentPlan } from '../../core/experiments/result.ts'
import type { ModelSource } from '../../core/policy/model.ts'
import { taughtAdapter } from '../../core/policy/taught.ts'
import { trainPresets } from '../../core/training/config.ts'
import type { AdapterState } from '../../core/policy/trainable.ts'
import type { CheckpointRecord, RunStore } from '../../core/training/runs.ts'
import type { LabApi, ModelApi } from '../../rpc/contracts.ts'

export interface TaughtParts {
  backend: {
    lab(): Pick<LabApi, 'readAdapter'>
    memory(): { runs: Pick<RunStore, 'checkpoints'> }
    model(): Pick<ModelApi, 'load' | 'readPeft'>
    webllm(): { live: Pick<ModelApi, 'load' | 'readPeft'> }
  }
  /** A file that comes with the page. @throws Error when there is none */
  file: (path: string) => Promise<Blob>
  addCheckpoint: (checkpoint: CheckpointRecord, state: AdapterState) => Promise<unknown>
  /** ms since 1970. */
  now: () => number
  /** What it is called in the list of adapters. */
  name: string
}

const fileNames = ['adapter_config.json', 'adapter_model.safetensors'] as const

/** undefined: none comes with the page for this model. @throws Error when it cannot be had */
export async function taughtStart(source: ModelSource, { backend, file, addCheckpoint, now, name }: TaughtParts): Promise<ExperimentPlan['start']> {
  const folder = taughtAdapter(source.name)
  if (folder === null) return undefined
  const key = `taught-${source.name}`
  const known = (await backend.memory().runs.checkpoints()).find((each) => each.key === key)
  if (known) return { key, name: known.name, hash: null }
  const files = await Promise.all(fileNames.map(async (each) => new File([await file(`${folder}/${each}`)], each)))
  const peft = await backend.lab().readAdapter(files)
  const model = source.kind === 'webllm' ? backend.webllm().live : backend.model()
  await model.load(source, () => undefined)
  const { lora, parameters } = await model.readPeft(peft)
  const { prompt } = trainPresets.pretrained.episode
  await addCheckpoint({ key, run: null, name, step: 0, created: now(), model: source.name, lora, evaluation: null, resumable: false, prompt }, { step: 0, parameters, first: new Map(), second: new Map() })
  return { key, name, hash: null }
}
