// Files that were dropped on the page: is it a run, or an adapter? A look at the names in a zip says.
import { importAdapter } from '../checkpoints/adapter-actions.ts'
import { configName, modelName } from '../checkpoints/peft-zip.ts'
import type { Stores } from '../stores/context.tsx'
import { importRun } from './run-import.ts'
import { looksLikeZip, zipNames } from './zip.ts'

export type Kind = 'run' | 'adapter' | 'other zip' | null

const baseName = (path: string) => path.split('/').at(-1)

/** null: no zip, and no adapter either. @throws ZipError when it is a damaged zip */
export async function kindOf(files: readonly File[]): Promise<Kind> {
  if (files.some(({ name }) => name === configName) && files.some(({ name }) => name === modelName)) return 'adapter'
  const [file] = files
  if (!file || !looksLikeZip(new Uint8Array(await file.slice(0, 2).arrayBuffer()))) return null
  const names = await zipNames(file)
  // A run that was packed for another engine has run.json, too, and an adapter, but no steps.
  if (names.includes('run.json') && names.includes('steps.jsonl')) return 'run'
  return names.some((name) => baseName(name) === modelName) ? 'adapter' : 'other zip'
}

/** Imports a run or an adapter, or says why not. False when the files are neither, and no zip. Never rejects. */
export async function takeTraining(stores: Pick<Stores, 'bench' | 'ui'>, files: readonly File[]): Promise<boolean> {
  const [file] = files
  const refuse = (why: string) => { stores.ui.getState().notify({ tone: 'error', topic: 'file', text: `${file?.name ?? 'The file'} was not read. ${why}` }) }
  try {
    const kind = await kindOf(files)
    switch (kind) {
      case 'run':
        if (file) await importRun(stores, file)
        return true
      case 'adapter':
        await importAdapter(stores, files)
        stores.ui.getState().setView('checkpoints')
        return true
      case 'other zip':
        refuse('A zip can be a run that this page exported, or an adapter of PEFT: this one is neither.')
        return true
      case null:
        return false
    }
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error))
    return true
  }
}
