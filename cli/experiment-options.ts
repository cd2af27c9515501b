// The options of the `experiment` command, read and checked.
import { z } from 'zod'
import { scriptedNames, type ScriptedName } from '../src/core/demonstrations/scripted.ts'
import { dataNames, dataOf } from '../src/core/experiments/data.ts'
import { experimentNamed, experimentNames, experiments, isExperiment, type ExperimentName } from '../src/core/experiments/experiments.ts'
import { mostTasks } from '../src/core/experiments/result.ts'
import { ArgumentError, readGiven, wholeNumber } from './options.ts'

const policyNames = [...scriptedNames, 'nano', 'model'] as const

const usage = 'npm run -s agemem -- experiment NAME --out DIR [--policy NAME] [--model DIR|FILE] [--adapter DIR] [--seeds 1,2,3] [--tasks N] [--data A,B] [--arms A,B] [--file F …] [--steps N] [--threads N] [--resume]'

const names = (Object.keys(experiments)).filter(isExperiment)
export const experimentHelp = `Plays an experiment of the paper: conditions × data × seeds, with 95 % intervals and paired differences, beside the paper's numbers.
Progress is on standard error, the table on standard output.

${usage}

  NAME              ${names.map((name) => `${name.padEnd(16)}${experiments[name].mirrors}: ${experiments[name].title}`).join('\n                    ')}
  --out DIR         where everything goes (see below)
  --policy NAME     one of ${policyNames.join(', ')}; nano. A script cannot be trained: arms with RL are left out then
  --model DIR|FILE  for --policy model: a folder in Hugging Face form, or a GGUF file
  --adapter DIR     what that model was taught before, in PEFT's form: every arm begins with it, and so does every training
  --seeds LIST      each draws its own held-out tasks, seeds the replies and the training; 1,2,3
  --tasks N         held-out tasks of each data and seed; 50
  --data LIST       of ${dataNames.join(', ')}; those of the experiment. What needs a file that is not given is left out
  --arms LIST       conditions by their names; those of the experiment
  --file F          records of HotpotQA, MuSiQue or LoCoMo, JSON or JSON Lines; may be repeated
  --steps N         of each training; the preset's
  --threads N       all cores when left out
  --resume          go on with the experiment in DIR: cells and steps that are done are not made again

DIR/NAME holds result.json, which the page can show, table.csv, table.md and table.tex. DIR/trainings holds the runs that were
trained, as train leaves them: experiments with the same --out share them. Ctrl+C keeps every cell and step that is done.

Exit status: 0 done, 1 failed or interrupted, 2 wrong arguments.
`

const commas = (text: string) => text.split(',').map((each) => each.trim()).filter((each) => each !== '')

const optionsSchema = z.object({
  out: z.string().min(1),
  policy: z.enum(policyNames).default('nano'),
  model: z.string().min(1).optional(),
  adapter: z.string().min(1).optional(),
  seeds: z.string().regex(/^\d{1,10}(,\d{1,10}){0,31}$/).transform((text) => [...new Set(commas(text).map(Number))]).pipe(z.array(z.number().int().min(0).max(2 ** 32 - 1)).min(1)).default([1, 2, 3]),
  tasks: wholeNumber(1, mostTasks).default(50),
  data: z.string().transform(commas).pipe(z.array(z.enum(dataNames)).min(1)).optional(),
  arms: z.string().transform(commas).pipe(z.array(z.string()).min(1)).optional(),
  file: z.array(z.string().min(1)).default([]),
  steps: wholeNumber(1, 100_000).optional(),
  threads: wholeNumber(1, 1024).optional(),
  resume: z.boolean().default(false),
})
type Given = z.infer<typeof optionsSchema>

const takes: Record<keyof Given, string> = {
  out: 'a folder',
  policy: `one of ${policyNames.join(', ')}`,
  model: 'a folder, or a GGUF file',
  adapter: 'a folder with adapter_config.json and adapter_model.safetensors',
  seeds: 'whole numbers with commas between, as in 1,2,3',
  tasks: `a whole number from 1 to ${mostTasks}`,
  data: `some of ${dataNames.join(', ')}, with commas between`,
  arms: 'names with commas between',
  file: 'a file of tasks',
  steps: 'a whole number from 1 to 100000',
  threads: 'a whole number from 1',
  resume: 'no value',
}

export interface ExperimentOptions extends Omit<Given, 'model' | 'adapter' | 'steps' | 'policy'> {
  name: ExperimentName
  policy: ScriptedName | 'nano' | 'model'
  model: string
  adapter: string | null
  steps: number | null
}

/** @throws ArgumentError */
export function readExperimentOptions(args: readonly string[]): ExperimentOptions | 'help' {
  const [name = '', ...rest] = args
  if (name === '--help' || name === '-h') return 'help'
  if (!isExperiment(name)) throw new ArgumentError(`${name === '' || name.startsWith('-') ? 'Name an experiment' : `There is no experiment "${name}"`}: ${experimentNames.join(', ')}. Usage: ${usage}`)
  const text = { type: 'string' } as const
  const options = { out: text, policy: text, model: text, adapter: text, seeds: text, tasks: text, data: text, arms: text, file: { ...text, multiple: true }, steps: text, threads: text, resume: { type: 'boolean' } } as const
  const read = readGiven(rest, { options, schema: optionsSchema, takes, hint: `Usage: ${usage}` })
  if (read === 'help') return 'help'
  const { model, adapter, steps, ...given } = read
  if (given.policy === 'model' && model === undefined) throw new ArgumentError(`--policy model needs --model: ${takes.model}.`)
  if (adapter !== undefined && given.policy !== 'model') throw new ArgumentError(`--adapter goes with --policy model; ${given.policy} plays as it comes.`)
  const { arms, data } = experimentNamed(name)
  const strange = given.arms?.find((each) => !arms.some((arm) => arm.name === each))
  if (strange !== undefined) throw new ArgumentError(`--arms: "${strange}" is not allowed. ${name} has ${arms.map((arm) => arm.name).join(', ')}.`)
  const other = given.data?.find((each) => !data.includes(each))
  if (other !== undefined) throw new ArgumentError(`--data: "${other}" is not allowed. ${name} has ${data.map((each) => `${each} (${dataOf(each).label})`).join(', ')}.`)
  return { ...given, name, model: model ?? 'public/models/nano', adapter: adapter ?? null, steps: steps ?? null }
}
