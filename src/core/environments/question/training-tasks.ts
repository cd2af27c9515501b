// Which questions a run trains on and is evaluated with: of the invented world without end, with a curriculum; of a data
// set or the scenarios those that there are, split by their ids.
import { z } from 'zod'
import { createRandom, hash32 } from '../../random.ts'
import type { TaskOrigin } from '../../record/setup.ts'
import type { AnyTask } from '../../record/task.ts'
import { dataReferenceSchema, type DataReference, type DataSets, type Split, type TaskRequest } from '../family.ts'
import { scenarios } from './sources/scenarios.ts'
import { worldDifficultySchema, worldTask, type WorldDifficulty } from './sources/world.ts'
import { dataSources, isQuestion, type DataSource, type Task } from './task.ts'

/** progressive: tasks that need stages 1 and 3 only, then with distractors, then all. */
export const curricula = ['none', 'progressive'] as const
export type Curriculum = (typeof curricula)[number]

/** Which records are held out: about this share of them, by a hash of seed and id. */
const heldOutSchema = z.object({ share: z.number().gt(0).lt(1), seed: z.number().int().min(0).max(2 ** 32 - 1) })
type HeldOut = z.infer<typeof heldOutSchema>
export const usualHeldOut: HeldOut = { share: 0.2, seed: 2601 }

/** So many of them leave room in a window of 1,024 tokens. */
export const usualDistractors = 2

/** Distractors that tasks of data sets are read with. */
export const mostDistractors = 5

export const questionOptionsSchema = z.discriminatedUnion('source', [
  z.object({ source: z.literal('world'), difficulty: worldDifficultySchema, curriculum: z.enum(curricula) }),
  z.object({
    source: z.enum(dataSources),
    data: dataReferenceSchema,
    /** null: all are for training, as where there are only a few of them. */
    held_out: heldOutSchema.nullable(),
    /** Of stage 2, at most: the first ones of each task. With fewer, long tasks fit into a small window. */
    distractors: z.number().int().min(0).max(mostDistractors),
  }),
  z.object({ source: z.literal('scenario'), held_out: heldOutSchema }),
])
export type QuestionOptions = z.infer<typeof questionOptionsSchema>
export type WorldOptions = Extract<QuestionOptions, { source: 'world' }>
export type DataOptions = Extract<QuestionOptions, { source: DataSource }>

/**
 * Where the curriculum is (§3.3, in the order in which the abilities build on each other). build: nothing in stage 2, and
 * no question about what was corrected: storing and retrieving. resist: with distractors. all: those questions too.
 * Corrections come in every lesson: what an agent never does in the easy ones it forgets.
 */
type Lesson = 'build' | 'resist' | 'all'

/** The first quarter of the planned steps is `build`, the second `resist`. */
export function lessonOf(options: QuestionOptions, progress: number): Lesson {
  if (options.source !== 'world' || options.curriculum === 'none') return 'all'
  return progress <= 1 / 4 ? 'build' : progress <= 1 / 2 ? 'resist' : 'all'
}

/** The difficulty as a lesson has it. */
export function difficultyIn(lesson: Lesson, difficulty: WorldDifficulty): WorldDifficulty {
  const others = difficulty.one_hop + difficulty.two_hop + difficulty.comparison > 0
  const plain = others ? { ...difficulty, update: 0 } : difficulty
  switch (lesson) {
    case 'build':
      return { ...plain, distractors: 0 }
    case 'resist':
      return plain
    case 'all':
      return difficulty
  }
}

/** What a task of the world is drawn by. Held-out ones are of the full difficulty, whatever the curriculum. */
function drawnBy(options: WorldOptions, { seed, batch, count, split, progress }: TaskRequest, place: number) {
  const difficulty = split === 'train' ? difficultyIn(lessonOf(options, progress), options.difficulty) : options.difficulty
  return { seed, index: batch * count + place, split, difficulty }
}

/** Where the task at this place of the batch comes from. */
export function questionOrigin(options: QuestionOptions, request: TaskRequest, place: number): TaskOrigin {
  switch (options.source) {
    case 'world': {
      const { difficulty, ...drawn } = drawnBy(options, request, place)
      return { kind: 'generated', generator: 'world', ...drawn, options: difficulty }
    }
    case 'scenario':
      return { kind: 'built-in' }
    default:
      return { kind: 'file', name: options.data.name }
  }
}

