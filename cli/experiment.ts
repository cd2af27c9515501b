// The `experiment` command: a table or figure of the paper, played and written beside the paper's numbers.
import { openAsBlob } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { dataSetsOf } from '../src/core/environments/data-sets.ts'
import type { DataReference } from '../src/core/environments/family.ts'
import type { DataSource, Task } from '../src/core/environments/question/task.ts'
import { ruleJudge } from '../src/core/environments/question/judge.ts'
import { dataOf } from '../src/core/experiments/data.ts'
import { experimentNamed, experimentNames } from '../src/core/experiments/experiments.ts'
import type { Experiment } from '../src/core/experiments/experiment.ts'
import { agreementLines, exported, exportForms } from '../src/core/experiments/export.ts'
import { alsoOn, experimentResultSchema, readResult, type ExperimentPlan, type ExperimentResult } from '../src/core/experiments/result.ts'
import { gathered } from '../src/core/experiments/gather.ts'
import { plannedCells, runExperiment, type ExperimentProgress } from '../src/core/experiments/run.ts'
import { mustFit } from '../src/core/fit.ts'
import { percent } from '../src/core/percent.ts'
import { sameData } from '../src/core/same-data.ts'
import { hashOfTasks, sourceOfFormat } from '../src/lab/data-sets.ts'
import { readTasks } from '../src/lab/files/read-tasks.ts'
import { experimentHelp, readExperimentOptions, type ExperimentOptions } from './experiment-options.ts'
import { openPlayer, type ExperimentPlayer } from './experiment-player.ts'
import type { ExitStatus, Io } from './io.ts'
import { ArgumentError } from './options.ts'

/** Progress within a cell is told at most this often, ms. */
const tellEvery = 5000

interface DataFiles {
  of: ReadonlyMap<DataSource, DataReference>
  tasks: ReadonlyMap<string, readonly Task[]>
}

/** @throws Error saying what is wrong with a file, ArgumentError when two are of one source */
async function readFiles(paths: readonly string[], io: Io): Promise<DataFiles> {
  const of = new Map<DataSource, DataReference>()
  const tasks = new Map<string, readonly Task[]>()
  for (const path of paths) {
    const read = await readTasks(await openAsBlob(path), path)
    const source = sourceOfFormat(read.format)
    if (of.has(source)) throw new ArgumentError(`--file: two files hold ${source} records. Give one of each.`)
    if (read.tasks.length < read.records) io.tell(`${path}: ${read.tasks.length} of ${read.records} records became tasks.`)
    const data = { name: basename(path), hash: await hashOfTasks(read.tasks) }
    of.set(source, data)
    tasks.set(data.hash, read.tasks)
  }
  return { of, tasks }
}

function planOf({ name, arms: chosen, data: wanted, seeds, tasks, steps }: ExperimentOptions, files: DataFiles, { settings, base, start, learns }: ExperimentPlayer, io: Io): ExperimentPlan {
  const experiment = experimentNamed(name)
  const arms = experiment.arms.filter((arm) => (chosen?.includes(arm.name) ?? true) && (learns || arm.training === null))
  if (!learns && arms.length < experiment.arms.length) io.tell('A script cannot be trained: arms with RL are left out.')
  const data = (wanted ?? experiment.data).flatMap((each) => {
    const { file, choice, label } = dataOf(each)
    const reference = file === null ? null : (files.of.get(file) ?? null)
    if (file !== null && reference === null) {
      io.tell(`${label} is left out: give its records with --file.`)
      return []
    }
    return [{ name: each, choice: choice(reference) }]
  })
  if (arms.length === 0) throw new ArgumentError(`--policy: none of the arms of ${name} can be played by a script: all are trained.`)
  if (data.length === 0) throw new ArgumentError('--file: there is nothing to be played without the records of a file.')
  return { arms: arms.map((arm) => arm.name), data, seeds, tasks, settings, base, steps, ...(start && { start }) }
}

async function writeResult(folder: string, experiment: Experiment, result: ExperimentResult): Promise<void> {
  mustFit(experimentResultSchema, result, 'The result was not written: ')
  for (const form of exportForms) {
    const path = join(folder, form === 'json' ? 'result.json' : `table.${form}`)
    await writeFile(`${path}.new`, exported(form, experiment, result))
    await rename(`${path}.new`, path)
  }
}

