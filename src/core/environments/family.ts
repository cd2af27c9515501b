// A family of tasks: their form, how one is played and judged, and where they come from. What plays, trains, evaluates and
// shows goes by this interface, so that a new family is a folder and its line in families.ts.
import type { z } from 'zod'
import type { Observation } from '../record/observation.ts'
import type { AnyTask } from '../record/task.ts'
import type { EpisodeSettings, Step } from '../record/trajectory.ts'
import type { Environment } from './environment.ts'

/** How right an outcome is. */
export interface Verdict {
  /** In [0,1]. */
  score: number
  /**
   * exact: the same words. value: the same number, date or time. words: the same words once those that restate the
   * question are set aside. overlap: some words in common. wrong: none. unknown: it said that it does not know.
   * yes-no: expected is yes or no. model: a language model's verdict.
   */
  how: 'exact' | 'value' | 'words' | 'overlap' | 'wrong' | 'unknown' | 'yes-no' | 'model'
  /** The accepted outcome that came closest, by rule. */
  against: string
  /** Name of the model that gave it. */
  by?: string
}

interface FamilyOf<T extends AnyTask> {
  /** Of a task, as it is recorded. */
  schema: z.ZodType<T>
  is: (task: AnyTask) => task is T
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
}

/** @throws RangeError where a task is of another family */
export type Family = FamilyOf<AnyTask>

/** Makes a family that takes tasks of any, and refuses those that are not its own. */
export function family<T extends AnyTask>(name: string, of: FamilyOf<T>): Family {
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
  }
}
