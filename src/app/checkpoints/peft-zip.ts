// An adapter as a zip in PEFT's form, written and read. Checks form and size; what is in the tensors is the model's to
// check. Knows no store.
import { unzipSync, zipSync } from 'fflate'
import type { PeftFiles } from '../../rpc/contracts.ts'
import { looksLikeZip } from '../train/zip.ts'

export const configName = 'adapter_config.json'
export const modelName = 'adapter_model.safetensors'

/** Bytes at most: a LoRA of rank 64 on every projection of an 8B model has about 700 MB. */
export const adapterLimits = { config: 2 ** 20, model: 1024 * 2 ** 20 }

export class AdapterFileError extends Error {
  override readonly name = 'AdapterFileError'
}

/** Not packed any tighter: weights do not shrink. */
export function packAdapter({ config, model }: PeftFiles): Uint8Array<ArrayBuffer> {
  return zipSync({ [configName]: new TextEncoder().encode(config), [modelName]: [model, { level: 0 }] })
}

/** PEFT's older form of the weights: a pickle, which can run code and is never read. */
const pickleName = 'adapter_model.bin'
const pickleWords = `has its weights in ${pickleName}, a pickle of Python, which can run code and is never read. Save it with model.save_pretrained(folder, safe_serialization=True).`

const baseName = (path: string) => path.split('/').at(-1) ?? path
const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MB`

/** The two files of an adapter in a zip, in whatever folder they lie. @throws AdapterFileError */
export function unpackAdapter(archive: Uint8Array): PeftFiles {
  if (!looksLikeZip(archive)) throw new AdapterFileError('The file is not a zip file.')
  const tooLarge: string[] = []
  let pickled = false
  const wanted = ({ name, originalSize }: { name: string; originalSize: number }) => {
    const base = baseName(name)
    pickled ||= base === pickleName
    if (base !== configName && base !== modelName) return false
    const limit = base === configName ? adapterLimits.config : adapterLimits.model
    if (originalSize > limit) tooLarge.push(`${base} has ${megabytes(originalSize)}; ${megabytes(limit)} is the limit.`)
    return originalSize <= limit
  }
  let files: Record<string, Uint8Array<ArrayBuffer>>
  try {
    files = unzipSync(archive, { filter: wanted })
  } catch {
    throw new AdapterFileError('The zip file is damaged.')
  }
  const [problem] = tooLarge
  if (problem !== undefined) throw new AdapterFileError(problem)
  const found = (name: string) => Object.entries(files).filter(([path]) => baseName(path) === name)
  const [config, another] = found(configName)
  const [model, second] = found(modelName)
  if (!model && pickled) throw new AdapterFileError(`The adapter in the zip file ${pickleWords}`)
  if (!config || !model) throw new AdapterFileError(`The zip file has no ${config ? modelName : configName}. An adapter of PEFT has both ${configName} and ${modelName}.`)
  if (another || second) throw new AdapterFileError('The zip file holds more than one adapter. Pack one alone.')
  return { config: new TextDecoder().decode(config[1]), model: model[1] }
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
  return unpackAdapter(new Uint8Array(await archive.arrayBuffer()))
}
