// The options of the `sft` command, read and checked, and the configuration that they make.
import { z } from 'zod'
import { trainsOnAll } from '../src/core/environments/question/training-tasks.ts'
import { type DataSource, dataSources, taskSources } from '../src/core/environments/question/task.ts'
import { supervisedConfigSchema, teacherNames, warmStart, type SupervisedConfig, type TeacherName } from '../src/core/training/supervised/config.ts'
import type { EpisodeSettings } from '../src/core/record/trajectory.ts'
import type { DataFile } from './data-file.ts'
import { ArgumentError, readGiven, wholeNumber } from './options.ts'
import { withSettings } from './settings.ts'
import { fromFile, tasksOf } from './train-options.ts'

const usage = 'npm run -s agemem -- sft --model DIR|FILE --out DIR [--teacher NAME] [--steps N] [--seed N] [--set NAME=VALUE …] [--adapter DIR] [--threads N] [--source NAME] [--file F] [--resume]'
export const sftHelp = `Teaches a model the protocol: a LoRA adapter that learns from a teacher's episodes, the replies alone. It is what training
with rewards (train --adapter) can begin from. One JSON line a step on standard output, progress on standard error.

${usage}

  --model DIR|FILE  a Llama, Qwen2 or Qwen3 model: a folder in Hugging Face form, or a GGUF file
  --out DIR         where everything goes (see below)
  --teacher NAME    one of ${teacherNames.join(', ')}. demonstrator, whom nano learnt from, acts by teacher.habits and knows tasks of
                    the world alone; oracle always does right, on any questions. demonstrator, with --source oracle
  --steps N         planned steps; ${warmStart.steps}
  --seed N          a whole number from 0 to 4294967295; ${warmStart.seed}
  --set NAME=VALUE  any setting of run.json by its name, for example --set lora.rank=8 --set teacher.habits.update=0.5; may be
                    repeated
  --adapter DIR     go on teaching this adapter, with its rank, alpha and targets, and the prompt that it learnt with, unless
                    --set names another; the optimizer begins anew
  --threads N       all cores when left out
  --source NAME     where the tasks come from: world; ${dataSources.join(', ')}, from --file; or scenario
  --file F          JSON, JSON Lines, Parquet, or one of these packed; --resume needs the same file again
  --resume          go on with the run in DIR as if it had not been interrupted; --steps may reach further than before

DIR holds run.json (the configuration), metrics.jsonl, evaluations.jsonl (loss on held-out demonstrations, and what the model
does by itself on held-out tasks), adapter/ (the newest one, for PEFT, train --adapter and evaluate --adapter) and
checkpoints/step-NNNN/ (adapter and optimizer). Ctrl+C keeps a checkpoint of the last whole step.

Exit status: 0 done, 1 failed or interrupted, 2 wrong arguments.
`

export interface SftOptions {
  out: string
  model: string
  /** Folder of the adapter that a new run begins from; null: a fresh one. */
  adapter: string | null
  threads: number | undefined
  /** What was asked for of a run that is resumed; null: as it was. */
  steps: number | null
  resume: boolean
  source: (typeof taskSources)[number]
  file: string | null
  /**
   * Of a new run.
   * @param file the tasks of --file; null: there is none
   * @param prompt that of the adapter; null: not known, or there is none
   * @throws ArgumentError
   */
  configOf: (file: DataFile | null, prompt: EpisodeSettings['prompt'] | null) => SupervisedConfig
}

const optionsSchema = z.object({
  model: z.string().min(1),
  out: z.string().min(1),
  teacher: z.enum(teacherNames).optional(),
  steps: wholeNumber(1, 100_000).optional(),
  seed: wholeNumber(0, 2 ** 32 - 1).optional(),
  set: z.array(z.string()).default([]),
  adapter: z.string().min(1).optional(),
  threads: wholeNumber(1, 1024).optional(),
  source: z.enum(taskSources).optional(),
  file: z.string().min(1).optional(),
  resume: z.boolean().default(false),
})
const takes: Record<keyof z.infer<typeof optionsSchema>, string> = {
  model: 'a folder, or a GGUF file',
  out: 'a folder',
  teacher: `one of ${teacherNames.join(', ')}`,
  steps: 'a whole number from 1 to 100000',
  seed: 'a whole number from 0 to 4294967295',
  set: 'NAME=VALUE',
  adapter: 'a folder',
  threads: 'a whole number from 1',
  source: `one of ${taskSources.join(', ')}`,
  file: 'a file of tasks',
  resume: 'no value',
}

interface Given {
  teacher: TeacherName
  steps?: number
  seed?: number
  set: readonly string[]
  prompt: EpisodeSettings['prompt'] | null
}

function configOf(tasks: SupervisedConfig['tasks'] | null, { teacher, steps, seed, set, prompt }: Given): SupervisedConfig {
  const base: SupervisedConfig = { ...warmStart, teacher: { ...warmStart.teacher, name: teacher }, steps: steps ?? warmStart.steps, seed: seed ?? warmStart.seed, episode: { ...warmStart.episode, ...(prompt && { prompt }) } }
  // Where nothing is held out nothing is evaluated.
  const without = tasks && trainsOnAll(tasks) ? { evaluation: { ...base.evaluation, every: 0 } } : {}
  return withSettings({ ...base, ...(tasks ? { tasks } : {}), ...without }, set, supervisedConfigSchema)
}

/** @throws ArgumentError */
export function readSftOptions(args: readonly string[]): SftOptions | 'help' {
  const text = { type: 'string' } as const
  const options = { model: text, out: text, teacher: text, steps: text, seed: text, adapter: text, threads: text, source: text, file: text, set: { ...text, multiple: true }, resume: { type: 'boolean' } } as const
  const read = readGiven(args, { options, schema: optionsSchema, takes, hint: `Usage: ${usage}` })
  if (read === 'help') return 'help'
  const { out, model, teacher, steps, seed, set, adapter, threads, source = 'world', file, resume } = read
  if (resume && (teacher !== undefined || seed !== undefined || read.source !== undefined || adapter !== undefined || set.length > 0)) {
    throw new ArgumentError('--resume goes on with the configuration of the run: leave --teacher, --seed, --set, --source and --adapter out.')
  }
  if (fromFile(source) && file === undefined) throw new ArgumentError(`--source ${source} needs --file, the file of its records.`)
  const sources: readonly DataSource[] = dataSources
  if (!fromFile(source) && !resume && file !== undefined) throw new ArgumentError(`--file goes with --source ${sources.join(' or ')}.`)
  if (source !== 'world' && teacher === 'demonstrator') throw new ArgumentError('--teacher demonstrator knows tasks of the world alone: use --teacher oracle.')
  const by = teacher ?? (source === 'world' ? 'demonstrator' : 'oracle')
  return { out, model, adapter: adapter ?? null, threads, resume, steps: steps ?? null, source, file: file ?? null, configOf: (data, prompt) => configOf(tasksOf(source, data), { teacher: by, steps, seed, set, prompt }) }
}
