// An adapter as a zip in PEFT's form, read. Checks form and size; what is in the tensors is the model's to check. Knows no
// store.
import { z } from 'zod'
import { fit } from '../../core/fit.ts'
import type { PeftFiles, TrainedPeft } from '../../core/policy/trainable.ts'
import { parseWellFormed } from '../../core/text.ts'
import { baseName, looksLikeZip, unzipped, zipEntries, type ZipEntry } from './unzip.ts'

export const configName = 'adapter_config.json'
export const modelName = 'adapter_model.safetensors'

/** Bytes at most: a LoRA of rank 64 on every projection of an 8B model has about 700 MB. */
const adapterLimits = { config: 2 ** 20, model: 1024 * 2 ** 20 }

class AdapterFileError extends Error {
  override readonly name = 'AdapterFileError'
}

/** PEFT's older form of the weights: a pickle, which can run code and is never read. */
const pickleName = 'adapter_model.bin'
const pickleWords = `has its weights in ${pickleName}, a pickle of Python, which can run code and is never read. Save it with model.save_pretrained(folder, safe_serialization=True).`

const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MB`

/** The two files of an adapter in a zip, in whatever folder they lie. @throws AdapterFileError, ZipError */
export async function unpackAdapter(archive: Blob): Promise<PeftFiles> {
  if (!looksLikeZip(new Uint8Array(await archive.slice(0, 2).arrayBuffer()))) throw new AdapterFileError('The file is not a zip file.')
  const entries = await zipEntries(archive)
  const found = (name: string) => entries.filter(({ path }) => baseName(path) === name)
  const [config, another] = found(configName)
  const [model, second] = found(modelName)
  if (!model && found(pickleName).length > 0) throw new AdapterFileError(`The adapter in the zip file ${pickleWords}`)
  if (!config || !model) throw new AdapterFileError(`The zip file has no ${config ? modelName : configName}. An adapter of PEFT has both ${configName} and ${modelName}.`)
  if (another || second) throw new AdapterFileError('The zip file holds more than one adapter. Pack one alone.')
  const text = new TextDecoder().decode(await contentOf(archive, config, adapterLimits.config))
  return { config: text, model: await contentOf(archive, model, adapterLimits.model) }
}

/** As the script for an engine names them (core/export/trl). */
const momentNames = { seen: 'moments.json', first: 'first_moment.safetensors', second: 'second_moment.safetensors' } as const
const seenSchema = z.object({ optimizer_step: z.number().int().nonnegative() })

/** The adapter in the file of a run that comes back from an engine; null: there is none. @throws AdapterFileError, ZipError */
export async function unpackTrained(archive: Blob): Promise<TrainedPeft | null> {
  const entries = await zipEntries(archive)
  const named = (name: string) => entries.find(({ path }) => baseName(path) === name)
  if (!named(modelName)) return null
  const adapter = await unpackAdapter(archive)
  const [seen, first, second] = [named(momentNames.seen), named(momentNames.first), named(momentNames.second)]
  if (!seen || !first || !second) return { ...adapter, moments: null }
  const text = new TextDecoder().decode(await contentOf(archive, seen, adapterLimits.config))
  const read = fit(seenSchema, parsedOr(text))
  if (!read.success) throw new AdapterFileError(`${momentNames.seen} of the adapter does not say how many updates Adam has seen ("optimizer_step").`)
  return { ...adapter, moments: { step: read.data.optimizer_step, first: await contentOf(archive, first, adapterLimits.model), second: await contentOf(archive, second, adapterLimits.model) } }
}

function parsedOr(text: string): unknown {
  try {
    return parseWellFormed(text)
  } catch {
    return null
  }
}

/** The bytes of one file of the archive, its checksum checked. @throws AdapterFileError, ZipError */
async function contentOf(archive: Blob, entry: ZipEntry, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  if (entry.size > limit) throw new AdapterFileError(`${baseName(entry.path)} has ${megabytes(entry.size)}; ${megabytes(limit)} is the limit.`)
  const parts: Uint8Array<ArrayBuffer>[] = []
  for await (const piece of unzipped(archive, entry, limit)) parts.push(piece)
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}

/** An adapter from what somebody chose: a zip, or the two files. @throws AdapterFileError */
export async function readAdapterFiles(files: readonly File[]): Promise<PeftFiles> {
  const config = files.find(({ name }) => name === configName)
  const model = files.find(({ name }) => name === modelName)
  if (config && model) {
    if (config.size > adapterLimits.config || model.size > adapterLimits.model) throw new AdapterFileError(`The adapter is larger than ${megabytes(adapterLimits.model)}.`)
    return { config: await config.text(), model: new Uint8Array(await model.arrayBuffer()) }
  }
  if (!model && files.some(({ name }) => name === pickleName)) throw new AdapterFileError(`The adapter ${pickleWords}`)
  const [archive, more] = files
  if (!archive || more) throw new AdapterFileError(`Choose a zip file, or ${configName} and ${modelName} together.`)
  if (archive.size > adapterLimits.model + adapterLimits.config) throw new AdapterFileError(`The file has ${megabytes(archive.size)}; ${megabytes(adapterLimits.model)} is the limit.`)
  return unpackAdapter(archive)
}
