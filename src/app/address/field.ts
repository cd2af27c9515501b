// A field of the address: its reader and its writer from one entry.
import { z } from 'zod'
import { fit, type Fit } from '../../core/fit.ts'
import type { Own } from '../../core/environments/question/sources/own.ts'
import type { CustomModel } from '../../core/policy/webllm.ts'
import type { Config } from '../state/config.ts'
import type { View } from '../state/ui.ts'
import type { Filters, Sort } from '../table/filters.ts'

/** What an address says. */
export interface Link {
  /** Watch goes without saying. */
  view: View
  config: Config
  /** The task of one's own that it plays; null: it plays another one. */
  own: Own | null
  /** Key of the episode on show; null: none was. */
  episode: string | null
  /** Key of the episode that it was branched off from; null: it is none of those. */
  branch: string | null
  /** Index of its step; null: the last. */
  step: number | null
  /**
   * Where the configuration's model comes from when it is somebody's own; untrusted, nothing is fetched from there by
   * itself.
   */
  custom: CustomModel | null
  /** Name of the file that the task came from; a link cannot carry the file. */
  file: string | null
  /** A group that was played for itself: its key, and of how many rollouts; null: none is on show. */
  played: { group: string; rollouts: number } | null
  /** Index of the rollout that Group has chosen; null: the first. */
  rollout: number | null
  /** The branch and the episode that it began as stand beside each other. */
  beside: boolean
  /** What the table on show is narrowed to, and its order. */
  table: TableView
  /** Key of the comparison on show; null: none. */
  comparison: string | null
  /** As Place has it. */
  experiment: string | null
  /** The run on show, or that what is on show comes from; null: none. */
  training: RunPlace | null
}

/** How somebody looks at a table. */
export interface TableView {
  filters: Filters
  sort: Sort | null
}

/** Where in a training run. */
export interface RunPlace {
  run: string
  /** Which of its steps, from 1; null: the run as a whole. */
  step: number | null
  /** Index of a task of the step; null: none in particular. */
  group: number | null
}

export interface Field {
  name: string
  /** The link with the value in it, or what is wrong with the value. */
  read: (text: string, link: Link) => Fit<Link>
  /** As it stands in the address; null: it goes without saying. */
  write: (link: Link) => string | null
}

/**
 * @param schema reads the text
 * @param get the value to write; null: it goes without saying
 * @param set the link with the value; it may refuse what does not go with the rest
 */
export function field<T extends string | number>(
  name: string,
  schema: z.ZodType<T>,
  get: (link: Link) => T | null,
  set: (link: Link, value: T) => Link | Fit<Link>,
): Field {
  return {
    name,
    read(text, link) {
      const value = fit(schema, text)
      if (!value.success) return value
      const next = set(link, value.data)
      return 'success' in next ? next : { success: true, data: next }
    },
    write(link) {
      const value = get(link)
      return value === null ? null : String(value)
    },
  }
}

export const wholeNumber = z.string().regex(/^-?\d{1,16}$/, 'needs a whole number').transform(Number)
export const number = z
  .string()
  .regex(/^-?\d{1,9}(\.\d{1,20})?(e-\d{1,2})?$/, 'needs a number')
  .transform(Number)
export const list = (length: number) =>
  z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(number).length(length, `needs ${length} numbers with commas between`))
export const between = (low: number, high: number) => wholeNumber.pipe(z.number().int().min(low).max(high))
export const oneOf = <const T extends readonly string[]>(names: T) =>
  z.enum(names, `needs one of ${names.join(', ')}`)
/** Of what this page made: runs, episodes, scenarios. */
export const keyName = z.string().regex(/^[\w-]{1,60}$/, 'is not a name that this page gives')
export const modelName = z.string().regex(/^[\w.-]{1,100}$/, 'is not the name of a model')
