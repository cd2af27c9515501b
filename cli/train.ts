// The `train` command: the loop of core/training on a model from a folder, kept in a folder, to be interrupted and resumed.
import { createHash } from 'node:crypto'
import { basename, resolve } from 'node:path'
import { trainingSetup, type TrainConfig } from '../src/core/training/config.ts'
import { evaluatePolicy, evaluationDue } from '../src/core/training/evaluate-policy.ts'
import { oneStep, type StepProgress, type StepResult } from '../src/core/training/loop.ts'
import type { DataSets } from '../src/core/environments/family.ts'
import type { EvaluationMetrics, StepMetrics } from '../src/core/training/metrics.ts'
import { adapterOfRun } from '../src/core/training/runs.ts'
import { report } from '../src/core/evaluation/metrics.ts'
import { loadModel, type LoadedModel } from '../src/models/files/load-model.ts'
import { LocalModel } from '../src/models/local-model.ts'
import { tellRoom } from './play.ts'
import { createNodeRuntime } from '../src/runtime/node.ts'
import { ArgumentError } from './options.ts'
import type { ExitStatus, Io } from './io.ts'
import { dataFileOf, dataSetsOfFile, playedTasks, readDataFile, type DataFile } from './data-file.ts'
import { filesInFolder } from './model-folder.ts'
import { TrainFolder } from './train-folder.ts'
import { readTrainOptions, trainHelp, type TrainOptions } from './train-options.ts'

/** Bytes that a model may need in this process. */
const limit = 64 * 2 ** 30
/** Progress within a step is told at most this often, ms. */
const tellEvery = 5000

interface Planned {
  /** null: a new run. */
  folder: TrainFolder | null
  config: TrainConfig
  file: DataFile | null
}

/** What is to be trained, before any model is loaded. @throws ArgumentError, Error */
async function planned({ out, resume, source, file: path, configOf }: TrainOptions, io: Io): Promise<Planned> {
  if (resume) {
    const folder = await TrainFolder.open(out)
    const { config } = folder.run
    return { folder, config, file: await dataFileOf(config, path, io) }
  }
  const file = path !== null && (source === 'hotpotqa' || source === 'musique') ? await readDataFile(path, source, io) : null
  return { folder: null, config: configOf(file?.data ?? null), file }
}

/** Of all weights, in the order of their names. */
function hashOf({ weights }: LoadedModel): string {
  const hash = createHash('sha256')
  for (const [name, values] of [...weights].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(name).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  }
  return hash.digest('hex')
}

async function folderOf({ out, model, steps }: TrainOptions, { folder, config }: Planned, sha256: string): Promise<TrainFolder> {
  if (!folder) return TrainFolder.create(out, { model, model_sha256: sha256, config })
  if (folder.run.model_sha256 !== sha256) throw new ArgumentError(`The run in ${out} trains another model (${folder.run.model}) than ${model}: its adapter does not fit. Give that one as --model.`)
  if (steps !== null) await folder.plan({ ...folder.run.config, steps })
  return folder
}

const percent = (share: number) => `${Math.round(100 * share)} %`

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

/** Lines of progress within a step, a few seconds apart. */
function teller(io: Io): (progress: StepProgress) => void {
  let told = io.now()
  return ({ step, part, share }) => {
    if (io.now() - told < tellEvery) return
    told = io.now()
    io.tell(`  step ${step}: ${part} ${percent(share)}`)
  }
}

/** The step's episodes as lines that can be imported, each with what it brought. */
function episodeLines({ rollouts }: StepResult): unknown[] {
  return rollouts.map(({ trajectory, scored, advantage }) => ({ ...report(trajectory, scored), components: scored.components, advantage }))
}

type Ending = { kind: 'done' } | { kind: 'paused'; why: string } | { kind: 'interrupted' }

/** Trains from where the folder stands to the end of its plan. */
async function train(folder: TrainFolder, model: LocalModel, run: string, data: DataSets, io: Io): Promise<Ending> {
  const { config } = folder.run
  const { steps: before, evaluations } = await folder.history()
  let step = folder.run.step
  const times: number[] = []
  const tell = teller(io)
  const keep = async () => {
    if (step > folder.run.step) await folder.checkpoint(step, model.config, await model.adapterState())
  }
  const evaluate = async () => {
    if (!evaluationDue(config, step) || evaluations.some((each) => each.step === step)) return
    const { evaluation } = await evaluatePolicy({ run: `${run}/evaluation`, step, adapter: adapterOfRun(run, step), config }, model, { signal: io.signal, now: () => io.now(), data })
    evaluations.push(evaluation)
    await folder.addEvaluation(evaluation)
    io.tell(evaluationLine(evaluation))
  }
  try {
    await evaluate()
    while (step < config.steps) {
      const made = await oneStep({ run, config, step, before }, model, { signal: io.signal, now: () => io.now(), data, onProgress: tell })
      const { metrics } = made
      step = metrics.step
      before.push(metrics)
      times.push(metrics.seconds.total)
      await folder.addStep(metrics, episodeLines(made))
      await io.out(JSON.stringify(metrics))
      io.tell(stepLine(metrics, config, (times.reduce((sum, time) => sum + time, 0) / times.length) * (config.steps - step)))
      for (const { message } of metrics.warnings) io.tell(`  ${message}`)
      if (step % config.checkpoint_every === 0) await keep()
      await evaluate()
      if (metrics.pause !== null) {
        await keep()
        return { kind: 'paused', why: metrics.pause }
      }
    }
    await keep()
    return { kind: 'done' }
  } catch (error) {
    // Adapters are always those of whole steps, whatever ended this one.
    await keep()
    if (error instanceof Error && error.name === 'AbortError') return { kind: 'interrupted' }
    throw error
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
  const loaded = await loadModel(await filesInFolder(place), limit, undefined, io.signal)
  const folder = await folderOf(options, plan, hashOf(loaded))
  const runtime = createNodeRuntime(threads)
  try {
    const model = await LocalModel.create(runtime, basename(resolve(place)), loaded)
    await model.beginTraining(trainingSetup(folder.run.config), await folder.adapterState(loaded.config))
    const { step, config } = folder.run
    const data = dataSetsOfFile(plan.file)
    tellRoom(playedTasks(plan.file, config), config.episode, model, model.name, io)
    io.tell(`${runtime.description}. ${step > 0 ? `Going on after ${step} steps` : 'A new run'}: ${config.steps} steps of ${config.b} tasks × ${config.k} rollouts, into ${out}.`)
    const ending = await train(folder, model, basename(resolve(out)), data, io)
    await model.dispose()
    switch (ending.kind) {
      case 'done':
        io.tell(`Done. The adapter is in ${out}/adapter.`)
        return 0
      case 'paused':
        io.tell(`Paused: ${ending.why} --resume goes on all the same.`)
        return 1
      case 'interrupted':
        io.tell(`Interrupted after ${folder.run.step} steps. --resume goes on from there.`)
        return 1
    }
  } finally {
    await runtime.dispose()
  }
}
