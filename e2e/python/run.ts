// Runs for the checks, of nano or of a pretrained model: trained on the command line, exported, and put where a program finds the files.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import { runExportCommand } from '../../cli/export.ts'
import { runImportCommand } from '../../cli/import.ts'
import type { Io } from '../../cli/io.ts'
import { runTrainCommand } from '../../cli/train.ts'

const io: Io = { out: () => Promise.resolve(), tell: () => undefined, now: () => performance.now(), signal: new AbortController().signal }

/** Which model a run is of, and how little it does. */
export interface Trained {
  /** Of the model, and of the adapter that it begins from; null: nano. */
  from: { model: string; adapter: string } | null
  tasks: number
  rollouts: number
}

export const nano: Trained = { from: null, tasks: 2, rollouts: 2 }

/** A run of so many steps. @returns its folder */
export async function trainedRun(folder: string, steps: number, evaluateEvery: number, { from, tasks, rollouts }: Trained = nano): Promise<string> {
  const run = join(folder, 'run')
  const model = from ? ['--preset', 'pretrained', '--model', from.model, '--adapter', from.adapter] : ['--preset', 'quick']
  const small = [`b=${tasks}`, `k=${rollouts}`, 'evaluation.tasks=2', `evaluation.every=${evaluateEvery}`].flatMap((setting) => ['--set', setting])
  await runTrainCommand(['--out', run, ...model, '--seed', '5', '--steps', String(steps), '--threads', '1', ...small], io)
  return run
}

/** What an engine trained on the run, back in its folder, and so many steps more. */
export async function broughtBack(run: string, zip: string, steps: number, { from }: Trained): Promise<void> {
  await runImportCommand(['--file', zip, '--run', run], io)
  await runTrainCommand(['--out', run, '--resume', ...(from ? ['--model', from.model] : []), '--steps', String(steps), '--threads', '1'], io)
}

/** What `export` writes for this program. @returns the folder */
export async function exported(run: string, form: string, folder: string): Promise<string> {
  const zip = join(folder, `${form}.zip`)
  await runExportCommand(['--run', run, '--for', form, '--out', zip], io)
  for (const [path, content] of Object.entries(unzipSync(readFileSync(zip)))) {
    mkdirSync(dirname(join(folder, form, path)), { recursive: true })
    writeFileSync(join(folder, form, path), content)
  }
  return join(folder, form)
}