/** So many tasks of one's own that some can be held out; of fewer all are for training. */
export const enoughToHoldOut = 10

/** How one trains on so many tasks of a file, until somebody says otherwise. */
export function usualOptions(source: DataSource, data: DataReference, tasks: number): DataOptions {
  const own = source === 'own'
  return { source, data, held_out: own && tasks < enoughToHoldOut ? null : usualHeldOut, distractors: own ? mostDistractors : usualDistractors }
}

export const isHeldOut = (id: string, { share, seed }: HeldOut): boolean => hash32(`${seed}/${id}`) / 2 ** 32 < share

/** What was made last of a list: to split and shuffle a large data set anew for every batch would take long. */
function remembering<A extends unknown[]>(make: (list: readonly AnyTask[], ...how: A) => readonly Task[]): typeof make {
  const last = new WeakMap<readonly AnyTask[], Map<string, readonly Task[]>>()
  return (list, ...how) => {
    const key = JSON.stringify(how)
    const known = last.get(list)?.get(key)
    if (known) return known
    const made = make(list, ...how)
    last.set(list, new Map([...(last.get(list) ?? new Map<string, readonly Task[]>()), [key, made] as const].slice(-2)))
    return made
  }
}

const partOf = remembering((all, split: Split, held: HeldOut | null) => all.filter(isQuestion).filter(({ id }) => (held !== null && isHeldOut(id, held)) === (split === 'held-out')))
const shuffled = remembering((tasks, label: string) => createRandom(label).shuffle(tasks.filter(isQuestion)))

/**
 * Of so many tasks as there are: all of the split once, in an order by the seed, then all again in another. What is left
 * of a round and fills no batch is left out of it, so that no task comes twice in a batch.
 */
function tasksOf(all: readonly AnyTask[], name: string, held: HeldOut | null, { seed, batch, count, split }: TaskRequest): Task[] {
  const own = partOf(all, split, held)
  const has = `${name} has ${all.length} ${all.length === 1 ? 'task' : 'tasks'}, of which ${own.length} ${own.length === 1 ? 'is' : 'are'}`
  if (split === 'held-out' && own.length === 0) throw new RangeError(`${has} held out, so nothing could be evaluated: hold out a larger share, or give it more tasks.`)
  if (split === 'train' && own.length < count) throw new RangeError(`${has} for training; a step needs ${count}: plan fewer tasks a step, hold out fewer, or give it more tasks.`)
  const rounds = Math.max(1, Math.floor(own.length / count))
  const order = shuffled(own, `${seed}/${split}/${Math.floor(batch / rounds)}`)
  const from = (batch % rounds) * count
  return order.slice(from, from + count).map((task) => ({ ...task, split }))
}

export const withDistractors = (task: Task, most: number): Task => ({ ...task, resist: task.resist.slice(0, most) })

export async function questionTasks(options: QuestionOptions, request: TaskRequest, data: DataSets): Promise<Task[]> {
  switch (options.source) {
    case 'world':
      return Array.from({ length: request.count }, (_, place) => worldTask(drawnBy(options, request, place)))
    case 'scenario':
      return tasksOf(scenarios, 'The collection of scenarios', options.held_out, request)
    default: {
      const tasks = tasksOf(await data.tasks(options.data), `The data set “${options.data.name}”`, options.held_out, request)
      return tasks.map((task) => withDistractors(task, options.distractors))
    }
  }
}

/** Those of a run that plays questions; null for one of another family. */
export function questionOptionsOf({ family, options }: { family: string; options: unknown }): QuestionOptions | null {
  return family === 'question' ? (questionOptionsSchema.safeParse(options).data ?? null) : null
}

/** Nothing of its tasks is held out, so that nothing can be evaluated. */
export function trainsOnAll(tasks: { family: string; options: unknown }): boolean {
  const options = questionOptionsOf(tasks)
  return options !== null && 'held_out' in options && options.held_out === null
}
