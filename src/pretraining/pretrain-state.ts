// The state of an interrupted run as two files: progress as JSON, tensors as safetensors. Both name the step, so that
// a pair that does not belong together is refused.
import { fit, misfitWords } from '../core/fit.ts'
import type { AdapterState } from '../core/policy/trainable.ts'
import { z } from 'zod'
import { stateNames } from '../nn/training/adamw.ts'
import { progressSchema, type PretrainSettings, type PretrainState } from './pretraining.ts'
import { firstNotFinite, readSafetensors, toFloat32, writeSafetensors } from '../models/files/safetensors.ts'

export interface StateFiles {
  progress: string
  tensors: Uint8Array
}

class PretrainStateError extends Error {
  override readonly name = 'PretrainStateError'
}

const fileSchema = z.object({
  settings: z.string(),
  progress: progressSchema,
  tokenizer: z.object({ tokenizer: z.string(), config: z.string() }),
})

/** What must be the same for a run to go on. */
const keyOf = (settings: PretrainSettings) => JSON.stringify(settings)

/** @throws PretrainStateError for what readPretrainState() would refuse: the state before stays */
export function writePretrainState(settings: PretrainSettings, { progress, tokenizer, trainer }: PretrainState): StateFiles {
  const tensors = new Map<string, { shape: number[]; values: Float32Array }>()
  const put = (name: string, values: Float32Array | undefined) => {
    if (values) tensors.set(name, { shape: [values.length], values })
  }
  for (const [parameter, values] of trainer.parameters) {
    const names = stateNames(parameter)
    put(names.parameter, values)
    put(names.first, trainer.first.get(parameter))
    put(names.second, trainer.second.get(parameter))
  }
  const whole = fit(progressSchema, progress)
  if (!whole.success) throw new PretrainStateError(`The state after step ${progress.step} cannot be written: ${misfitWords(whole.misfit)}. The one before it stays.`)
  const spoilt = [...tensors].find(([, { values }]) => firstNotFinite(values) >= 0)
  if (spoilt) throw new PretrainStateError(`The state after step ${progress.step} cannot be written: ${spoilt[0]} holds values that are no numbers. The one before it stays.`)
  const metadata = { format: 'pt', step: String(progress.step), optimizer_step: String(trainer.step) }
  return { progress: JSON.stringify({ settings: keyOf(settings), progress, tokenizer }), tensors: writeSafetensors(tensors, 'F32', metadata) }
}

/** Reads the progress, and through `readTensors` the file of its step. @throws PretrainStateError when they are damaged, of two steps, or of other settings */
export async function readPretrainState(settings: PretrainSettings, text: string, readTensors: (step: number) => Promise<Uint8Array>): Promise<PretrainState> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new PretrainStateError('The progress of the interrupted run is not JSON: begin anew.')
  }
  const read = fit(fileSchema, json)
  if (!read.success) throw new PretrainStateError(`The progress of the interrupted run cannot be read (${misfitWords(read.misfit)}): begin anew.`)
  if (read.data.settings !== keyOf(settings)) throw new PretrainStateError('The interrupted run had other settings: give it the same options, or begin anew.')
  const { progress, tokenizer } = read.data
  const { tensors, metadata } = readSafetensors(await readTensors(progress.step))
  if (metadata['step'] !== String(progress.step)) {
    throw new PretrainStateError(`The interrupted run's tensors are of step ${metadata['step'] ?? '?'}, its progress of step ${progress.step}: begin anew.`)
  }
  const trainer: AdapterState = { step: Number(metadata['optimizer_step']), parameters: new Map(), first: new Map(), second: new Map() }
  for (const [name, tensor] of tensors) {
    const parameter = name.slice(name.indexOf('/') + 1)
    const names = stateNames(parameter)
    const kept = name === names.parameter ? trainer.parameters : name === names.first ? trainer.first : trainer.second
    kept.set(parameter, toFloat32(tensor))
  }
  return { progress, tokenizer, trainer }
}
