// The `export` command: a run that `train` keeps in a folder, as a zip for a framework that goes on with it or a program that
// shows it.
import { readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { z } from 'zod'
import { tasksOfRun, type ExportedRun, type ExportFile } from '../src/core/export/files.ts'
import { zipOfFiles } from '../src/core/export/out.ts'
import { trinityFiles } from '../src/core/export/trinity.ts'
import { trlFiles } from '../src/core/export/trl.ts'
import { namesOf } from '../src/core/table.ts'
import { metricsForms, metricsNames, type MetricsName } from '../src/exchange/metrics/metrics.ts'
import { verlFiles } from '../src/exchange/verl/verl.ts'
import { viewerNames, viewers, type ViewerName } from '../src/exchange/viewers/viewers.ts'
import { exportForViewer, exportMetricsFor } from './export-shown.ts'
import type { ExitStatus, Io } from './io.ts'
import { ArgumentError, readGiven } from './options.ts'
import { dataFileOf, dataSetsOfFile } from './data-file.ts'
import { goingOnOf } from './going-on.ts'
import { TrainFolder } from './train-folder.ts'

const usage = 'npm run -s agemem -- export --run DIR|--episodes F --for NAME --out FILE [--file F]'
const help = `Writes a run for an engine outside the browser: tasks, tools, reward, the newest adapter in PEFT's form, a configuration in
the framework's own names, and a README of the commands.

${usage}

  --run DIR      a folder that train keeps
  --episodes F   a file of episodes instead (JSON or JSONL), for the forms that hold trajectories
  --for NAME     to train on: trl (huggingface/trl), trinity (modelscope/Trinity-RFT), verl (volcengine/verl)
                 trajectories: ${viewerNames.map((name) => `${name} (${viewers[name].name})`).join(',\n                 ')}
                 metrics: ${metricsNames.map((name) => `${name} (${metricsForms[name].name})`).join(', ')}
  --out FILE     the zip file
  --file F       the file that the run's tasks come from, where they come from one

Exit status: 0 done, 1 failed, 2 wrong arguments.
`

const frameworks: Readonly<Record<'trl' | 'trinity' | 'verl', (run: ExportedRun) => ExportFile[]>> = { trl: trlFiles, trinity: trinityFiles, verl: verlFiles }
const names = [...namesOf(frameworks), ...viewerNames, ...metricsNames]
const given = z.string().min(1)
const optionsSchema = z.object({ run: given.optional(), episodes: given.optional(), for: z.enum(names), out: given, file: given.optional() })

const takes = { run: 'a folder that train keeps', episodes: 'a file of episodes', for: names.join(', '), out: 'a file', file: 'a file of tasks' }

const isViewer = (name: (typeof names)[number]): name is ViewerName => viewerNames.some((each) => each === name)
const isMetrics = (name: (typeof names)[number]): name is MetricsName => metricsNames.some((each) => each === name)

/** @throws ArgumentError, Error */
export async function runExportCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const text = { type: 'string' } as const
  const options = readGiven(args, { options: { run: text, episodes: text, for: text, out: text, file: text }, schema: optionsSchema, takes, hint: `Usage: ${usage}` })
  if (options === 'help') {
    await io.out(help)
    return 0
  }
  const { run: folder, episodes, for: form, out } = options
  if (isViewer(form)) {
    if ((folder === undefined) === (episodes === undefined)) throw new ArgumentError(`Give either --run or --episodes. Usage: ${usage}`)
    await exportForViewer(form, folder === undefined ? { episodes: episodes ?? '' } : { run: folder }, out, io)
    return 0
  }
  if (folder === undefined) throw new ArgumentError(`--run is missing: it takes ${takes.run}. Usage: ${usage}`)
  if (isMetrics(form)) {
    await exportMetricsFor(form, folder, out, io)
    return 0
  }
  const kept = await TrainFolder.open(folder)
  const { run } = kept
  const adapterFile = (name: string) => readFile(join(folder, 'adapter', name))
  const adapter = run.step === 0 ? null : { step: run.step, config: (await adapterFile('adapter_config.json')).toString(), model: new Uint8Array(await adapterFile('adapter_model.safetensors')) }
  const files = frameworks[form]({ name: basename(resolve(folder)), config: run.config, tasks: await tasksOfRun(run.config, dataSetsOfFile(await dataFileOf(run.config, options.file ?? null, io))), model: { name: basename(resolve(run.model)), place: run.model }, adapter, ...(form === 'trl' && { goingOn: await goingOnOf(kept, folder) }) })
  await writeFile(out, Buffer.concat(zipOfFiles(files)))
  io.tell(`${out}: ${files.length} files${adapter ? `, with the adapter after ${adapter.step} steps` : ', without an adapter: the run has none yet'}. README.md in it has the commands.`)
  return 0
}
