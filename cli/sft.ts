// The `sft` command: a supervised training on a model from a folder, kept in a folder, to be interrupted and resumed.
import { basename, resolve } from 'node:path'
import { percent } from '../src/core/percent.ts'
import { supervisedSetup, type SupervisedConfig } from '../src/core/training/supervised/config.ts'
import type { SupervisedEvaluation, SupervisedMetrics } from '../src/core/training/supervised/metrics.ts'
import { SupervisedRun } from '../src/core/training/supervised/supervised-run.ts'
import type { ModelConfig } from '../src/nn/transformer/config.ts'
import { createNodeRuntime } from '../src/runtime/node.ts'
import { adapterNotes } from './adapter-folder.ts'
import { dataFileOf, dataSetsOfFile, readDataFile, type DataFile } from './data-file.ts'
import type { ExitStatus, Io } from './io.ts'
import { openModel } from './open-model.ts'
import { ArgumentError } from './options.ts'
import { readSftOptions, sftHelp, type SftOptions } from './sft-options.ts'
import { createdFrom, SupervisedFolder } from './train-folder.ts'
import { fromFile } from './train-options.ts'


interface Planned {
  /** null: a new run. */
  folder: SupervisedFolder | null
  config: SupervisedConfig
  file: DataFile | null
}

/** What is to be trained, before any model is loaded. @throws ArgumentError, Error */
async function planned({ out, resume, source, file: path, adapter, configOf }: SftOptions, io: Io): Promise<Planned> {
  if (resume) {
    const folder = await SupervisedFolder.open(out)
    const { config } = folder.run
    return { folder, config, file: await dataFileOf(config, path, io) }
  }
  const file = path !== null && fromFile(source) ? await readDataFile(path, source, io) : null
  const notes = adapter === null ? null : await adapterNotes(adapter)
  return { folder: null, config: configOf(file, notes?.prompt ?? null), file }
}

async function folderOf({ out, model, adapter, steps }: SftOptions, { folder, config }: Planned, sha256: string, shape: ModelConfig): Promise<SupervisedFolder> {
  if (!folder) return createdFrom(adapter, { model, model_sha256: sha256, config }, shape, (run) => SupervisedFolder.create(out, run))
  if (folder.run.model_sha256 !== sha256) {
    throw new ArgumentError(`The run in ${out} teaches another model (${folder.run.model}) than ${model}: its adapter does not fit. Give that one as --model.`)
  }
  if (steps !== null) await folder.plan({ ...folder.run.config, steps: Math.max(steps, folder.run.step) })
  return folder
}

function stepLine({ step, loss, tokens, sequences, grad_norm, learning_rate, seconds }: SupervisedMetrics, { steps }: SupervisedConfig, left: number): string {
  return [
    `step ${step} of ${steps}: loss ${loss?.toFixed(4) ?? 'not finite'}`,
    `${tokens.loss} of ${tokens.packed} tokens in ${sequences.packed} sequences${sequences.too_long > 0 ? `, ${sequences.too_long} replies too long` : ''}`,
    `gradient ${grad_norm?.toFixed(3) ?? 'not finite'}, rate ${learning_rate.toExponential(2)}`,
    `${seconds.total.toFixed(1)} s, ${Math.round(tokens.packed / Math.max(0.001, seconds.update))} tokens/s`,
    `about ${Math.ceil(left / 60)} min left`,
  ].join(', ')
}

function evaluationLine({ step, demonstrations, episodes, seconds }: SupervisedEvaluation): string {
  const share = (habit: { mean: number } | null) => (habit ? percent(habit.mean) : '–')
  return [
    `  held-out after ${step} steps`,
    ...(demonstrations ? [`loss ${demonstrations.loss.toFixed(4)} on ${demonstrations.tokens} tokens`] : []),
    ...(episodes
      ? [
          `${episodes.tasks} episodes: well-formed ${percent(1 - episodes.format_violations.mean)} of ${episodes.format_violations.n} replies, right ${percent(episodes.summary.success_rate)}`,
          `facts added ${share(episodes.habits.add_fact)}, corrections updated ${share(episodes.habits.update_correction)}, retrieved first ${share(episodes.habits.retrieve_first)}, filtered ${share(episodes.habits.filter_episode)}`,
        ]
      : []),
    `${seconds.toFixed(0)} s`,
  ].join(', ')
}

/** 0 done; 1 interrupted. @throws ArgumentError, Error */
export async function runSftCommand(args: readonly string[], io: Io): Promise<ExitStatus> {
  const options = readSftOptions(args)
  if (options === 'help') {
    await io.out(sftHelp)
    return 0
  }
  const { out, model: place, threads } = options
  const plan = await planned(options, io)
  const runtime = createNodeRuntime(threads)
  try {
    const { model, hash } = await openModel(runtime, place, io)
    const folder = await folderOf(options, plan, hash, model.config)
    const { step, config } = folder.run
    await model.beginTraining(supervisedSetup(config), await folder.adapterState(model.config))
    io.tell(`${runtime.description}. ${step > 0 ? `Going on after ${step} steps` : 'A new run'}: ${config.steps} steps of ${config.b} episodes of ${config.teacher.name}, into ${out}.`)
    const { steps: before, evaluations } = await folder.history()
    const times = before.map(({ seconds }) => seconds.total)
    let written = Promise.resolve()
    const run = new SupervisedRun({
      run: basename(resolve(out)),
      config,
      step,
      evaluated: evaluations.map((each) => each.step),
      model,
      data: dataSetsOfFile(plan.file),
      store: {
        putStep: async (metrics, state) => {
          await folder.addStep(metrics, null)
          if (state) await folder.checkpoint(metrics.step, model.config, state)
        },
        putCheckpoint: (after, state) => folder.checkpoint(after, model.config, state),
        putEvaluation: (evaluation) => folder.addEvaluation(evaluation),
      },
      now: () => io.now(),
      onStep: (metrics) => {
        times.push(metrics.seconds.total)
        written = written.then(() => io.out(JSON.stringify(metrics)))
        io.tell(stepLine(metrics, config, (times.reduce((sum, time) => sum + time, 0) / times.length) * (config.steps - metrics.step)))
      },
      onEvaluation: (evaluation) => { io.tell(evaluationLine(evaluation)) },
      signal: io.signal,
      pausing: () => false,
    })
    try {
      await run.go()
      io.tell(`Done. The adapter is in ${out}/adapter.`)
      return 0
    } catch (error) {
      if (!(error instanceof Error && error.name === 'AbortError')) throw error
      io.tell(`Interrupted after ${folder.run.step} steps. --resume goes on from there.`)
      return 1
    } finally {
      await written
      await model.dispose()
    }
  } finally {
    await runtime.dispose()
  }
}
