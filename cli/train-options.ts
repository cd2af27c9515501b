// The options of the `train` command, read and checked, and the configuration that they make.
import { usualHeldOut, trainsOnAll, usualOptions, type QuestionOptions } from '../src/core/environments/question/training-tasks.ts'
import { z } from 'zod'
import { trainConfigSchema, trainPresetNames, trainPresets, type TrainConfig } from '../src/core/training/config.ts'
import { type DataSource, dataSources, isDataSource, taskSources } from '../src/core/environments/question/task.ts'
import type { DataFile } from './data-file.ts'
import { ArgumentError, readGiven, wholeNumber } from './options.ts'
import { withSettings } from './settings.ts'

const usage = 'npm run -s agemem -- train --out DIR [--preset NAME] [--steps N] [--seed N] [--set NAME=VALUE …] [--model DIR|FILE] [--adapter DIR] [--threads N] [--source NAME] [--file F] [--resume]'
export const trainHelp = `Trains a model to manage its memory: the loop of the page, headless. One JSON line a step on standard output, progress on
standard error.

${usage}

  --out DIR         where everything goes (see below)
  --preset NAME     one of ${trainPresetNames.join(', ')}; quick
  --steps N         planned steps; the preset's
  --seed N          a whole number from 0 to 4294967295; the preset's
  --set NAME=VALUE  any setting of run.json by its name, for example --set k=4 --set episode.temperature=0.8; may be repeated
  --model DIR|FILE  a Llama, Qwen2 or Qwen3 model: a folder in Hugging Face form, or a GGUF file; public/models/nano
  --adapter DIR     begin from this adapter, as sft or train leave one: its rank, alpha and targets, and the prompt that it
                    learnt with, unless --set names another. The KL term keeps to the model with it (--set reference=base: to
                    the model without)
  --threads N       all cores when left out
  --source NAME     where the tasks come from: world, the preset's; ${dataSources.join(', ')}, from --file; or scenario. About a
                    fifth of a file's records is held out, by their ids, and only those are evaluated on; of fewer than
                    ten own tasks none is, and nothing is evaluated
  --file F          JSON, JSON Lines, Parquet, or one of these packed; for own, lines as README.md shows them. The run names it by the hash of its tasks, so --resume
                    and export need the same file again
  --resume          go on with the run in DIR as if it had not been interrupted; --steps may reach further than before

DIR holds run.json (the configuration), metrics.jsonl and evaluations.jsonl, trajectories/step-NNNN.jsonl (episodes that the
page can import), adapter/ (the newest one, for PEFT, and for evaluate --adapter DIR/adapter) and
checkpoints/step-NNNN/ (adapter and optimizer). Ctrl+C keeps a checkpoint of the last whole step.

Exit status: 0 done, 1 failed, paused or interrupted, 2 wrong arguments.
`

type TaskSource = (typeof taskSources)[number]

export const fromFile = (source: TaskSource): source is DataSource => isDataSource(source)

export interface TrainOptions {
  out: string
  model: string
  /** Folder of the adapter that a new run begins from; null: a fresh one. */
  adapter: string | null
  threads: number | undefined
  /** What was asked for of a run that is resumed; null: as it was. */
  steps: number | null
  resume: boolean
  source: TaskSource
  file: string | null
  /**
   * Of a new run. @param file the tasks of --file; null: there is none. @param prompt that the policy is to be asked with;
   * null: the preset's. @throws ArgumentError
   */
  configOf: (file: DataFile | null, prompt: TrainConfig['episode']['prompt'] | null) => TrainConfig
}

const optionsSchema = z.object({
  out: z.string().min(1),
  preset: z.enum(trainPresetNames).optional(),
  steps: wholeNumber(1, 100_000).optional(),
  seed: wholeNumber(0, 2 ** 32 - 1).optional(),
  set: z.array(z.string()).default([]),
  model: z.string().min(1).default('public/models/nano'),
  adapter: z.string().min(1).optional(),
  threads: wholeNumber(1, 1024).optional(),
  source: z.enum(taskSources).optional(),
  file: z.string().min(1).optional(),
  resume: z.boolean().default(false),
})
const takes: Record<keyof z.infer<typeof optionsSchema>, string> = {
  out: 'a folder',
  preset: `one of ${trainPresetNames.join(', ')}`,
  steps: 'a whole number from 1 to 100000',
  seed: 'a whole number from 0 to 4294967295',
  set: 'NAME=VALUE',
  model: 'a folder, or a GGUF file',
  adapter: 'a folder',
  threads: 'a whole number from 1',
  source: `one of ${taskSources.join(', ')}`,
  file: 'a file of tasks',
  resume: 'no value',
}

/** null: those of the preset. */
export function tasksOf(source: TaskSource, file: DataFile | null): TrainConfig['tasks'] | null {
  const options = (given: QuestionOptions) => ({ family: 'question', options: given })
  switch (source) {
    case 'world':
      return null
    case 'scenario':
      return options({ source, held_out: usualHeldOut })
    default:
      return file && options(usualOptions(source, file.data, file.tasks.length))
  }
}

/** Where nothing is held out nothing is evaluated. */
function withTasks({ evaluation }: TrainConfig, tasks: TrainConfig['tasks']): Partial<TrainConfig> {
  return { tasks, ...(trainsOnAll(tasks) ? { evaluation: { ...evaluation, every: 0 } } : {}) }
}

function configOf(preset: (typeof trainPresetNames)[number], tasks: TrainConfig['tasks'] | null, given: { steps?: number; seed?: number; set: readonly string[]; prompt: TrainConfig['episode']['prompt'] | null }): TrainConfig {
  const { episode } = trainPresets[preset]
  const config: Record<string, unknown> = { ...trainPresets[preset], episode: given.prompt === null ? episode : { ...episode, prompt: given.prompt }, ...(tasks ? withTasks(trainPresets[preset], tasks) : {}) }
  if (given.steps !== undefined) config['steps'] = given.steps
  if (given.seed !== undefined) config['seed'] = given.seed
  return withSettings(config, given.set, trainConfigSchema)
}

/** @throws ArgumentError */
export function readTrainOptions(args: readonly string[]): TrainOptions | 'help' {
  const text = { type: 'string' } as const
  const options = { out: text, preset: text, steps: text, seed: text, model: text, adapter: text, threads: text, source: text, file: text, set: { ...text, multiple: true }, resume: { type: 'boolean' } } as const
  const read = readGiven(args, { options, schema: optionsSchema, takes, hint: `Usage: ${usage}` })
  if (read === 'help') return 'help'
  const { out, preset, steps, seed, set, model, adapter, threads, source, file, resume } = read
  if (resume && (preset !== undefined || seed !== undefined || source !== undefined || adapter !== undefined || set.length > 0)) {
    throw new ArgumentError('--resume goes on with the configuration of the run: leave --preset, --seed and --set out, and --source and --adapter.')
  }
  const needsFile = source !== undefined && fromFile(source)
  if (needsFile && file === undefined) throw new ArgumentError(`--source ${source} needs --file, the file of its records.`)
  if (!needsFile && !resume && file !== undefined) throw new ArgumentError(`--file goes with --source ${dataSources.join(' or ')}.`)
  return { out, model, adapter: adapter ?? null, threads, resume, steps: steps ?? null, source: source ?? 'world', file: file ?? null, configOf: (read, prompt) => configOf(preset ?? 'quick', tasksOf(source ?? 'world', read), { steps, seed, set, prompt }) }
}
