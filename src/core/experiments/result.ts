// What an experiment came to, as it is kept and as a file: for every cell the values of each episode, with all that they follow
// from, so that intervals and paired differences can be taken, and each episode played again. Recorded, so snake_case; no
// trajectory is in it.
import { z } from 'zod'
import { fit, misfitWords } from '../fit.ts'
import { taskChoiceSchema } from '../environments/families.ts'
import { policySpecSchema } from '../record/setup.ts'
import { episodeSettingsSchema } from '../record/trajectory.ts'
import { messageOf } from '../error-message.ts'

const name = z.string().min(1).max(200)
const seed = z.number().int().min(0).max(2 ** 32 - 1)
const count = z.number().int().nonnegative().max(1_000_000)
const longestMachine = 300
/** Episodes of a cell at most. */
export const mostTasks = 10_000

const adapterSchema = z.object({ key: name, name, hash: z.string().max(64).nullable() })

/** Conditions that are not in the experiment any more, or not here yet, are kept: they are what was played. */
const cellSchema = z
  .object({
    arm: name,
    data: name,
    /** Draws the tasks, and seeds every reply. */
    seed,
    agent: name,
    training: name.nullable(),
    policy: policySpecSchema,
    /** Ids of the tasks, in the order in which they were drawn. */
    tasks: z.array(name).max(mostTasks),
    /** Of each measure, a value a task; null where there was no occasion, or the episode did not come to its end. */
    values: z.record(name, z.array(z.number().nullable()).max(mostTasks)),
    /** Episodes that did not come to their end. */
    incomplete: count,
    seconds: z.number().nonnegative(),
  })
  .refine(({ tasks, values }) => Object.values(values).every((of) => of.length === tasks.length), 'has not one value of each measure for every task')
export type ExperimentCell = z.infer<typeof cellSchema>

const trainedSchema = z.object({
  training: name,
  seed,
  steps: count,
  seconds: z.number().nonnegative(),
  adapter: adapterSchema,
  /** Means of each step: what is learnt from, and the terms that all trainings share. */
  points: z
    .array(z.object({ step: count, reward: z.number(), task: z.number(), context: z.number(), memory: z.number(), success: z.number(), memory_quality: z.number() }))
    .max(100_000),
})
export type ExperimentTrained = z.infer<typeof trainedSchema>

const planSchema = z.object({
  arms: z.array(name).min(1).max(64),
  data: z.array(z.object({ name, choice: taskChoiceSchema })).min(1).max(16),
  seeds: z.array(seed).min(1).max(32),
  /** Of each data and seed; there may be fewer. */
  tasks: z.number().int().min(1).max(mostTasks),
  settings: episodeSettingsSchema,
  /** Of the trainings: whose preset, and how many steps; null: the preset's. */
  base: z.enum(['quick', 'pretrained']),
  steps: z.number().int().min(1).max(100_000).nullable(),
  /** What the model was taught before, with which every arm begins, trained or not; left out: the model as it comes. */
  start: adapterSchema.optional(),
})
export type ExperimentPlan = z.infer<typeof planSchema>

export const experimentResultSchema = z.object({
  kind: z.literal('agemem-experiment'),
  schema_version: z.literal(1),
  key: z.string().regex(/^[\w-]{1,60}$/, 'is not a name of a result'),
  experiment: name,
  /** ms since 1970. */
  created: z.number(),
  /** What plays; of weights the SHA-256, null where it was not taken. */
  model: z.object({ name, sha256: z.string().max(64).nullable() }),
  /** What it ran on, in words. */
  machine: z.string().max(longestMachine),
  /** Who says how right an answer is: rules, or a model's name. */
  judge: name,
  plan: planSchema,
  trainings: z.array(trainedSchema).max(256),
  cells: z.array(cellSchema).max(4096),
})
export type ExperimentResult = z.infer<typeof experimentResultSchema>

/** What a result was played on, when some of it was on another machine, or with another number of threads. */
export function alsoOn(machine: string, other: string): string {
  const all = [...machine.split('; '), ...other.split('; ')]
  return [...new Set(all)].join('; ').slice(0, longestMachine)
}

/** Data of which each of several seeds has played the same tasks, for the file has no more; with how many. */
export function sameTasks({ cells, plan }: Pick<ExperimentResult, 'cells' | 'plan'>): { data: string; tasks: number }[] {
  return plan.data.flatMap(({ name: data }) => {
    const of = cells.filter((cell) => cell.data === data)
    const draws = new Set(of.map(({ tasks }) => JSON.stringify([...tasks].sort())))
    return draws.size === 1 && new Set(of.map((cell) => cell.seed)).size > 1 ? [{ data, tasks: of[0]?.tasks.length ?? 0 }] : []
  })
}

/** Larger files are not read, characters. */
export const largestResult = 20_000_000

/** A result from the text of its file. @throws Error saying what is wrong with it, and where */
export function readResult(text: string): ExperimentResult {
  if (text.length > largestResult) throw new Error(`This is no result of an experiment: it has ${text.length.toLocaleString('en')} characters, more than the ${largestResult.toLocaleString('en')} that are read.`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Error(`This is no result of an experiment: it is no JSON (${messageOf(error)}). Give result.json as agemem experiment writes it.`, { cause: error })
  }
  const read = fit(experimentResultSchema, value)
  if (!read.success) throw new Error(`This is no result of an experiment: ${misfitWords(read.misfit)}.`)
  return read.data
}