/** A new result, or the one that is there. @throws ArgumentError */
async function begunResult(path: string, options: ExperimentOptions, player: ExperimentPlayer, plan: ExperimentPlan): Promise<ExperimentResult> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null || !options.resume) {
    if (text !== null) throw new ArgumentError(`${path} is there already: --resume goes on with it, or give another --out.`)
    const { model, machine } = player
    return { kind: 'agemem-experiment', schema_version: 1, key: options.name, experiment: options.name, created: Date.now(), model, machine, judge: ruleJudge.name, plan, trainings: [], cells: [] }
  }
  const known = readResult(text)
  if (known.experiment !== options.name || known.model.name !== player.model.name || known.model.sha256 !== player.model.sha256) throw new ArgumentError(`--resume: ${path} is of ${known.experiment} with ${known.model.name}, and was made with other weights or another name.`)
  const { tasks, settings, base, steps, start } = known.plan
  if (start?.hash !== plan.start?.hash) throw new ArgumentError(`--resume: ${path} was made ${start ? `with the adapter ${start.name}` : 'without an adapter'}. Give the same, or another --out.`)
  if (tasks !== plan.tasks || base !== plan.base || steps !== plan.steps || !sameData(settings, plan.settings)) throw new ArgumentError(`--resume: ${path} was made with --tasks ${tasks}${steps === null ? '' : ` --steps ${steps}`}; cells of another size cannot stand beside those. Give the same, or another --out.`)
  const differs = plan.data.find(({ name, choice }) => known.plan.data.some((each) => each.name === name && !sameData(each.choice, choice)))
  if (differs) throw new ArgumentError(`--resume: the file of ${differs.name} has other tasks than the one that ${path} was made with. Give the same.`)
  // What was asked for before stays; seeds, arms and data can be more now.
  const union = <T>(a: readonly T[], b: readonly T[]) => [...new Set([...a, ...b])]
  const data = [...known.plan.data, ...plan.data.filter(({ name }) => !known.plan.data.some((each) => each.name === name))]
  return { ...known, machine: alsoOn(known.machine, player.machine), plan: { ...known.plan, seeds: union(known.plan.seeds, plan.seeds), arms: union(known.plan.arms, plan.arms), data } }
}

/** What other experiments with the same --out came to. */
async function othersIn({ out, name }: ExperimentOptions): Promise<ExperimentResult[]> {
  const texts = await Promise.all(experimentNames.filter((other) => other !== name).map((other) => readFile(join(out, other, 'result.json'), 'utf8').catch(() => null)))
  return texts.flatMap((text) => (text === null ? [] : [readResult(text)]))
}

/** Told at the beginning of each cell and step, and now and then between. */
function telling(io: Io): (progress: ExperimentProgress) => void {
  let last = -Infinity
  let told = ''
  return ({ doing, cells, steps }) => {
    const counts = `${cells.done} of ${cells.of} cells${steps.of === 0 ? '' : `, ${steps.done} of ${steps.of} training steps`}`
    if (doing.kind === 'training') {
      io.tell(`${counts}: training ${doing.training}, seed ${doing.seed}: step ${doing.step} of ${doing.steps}`)
      return
    }
    const cell = `${doing.arm} ${doing.data} ${doing.seed}`
    if (cell === told && (doing.share === 1 || io.now() - last < tellEvery)) return
    last = io.now()
    told = cell
    io.tell(`${counts}: ${doing.arm} on ${doing.data}, seed ${doing.seed}: ${percent(doing.share)}`)
  }
}

/** 1 when it was interrupted. @throws ArgumentError, Error */
export async function runExperimentCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const options = readExperimentOptions(args)
  if (options === 'help') {
    await io.out(experimentHelp)
    return 0
  }
  const experiment = experimentNamed(options.name)
  const files = await readFiles(options.file, io)
  const player = await openPlayer(options, io)
  try {
    const folder = join(options.out, options.name)
    const wanted = planOf(options, files, player, io)
    const own = await begunResult(join(folder, 'result.json'), options, player, wanted)
    const begun = gathered(experiment, own, await othersIn(options))
    if (begun.cells.length > own.cells.length) io.tell(`${begun.cells.length - own.cells.length} cells were played for other experiments in ${options.out}, and are taken.`)
    await mkdir(folder, { recursive: true })
    io.tell(`${experiment.mirrors}: ${experiment.title}. ${player.model.name}, ${plannedCells(experiment, begun.plan).length} cells of at most ${begun.plan.tasks} episodes, into ${folder}.`)
    const data = dataSetsOf((hash) => Promise.resolve(files.tasks.get(hash) ?? null), ({ name }) => `This needs the file ${name}: give it with --file.`)
    const { policy, train, stepsOf } = player
    try {
      const result = await runExperiment(experiment, begun, {
        // What was asked for before and is not now stays open.
        only: ({ arm, data: of, seed }) => wanted.arms.includes(arm.name) && wanted.data.some(({ name }) => name === of.name) && wanted.seeds.includes(seed),
        ...{ policy, train, stepsOf, data, signal: io.signal, pausing: () => false, now: () => io.now(), tell: telling(io) },
        keep: (next) => writeResult(folder, experiment, next),
      })
      await writeResult(folder, experiment, result)
      await io.out(exported('md', experiment, result))
      for (const line of agreementLines(experiment, result)) await io.out(line)
      return 0
    } catch (error) {
      if (!(error instanceof Error && error.name === 'AbortError')) throw error
      io.tell('Interrupted. --resume goes on from the last cell or step that is done.')
      return 1
    }
  } finally {
    await player.dispose()
  }
}
