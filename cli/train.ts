// The `train` command: a training run on a model from a folder, kept in a folder, to be interrupted and resumed.
import { basename, resolve } from 'node:path'
import { trainingSetup, type TrainConfig } from '../src/core/training/config.ts'
import type { DataSets } from '../src/core/environments/family.ts'
import type { EvaluationMetrics } from '../src/core/evaluation/evaluation-metrics.ts'
import { noteWords, warningWords } from '../src/core/training/health-words.ts'
import type { StepMetrics } from '../src/core/training/metrics.ts'
import type { RunRecord } from '../src/core/training/runs.ts'
import type { TrainEvent } from '../src/core/training/train-event.ts'
import { percent } from '../src/core/percent.ts'
import { TrainingRun } from '../src/core/training/training-run.ts'
import { tellRoom } from './play.ts'
import type { ModelConfig } from '../src/nn/transformer/config.ts'
import type { LocalModel } from '../src/models/local-model.ts'
import { createNodeRuntime } from '../src/runtime/node.ts'
import { adapterNotes } from './adapter-folder.ts'
import { ArgumentError } from './options.ts'
import type { ExitStatus, Io } from './io.ts'
import { dataFileOf, dataSetsOfFile, playedTasks, readDataFile, type DataFile } from './data-file.ts'
import { FolderStore } from './folder-store.ts'
import { openModel } from './open-model.ts'
import { createdFrom, TrainFolder } from './train-folder.ts'
import { fromFile, readTrainOptions, trainHelp, type TrainOptions } from './train-options.ts'

/** Progress within a step is told at most this often, ms. */
const tellEvery = 5000

interface Planned {
  /** null: a new run. */
  folder: TrainFolder | null
  config: TrainConfig
  file: DataFile | null
}

/** What is to be trained, before any model is loaded. @throws ArgumentError, Error */
async function planned({ out, resume, source, file: path, adapter, configOf }: TrainOptions, io: Io): Promise<Planned> {
  if (resume) {
    const folder = await TrainFolder.open(out)
    const { config } = folder.run
    return { folder, config, file: await dataFileOf(config, path, io) }
  }
  const file = path !== null && fromFile(source) ? await readDataFile(path, source, io) : null
  const notes = adapter === null ? null : await adapterNotes(adapter)
  return { folder: null, config: configOf(file, notes?.prompt ?? null), file }
}

async function folderOf({ out, model, adapter, steps }: TrainOptions, { folder, config }: Planned, sha256: string, shape: ModelConfig): Promise<TrainFolder> {
  if (!folder) return createdFrom(adapter, { model, model_sha256: sha256, config }, shape, (run) => TrainFolder.create(out, run))
  if (folder.run.model_sha256 !== sha256) throw new ArgumentError(`The run in ${out} trains another model (${folder.run.model}) than ${model}: its adapter does not fit. Give that one as --model.`)
  if (steps !== null) await folder.plan({ ...folder.run.config, steps })
  return folder
}

function stepLine({ step, reward, reward_std, group_reward_std, success, format_violations, kl, groups, seconds, tokens }: StepMetrics, { steps }: TrainConfig, left: number): string {
  const silent = groups.filter(({ zero_variance }) => zero_variance).length
  const { rollout, scoring, update, total } = seconds
  const parts = `rollout ${percent(rollout / total)}, scoring ${percent(scoring / total)}, update ${percent(update / total)}`
  return [
    `step ${step} of ${steps}: reward ${reward.toFixed(3)} ± ${reward_std.toFixed(3)} (in a group ± ${group_reward_std.toFixed(3)}), right ${percent(success)}, protocol broken ${percent(format_violations)}`,
    ...(kl === null ? [] : [`KL ${kl.toFixed(4)}`]),
    ...(silent === 0 ? [] : [`${silent} of ${groups.length} groups without variance`]),
    `${total.toFixed(1)} s (${parts}; ${Math.round(tokens.sampled / Math.max(0.001, rollout))} tokens/s sampled)`,
    `about ${Math.ceil(left / 60)} min left`,
  ].join(', ')
}

