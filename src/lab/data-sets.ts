// What names a data set: the hash of the tasks in it, whatever file they came in.
import type { DataSource } from '../core/environments/question/task.ts'
import type { AnyTask } from '../core/record/task.ts'
import type { DataSet } from '../core/environments/data-sets.ts'
import type { DataReference } from '../core/environments/family.ts'
import { formats, type TaskFileFormat } from '../core/environments/question/sources/formats.ts'

/** SHA-256 of the tasks as JSON, 64 hexadecimal digits. */
export async function hashOfTasks(tasks: readonly AnyTask[]): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(tasks)))
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

export const sourceOfFormat = (format: TaskFileFormat): DataSource => formats[format].source

/** @param imported ms since 1970. @throws RangeError without tasks */
export async function dataSetOf(name: string, tasks: readonly AnyTask[], imported: number): Promise<DataSet> {
  const [first] = tasks
  if (!first) throw new RangeError(`There are no tasks in ${name}.`)
  return { name, hash: await hashOfTasks(tasks), source: first.source, tasks: tasks.length, imported }
}

/** What the page says where a data set is gone. */
export const missingDataWords = ({ name }: DataReference): string =>
  `The data set “${name}” is not kept in this browser any more. Import the same file again: drop it on the page and choose it under the tasks of a new plan in Train. Then go on.`
