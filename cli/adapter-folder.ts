// An adapter in a folder: PEFT's two files, and beside them what the policy was trained to be asked with.
import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { z } from 'zod'
import { usualPresetOf } from '../src/core/episode/settings.ts'
import { mustFit } from '../src/core/fit.ts'
import { adapterHash } from '../src/core/policy/adapter-hash.ts'
import type { AdapterRef } from '../src/core/record/setup.ts'
import { readAdapter, type Adapter } from '../src/models/files/adapter.ts'
import type { ModelConfig } from '../src/nn/transformer/config.ts'
import type { CommandOptions } from './arguments.ts'

/** What PEFT does not know of an adapter of ours. */
export const adapterNotesFile = 'agemem.json'
export const adapterNotesSchema = z.object({
  /** The system prompt that it learnt with. */
  prompt: z.enum(['full', 'compact']),
})
export type AdapterNotes = z.infer<typeof adapterNotesSchema>

/** null: an adapter of elsewhere. @throws Error when the notes are damaged */
export async function adapterNotes(folder: string): Promise<AdapterNotes | null> {
  const text = await readFile(join(folder, adapterNotesFile), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return mustFit(adapterNotesSchema, JSON.parse(text))
  } catch (error) {
    throw new Error(`${join(folder, adapterNotesFile)} is damaged: it needs {"prompt": "full"} or {"prompt": "compact"}. Without the file the adapter is taken for one of elsewhere.`, { cause: error })
  }
}

/** @throws Error saying what is missing, AdapterError what does not fit this model */
export async function readAdapterFolder(folder: string, model: ModelConfig): Promise<{ adapter: Adapter; ref: AdapterRef }> {
  const content = (name: string) =>
    readFile(join(folder, name)).catch(() => {
      throw new Error(`${join(folder, name)} cannot be read. An adapter of PEFT has adapter_config.json and adapter_model.safetensors; an adapter_model.bin is a pickle, which is never read.`)
    })
  const adapter = readAdapter(model, { config: (await content('adapter_config.json')).toString(), model: new Uint8Array(await content('adapter_model.safetensors')) })
  return { adapter, ref: { key: folder, name: basename(resolve(folder)), hash: adapterHash(adapter.parameters) } }
}

/** The settings that a model is usually asked with. @param folder of its adapter; null: it has none */
export const usualSettings = async (folder: string | null) => usualPresetOf(folder === null ? null : ((await adapterNotes(folder))?.prompt ?? null))

/** The options with settings: of a model, where none were named, those that it is to be asked with. */
export async function withUsualSettings<T extends Pick<CommandOptions, 'policy' | 'adapter' | 'settings'>>(options: T): Promise<T> {
  return options.settings === null ? { ...options, settings: await usualSettings(options.adapter) } : options
}
