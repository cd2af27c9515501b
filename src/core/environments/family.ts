// A family of tasks: their form, how one is played and judged, and where they come from. What plays, trains, evaluates and
// shows goes by this interface, so that a new family is a folder and its line in families.ts.
import { z } from 'zod'
import { mustFit } from '../fit.ts'
import type { Observation } from '../record/observation.ts'
import type { TaskOrigin } from '../record/setup.ts'
import type { AnyTask } from '../record/task.ts'
import type { EpisodeSettings, Step } from '../record/trajectory.ts'
import type { Environment } from './environment.ts'

/** How right an outcome is. */
export interface Verdict {
  /** In [0,1]. */
  score: number
  /**
   * exact: the same words. value: the same number, date or time. words: the same words once those that restate the
   * question are set aside. overlap: some words in common. wrong: none. unknown: it said that it does not know. abstained:
   * so it should.
   * yes-no: expected is yes or no. model: a language model's verdict.
   */
  how: 'exact' | 'value' | 'words' | 'overlap' | 'wrong' | 'unknown' | 'abstained' | 'yes-no' | 'model'
  /** The accepted outcome that came closest, by rule. */
  against: string
  /** Name of the model that gave it. */
  by?: string
}

export type Split = 'train' | 'held-out'

/** Tasks that were imported once. The hash is of their content, so that who names it gets these and no others. */
export const dataReferenceSchema = z.object({ name: z.string().min(1).max(300), hash: z.string().regex(/^[0-9a-f]{64}$/) })
export type DataReference = z.infer<typeof dataReferenceSchema>

export interface DataSets {
  /** @throws MissingDataError when it is not here */
  tasks(data: DataReference): Promise<readonly AnyTask[]>
}

/** The message says what to do: that is somebody else's affair in the page than on the command line. */
export class MissingDataError extends Error {
  override readonly name = 'MissingDataError'
}

/** Where no data set is kept. */
export const noDataSets: DataSets = {
  tasks: ({ name }) => Promise.reject(new MissingDataError(`The data set “${name}” is not here.`)),
}

/** Which tasks are wanted: `count` of them, the batch after `batch` such ones. */
export interface TaskRequest {
  seed: number
  /** From 0. */
  batch: number
  count: number
  split: Split
  /** Share of the planned steps that is made with these, above 0: where a curriculum is. */
  progress: number
}

interface FamilyOf<T extends AnyTask, Options> {
  /** Of a task, as it is recorded. */
  schema: z.ZodType<T>
  is: (task: AnyTask) => task is T
  /** Of where tasks come from, and which ones, as a run is set up with it. */
  options: z.ZodType<Options>
  /** In the order in which they are played. */
  phases: readonly string[]
  /** The task in a line: what is asked, what is to be done. */
  title: (task: T) => string
  /** The right outcome in words. */
  expected: (task: T) => string
  open: (task: T, settings: EpisodeSettings) => Environment
  /** All that is heard in this order whatever is replied, where that is known before; else what is known of it. */
  heard: (task: T, settings: EpisodeSettings) => readonly Observation[]
  /** By rule; `answer` is the last reply. */
  judge: (task: T, answer: string, steps: readonly Step[]) => Verdict
  /**
   * The same for the same request. None comes twice in a batch, and none of one split is in the other; of held-out tasks
   * there may be fewer than were asked for. @throws MissingDataError, RangeError when there are too few, saying so
   */
  tasks: (options: Options, request: TaskRequest, data: DataSets) => Promise<T[]>
  /** Where the task at this place of the batch comes from. */
  origin: (options: Options, request: TaskRequest, place: number) => TaskOrigin
  /** Name of the part of the curriculum that such a share of a run is in. */
  lesson: (options: Options, progress: number) => string
}

/** @throws RangeError where a task is of another family */
export type Family = FamilyOf<AnyTask, unknown>

/** Makes a family that takes tasks of any, and refuses those that are not its own. */
export function family<T extends AnyTask, Options>(name: string, of: FamilyOf<T, Options>): Family {
  const own = (task: AnyTask): T => {
    if (!of.is(task)) throw new RangeError(`The task ${task.id} is not of the family ${name}.`)
    return task
  }
  return {
    schema: of.schema,
    is: (task): task is AnyTask => of.is(task),
    phases: of.phases,
    title: (task) => of.title(own(task)),
    expected: (task) => of.expected(own(task)),
    open: (task, settings) => of.open(own(task), settings),
    heard: (task, settings) => of.heard(own(task), settings),
    judge: (task, answer, steps) => of.judge(own(task), answer, steps),
    options: of.options,
    tasks: (options, request, data) => of.tasks(mustFit(of.options, options), request, data),
    origin: (options, request, place) => of.origin(mustFit(of.options, options), request, place),
    lesson: (options, progress) => of.lesson(mustFit(of.options, options), progress),
  }
}
