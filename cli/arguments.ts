// The options of the commands, read and checked. Every refusal says what was given and what is allowed.
import { z } from 'zod'
import { settingsPresets, type SettingsPreset } from '../src/core/episode/settings.ts'
import { fit, misfitWords } from '../src/core/fit.ts'
import { carelessSchema, defaultCareless, scriptedNames, type Careless } from '../src/core/demonstrations/scripted.ts'
import { rewardPresets, type RewardPreset } from '../src/core/reward/presets.ts'
import { agentNamed, agentNames, type AgentName } from '../src/core/agents/agents.ts'
import { familyNames } from '../src/core/environments/families.ts'
import { dataSources, taskSources, type DataSource } from '../src/core/environments/question/task.ts'
import { defaultReadOptions } from '../src/core/environments/question/sources/record.ts'
import { defaultDifficulty, worldDifficultySchema, type WorldDifficulty } from '../src/core/environments/question/sources/world.ts'
import { ArgumentError, readGiven, wholeNumber } from './options.ts'

const names = <T extends string>(record: Record<T, unknown>): [T, ...T[]] => {
  const [first, ...rest] = Object.keys(record).filter((key): key is T => key in record)
  if (first === undefined) throw new Error('A choice needs at least one option.')
  return [first, ...rest]
}
const rewardNames: [RewardPreset, ...RewardPreset[]] = names(rewardPresets)
const settingsNames: [SettingsPreset, ...SettingsPreset[]] = names(settingsPresets)
const splits = ['held-out', 'train'] as const
/** Questions by where they come from, then the other families of tasks. */
const sources = [...taskSources, ...familyNames.filter((name) => name !== 'question')] as const
const policyNames = [...scriptedNames, 'nano', 'model'] as const

const maxTasks = 1_000_000
const maxSessions = 1000
/** Whose records are conversations of many sessions. */
const conversational = ['locomo', 'longmemeval', 'factconsolidation'] as const satisfies readonly DataSource[]

const optionsSchema = z.object({
  source: z.enum(sources).default('world'),
  agent: z.enum(agentNames).default('agemem'),
  file: z.string().min(1).optional(),
  policy: z.enum(policyNames).default('oracle'),
  model: z.string().min(1).optional(),
  adapter: z.string().min(1).optional(),
  grammar: z.enum(['on', 'off']).optional(),
  temperature: z.string().regex(/^\d+(\.\d+)?$/).transform(Number).pipe(z.number().min(0).max(10)).optional(),
  'given-facts': z.boolean().default(false),
  seed: wholeNumber(0, 2 ** 32 - 1).default(0),
  tasks: wholeNumber(1, maxTasks).optional(),
  sessions: wholeNumber(1, maxSessions).optional(),
  split: z.enum(splits).default('held-out'),
  difficulty: z.string().optional(),
  careless: z.string().optional(),
  preset: z.enum(rewardNames).default('paper'),
  settings: z.enum(settingsNames).optional(),
  json: z.boolean().default(true),
})
type OptionName = keyof z.infer<typeof optionsSchema>

const oneOf = (choices: readonly string[]) => `one of ${choices.join(', ')}`
/** "facts=6,update=0.5": the names that such a list may have, with their defaults. */
const listing = (defaults: object) => Object.entries(defaults).map(([key, value]) => `${key}=${String(value)}`).join(',')

/** What each option takes, in words; also the help text. */
const takes: Record<OptionName, string> = {
  source: oneOf(sources),
  agent: `${oneOf(agentNames)}: who tends the memory, see below; scripted policies and nano leave what an agent asks beside to rules`,
  file: 'a file of the data set that --source names: JSON, JSON Lines or Parquet, gzipped or zipped too; or lines of your own (own)',
  policy: `${oneOf(policyNames)}; nano is the language model that comes with the page, model any other one, from --model`,
  model: 'a Llama, Qwen2 or Qwen3 model, for --policy model: a folder in Hugging Face form, or a GGUF file; public/models/nano for nano',
  adapter: 'the folder of a PEFT adapter, as of sft or train, for --policy model and nano',
  grammar: 'on or off: replies can only keep to the protocol, for --policy model and nano; off for nano itself and with an adapter, on for other models when left out',
  temperature: 'a number from 0, greedy, to 10, for a language model; that of the settings, 1, when left out',
  'given-facts': 'no value: nothing is told, the facts are in the long-term memory from the beginning',
  seed: 'a whole number from 0 to 4294967295',
  tasks: `a whole number from 1 to ${maxTasks}`,
  sessions: `of a conversation are told, those with the evidence in any case: a whole number from 1 to ${maxSessions}; ${defaultReadOptions.sessions} when left out; with ${conversational.join(', ')}`,
  split: oneOf(splits),
  difficulty: `a list like the default, ${listing(defaultDifficulty)}; what is left out keeps its default`,
  careless: `a list like the default, ${listing(defaultCareless)}; what is left out keeps its default`,
  preset: oneOf(rewardNames),
  json: 'no value: results are JSON with or without it',
  settings: `${oneOf(settingsNames)}: a window of ${settingsPresets.playground.t_max} tokens; the same with what quick trains with; twice the window, with the full prompt; or the paper's constants`,
}

export interface CommandOptions {
  source: (typeof sources)[number]
  agent: AgentName
  file: string | null
  policy: (typeof policyNames)[number]
  model: string
  adapter: string | null
  /** Replies keep to the grammar of the protocol; null: as is usual for the model. */
  grammar: boolean | null
  /** null: that of the settings. */
  temperature: number | null
  givenFacts: boolean
  seed: number
  /** null: as many as the command or the file has. */
  tasks: number | null
  /** Of a conversation that a task tells at most; null: as many as fit into the usual window. */
  sessions: number | null
  split: (typeof splits)[number]
  difficulty: WorldDifficulty
  careless: Careless
  preset: RewardPreset
  /** null: what the model is usually asked with (adapter-folder.ts). */
  settings: SettingsPreset | null
}