function evaluationLine({ step, tasks, summary, habits }: EvaluationMetrics): string {
  const { reward, intervals } = summary
  const within = ([low, high]: readonly [number, number]) => `${low.toFixed(3)} to ${high.toFixed(3)}`
  const share = (habit: { mean: number } | null) => (habit ? percent(habit.mean) : '–')
  return [
    `  held-out after ${step} steps, ${tasks} tasks: reward ${reward.total.toFixed(3)} (${within(intervals.reward.total)})`,
    `task ${reward.task.toFixed(3)} (${within(intervals.reward.task)})`,
    `right ${percent(summary.success_rate)}, memory quality ${summary.memory_quality.toFixed(3)}`,
    `facts added ${share(habits.add_fact)}, corrections updated ${share(habits.update_correction)}, filtered ${share(habits.filter_episode)}, summarised ${share(habits.summarise_episode)}`,
  ].join(', ')
}

/** What is told of a training: a JSON line a step on standard output, the rest for people. `told` waits for what is written. */
function telling(config: TrainConfig, io: Io): { tell: (event: TrainEvent) => void; told: () => Promise<void> } {
  const times: number[] = []
  let written = Promise.resolve()
  let last = io.now()
  const tell = (event: TrainEvent) => {
    switch (event.type) {
      case 'progress':
        if (event.part === 'evaluation' || event.part === 'saving' || io.now() - last < tellEvery) return
        last = io.now()
        io.tell(`  step ${event.step}: ${event.part} ${percent(event.share)}`)
        return
      case 'step': {
        const { metrics } = event
        times.push(metrics.seconds.total)
        written = written.then(() => io.out(JSON.stringify(metrics)))
        io.tell(stepLine(metrics, config, (times.reduce((sum, time) => sum + time, 0) / times.length) * (config.steps - metrics.step)))
        for (const warning of metrics.warnings) io.tell(`  ${warningWords(warning)}`)
        return
      }
      case 'evaluation':
        io.tell(evaluationLine(event.evaluation))
        return
      case 'loading':
      case 'run':
      case 'checkpoint':
      case 'watched':
      case 'watched-step':
      case 'watched-end':
    }
  }
  return { tell, told: () => written }
}

/** Trains from where the folder stands to the end of its plan. @returns the run; null: it was interrupted */
async function train(folder: TrainFolder, model: LocalModel, key: string, data: DataSets, io: Io): Promise<RunRecord | null> {
  const { config, step } = folder.run
  const { steps: before, evaluations } = await folder.history()
  const record: RunRecord = { key, name: key, created: 0, model: model.name, model_url: null, config, steps: step, status: 'running', note: null }
  const { tell, told } = telling(config, io)
  const clock = { wall: () => io.now(), monotonic: () => io.now() }
  const store = new FolderStore(folder, model.config, record, evaluations)
  const run = new TrainingRun({ record, before }, { store, model, clock, data, tell, signal: io.signal, pausing: () => false })
  try {
    return await run.go('end')
  } catch (error) {
    // Adapters are always those of whole steps, whatever ended this one.
    await run.rest(null)
    if (error instanceof Error && error.name === 'AbortError') return null
    throw error
  } finally {
    await told()
  }
}

/** 0 done; 1 paused or interrupted. @throws ArgumentError, Error */
export async function runTrainCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const options = readTrainOptions(args)
  if (options === 'help') {
    await io.out(trainHelp)
    return 0
  }
  const { out, model: place, threads } = options
  const plan = await planned(options, io)
  const runtime = createNodeRuntime(threads)
  try {
    const { model, hash } = await openModel(runtime, place, io)
    const folder = await folderOf(options, plan, hash, model.config)
    const { step, config, from } = folder.run
    const reference = from !== undefined && config.reference === 'start' && config.beta > 0 ? await folder.adapterState(model.config, 0) : null
    await model.beginTraining(trainingSetup(config, reference?.parameters), await folder.adapterState(model.config))
    const data = dataSetsOfFile(plan.file)
    tellRoom(playedTasks(plan.file, config), config.episode, model, model.name, io)
    io.tell(`${runtime.description}. ${step > 0 ? `Going on after ${step} steps` : 'A new run'}: ${config.steps} steps of ${config.b} tasks × ${config.k} rollouts, into ${out}.`)
    const ended = await train(folder, model, basename(resolve(out)), data, io)
    await model.dispose()
    if (ended === null) io.tell(`Interrupted after ${folder.run.step} steps. --resume goes on from there.`)
    else if (ended.note !== null) io.tell(`Paused: ${noteWords(ended.note)} --resume goes on all the same.`)
    else io.tell(`Done. The adapter is in ${out}/adapter.`)
    return ended?.note === null ? 0 : 1
  } finally {
    await runtime.dispose()
  }
}
