// The `export` command: a run that `train` keeps in a folder, as a zip for a framework that goes on with it.
import { readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { z } from 'zod'
import { tasksOfRun, type ExportedRun, type ExportFile } from '../src/core/export/files.ts'
import { trinityFiles } from '../src/core/export/trinity.ts'
import { trlFiles } from '../src/core/export/trl.ts'
import type { ExitStatus, Io } from './io.ts'
import { readGiven } from './options.ts'
import { dataFileOf, dataSetsOfFile } from './data-file.ts'
import { TrainFolder } from './train-folder.ts'

const usage = 'npm run -s agemem -- export --run DIR --for trl|trinity --out FILE [--file F]'
const help = `Writes a run for an engine outside the browser: tasks, tools, reward, the newest adapter in PEFT's form, a configuration in
the framework's own names, and a README of the commands.

${usage}

  --run DIR    a folder that train keeps
  --for NAME   trl (huggingface/trl) or trinity (modelscope/Trinity-RFT)
  --out FILE   the zip file
  --file F     the file that the run's tasks come from, where they come from one

Exit status: 0 done, 1 failed, 2 wrong arguments.
`

const frameworks: Readonly<Record<'trl' | 'trinity', (run: ExportedRun) => ExportFile[]>> = { trl: trlFiles, trinity: trinityFiles }
const optionsSchema = z.object({ run: z.string().min(1), for: z.enum(['trl', 'trinity']), out: z.string().min(1), file: z.string().min(1).optional() })

const takes = { run: 'a folder that train keeps', for: 'trl or trinity', out: 'a file', file: 'a file of tasks' }

/** @throws ArgumentError, Error */
export async function runExportCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const text = { type: 'string' } as const
  const options = readGiven(args, { options: { run: text, for: text, out: text, file: text }, schema: optionsSchema, takes, hint: `Usage: ${usage}` })
  if (options === 'help') {
    await io.out(help)
    return 0
  }
  const { run } = await TrainFolder.open(options.run)
  const adapterFile = (name: string) => readFile(join(options.run, 'adapter', name))
  const adapter = run.step === 0 ? null : { step: run.step, config: (await adapterFile('adapter_config.json')).toString(), model: new Uint8Array(await adapterFile('adapter_model.safetensors')) }
  const files = frameworks[options.for]({ name: basename(resolve(options.run)), config: run.config, tasks: await tasksOfRun(run.config, dataSetsOfFile(await dataFileOf(run.config, options.file ?? null, io))), model: { name: basename(resolve(run.model)), place: run.model }, adapter })
  await writeFile(options.out, zipSync(Object.fromEntries(files.map(({ path, content }): [string, Uint8Array] => [path, typeof content === 'string' ? strToU8(content) : content]))))
  io.tell(`${options.out}: ${files.length} files${adapter ? `, with the adapter after ${adapter.step} steps` : ', without an adapter: the run has none yet'}. README.md in it has the commands.`)
  return 0
}