/** Reads "a=1,b=2" over defaults; only their names are allowed. @throws ArgumentError */
function readList<K extends string>(option: OptionName, text: string | undefined, defaults: Record<K, number>): Record<K, number> {
  const read = { ...defaults }
  for (const pair of (text ?? '').split(',').filter((each) => each.trim() !== '')) {
    const [key = '', value = ''] = pair.split('=').map((part) => part.trim())
    if (!isKey(read, key) || value === '' || !Number.isFinite(Number(value))) {
      throw new ArgumentError(`--${option}: "${pair}" is not allowed. It takes ${takes[option]}.`)
    }
    read[key] = Number(value)
  }
  return read
}

function isKey<K extends string>(record: Record<K, number>, key: string): key is K {
  return Object.hasOwn(record, key)
}

/** What a list says, held against the schema of what it is for. @throws ArgumentError */
function check<T>(option: OptionName, value: unknown, schema: z.ZodType<T>): T {
  const read = fit(schema, value)
  if (read.success) return read.data
  throw new ArgumentError(`--${option}: ${misfitWords(read.misfit, option)}. It takes ${takes[option]}.`)
}

/** Options of a command, or 'help'. @throws ArgumentError */
export function readOptions(args: readonly string[]): CommandOptions | 'help' {
  const text = { type: 'string' } as const
  const read = readGiven(args, {
    options: {
      source: text, agent: text, file: text, policy: text, seed: text, tasks: text, sessions: text, split: text,
      difficulty: text, careless: text, preset: text, settings: text, model: text, adapter: text, grammar: text, temperature: text,
      'given-facts': { type: 'boolean' }, json: { type: 'boolean' },
    },
    schema: optionsSchema,
    takes,
    hint: `The options are ${Object.keys(takes).map((name) => `--${name}`).join(', ')}.`,
  })
  if (read === 'help') return 'help'
  const { source, file, difficulty, careless, tasks, sessions, settings, adapter, grammar, temperature, 'given-facts': givenFacts, json: _, ...rest } = read
  const needsFile = dataSources.some((each) => each === source)
  if (needsFile && file === undefined) throw new ArgumentError(`--source ${source} needs --file: ${takes.file}.`)
  if (!needsFile && file !== undefined) throw new ArgumentError(`--file goes with --source ${dataSources.join(' or ')}, not with ${source}.`)
  if (sessions !== undefined && !conversational.some((each) => each === source)) throw new ArgumentError(`--sessions goes with --source ${conversational.join(' or ')}, not with ${source}.`)
  const { policy, model, agent } = rest
  if (grammar === 'off' && policy === 'model' && !agentNamed(agent).tools) {
    throw new ArgumentError(`--grammar off goes with --agent agemem: what ${agent} asks of a model keeps to its grammars.`)
  }
  if (policy === 'model' && model === undefined) throw new ArgumentError(`--policy model needs --model: ${takes.model}.`)
  // The paragraphs of a data set do not fit into the small window.
  const large = needsFile && source !== 'own' ? 'paper' : null
  return {
    ...rest,
    model: model ?? 'public/models/nano',
    source,
    file: file ?? null,
    adapter: adapter ?? null,
    grammar: grammar === undefined ? null : grammar === 'on',
    temperature: temperature ?? null,
    givenFacts,
    tasks: tasks ?? null,
    sessions: sessions ?? null,
    settings: settings ?? large ?? (policy === 'model' ? null : 'playground'),
    difficulty: check('difficulty', readList('difficulty', difficulty, defaultDifficulty), worldDifficultySchema),
    careless: check('careless', readList('careless', careless, defaultCareless), carelessSchema),
  }
}

export const helpText = `AgeMem without a browser. Results are JSON on standard output, progress is on standard error.

npm run -s agemem -- <command> [options]

Commands
  episode    plays tasks and prints one episode a line: the whole trajectory with its reward, memory quality and counts
  evaluate   plays tasks and prints the means over all of them, with 95 % intervals
  experiment plays a table or figure of the paper, beside its numbers; experiment --help says how
  sft        teaches a model the protocol from a teacher's episodes; sft --help says how
  train      trains a model to manage its memory, step by step; train --help says how
  export     writes a run of train for engines that go on with it, and programs that show it; export --help says how
  import     reads episodes of other programs, and what TRL trained on an exported run; import --help says how
  golden     compares the training engine on a device with recorded numbers; golden --help says how
  card       measures a model that pretrain made and writes its card; card --help says how
  pretrain   makes the embedded language model from nothing; pretrain --help says how

Options of episode and evaluate
${Object.entries(takes)
  .map(([name, what]) => `  --${name.padEnd(11)}${what}`)
  .join('\n')}
  --help       prints this

Agents. In all but agemem a policy only answers: it calls no tools, and a scripted one says what is right if all that it needs
stands in its context.
${agentNames.map((name) => `  ${name.padEnd(14)}${agentNamed(name).line}`).join('\n')}

Defaults
  --source world --policy oracle --seed 0 --split held-out --preset paper
  --settings: playground for the world, scenarios and own tasks, paper for data sets; with --policy model pretrained, or quick
    with an adapter that learnt with the prompt in few words
  --tasks: 1 world task for episode and 100 for evaluate; every task of a file or of the scenarios

Exit status: 0 done, 1 failed, 2 wrong arguments.
`
