// What an engine outside goes on with of a run in a folder: a small base model itself, the optimizer's moments, the adapter that
// the KL term keeps to, and what was measured so far.
import { readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { ExportFile, GoingOn } from '../src/core/export/files.ts'
import type { RunRecord } from '../src/core/training/runs.ts'
import { loraOf, writeAdapter } from '../src/models/files/adapter.ts'
import { ModelLoadError, planModel } from '../src/models/files/load-model.ts'
import type { ModelConfig } from '../src/nn/transformer/config.ts'
import { filesInFolder, modelName } from './model-folder.ts'
import type { TrainFolder } from './train-folder.ts'

/** A base model of more than this is not put into an export. */
const smallModel = 16 * 2 ** 20
const modelFiles = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors', 'generation_config.json', 'chat_template.jinja']

/** The files of a small model in Hugging Face form; of another one none. */
async function smallModelFiles(folder: string): Promise<ExportFile[]> {
  const sizes = await Promise.all(modelFiles.map((name) => stat(join(folder, name)).then(({ size }) => size, () => 0)))
  if (sizes[0] === 0 || sizes[3] === 0 || sizes.reduce((sum, size) => sum + size, 0) > smallModel) return []
  const there = modelFiles.filter((_, i) => sizes[i] !== 0)
  return Promise.all(there.map(async (path) => ({ path, content: new Uint8Array(await readFile(join(folder, path))) })))
}

/** null: the model is not where it was, or cannot be read. @param path of a folder in Hugging Face form, or of a GGUF file */
async function configOf(path: string): Promise<ModelConfig | null> {
  try {
    return (await planModel(await filesInFolder(path))).config
  } catch (error) {
    if (error instanceof ModelLoadError) return null
    throw error
  }
}

/** @param path of the run. @throws Error when a checkpoint is damaged */
export async function goingOnOf(folder: TrainFolder, path: string): Promise<GoingOn> {
  const { config, step, model, from } = folder.run
  const shape = await configOf(model)
  const state = shape && step > 0 ? await folder.adapterState(shape) : null
  const began = shape && from !== undefined && config.reference === 'start' ? await folder.adapterState(shape, 0) : null
  const peft = (parameters: Map<string, Float32Array>) => (shape ? writeAdapter(shape, { lora: loraOf(config.lora), parameters }, model).model : new Uint8Array())
  const { steps, evaluations } = await folder.history()
  const run: RunRecord = { key: 'exported', name: basename(resolve(path)), created: 0, model: modelName(model), model_url: null, config, steps: step, status: 'paused', note: null }
  return {
    model: await smallModelFiles(model),
    moments: state && { step: state.step, first: peft(state.first), second: peft(state.second) },
    reference: shape && began && writeAdapter(shape, { lora: loraOf(config.lora), parameters: began.parameters }, model),
    history: { run, steps, evaluations },
  }
}
