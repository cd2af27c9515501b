// A file of tasks that a run trains on: read anew by each command, and held against the hash that the run names.
import { basename } from 'node:path'
import { dataSetsOf } from '../src/core/environments/data-sets.ts'
import type { DataReference, DataSets } from '../src/core/environments/family.ts'
import { questionOptionsOf, withDistractors } from '../src/core/environments/question/training-tasks.ts'
import type { DataSource, Task } from '../src/core/environments/question/task.ts'
import type { TrainConfig } from '../src/core/training/config.ts'
import { hashOfTasks } from '../src/lab/data-sets.ts'
import type { Io } from './io.ts'
import { readFileTasks } from './load-tasks.ts'
import { ArgumentError } from './options.ts'

export interface DataFile {
  data: DataReference
  tasks: Task[]
}

/** @throws ArgumentError, Error saying what is wrong with the file */
export async function readDataFile(path: string, source: DataSource, io: Io): Promise<DataFile> {
  const tasks = await readFileTasks(path, source, { tasks: null, sessions: null }, io)
  return { data: { name: basename(path), hash: await hashOfTasks(tasks) }, tasks }
}

export const dataSetsOfFile = (file: DataFile | null): DataSets =>
  dataSetsOf((hash) => Promise.resolve(file?.data.hash === hash ? file.tasks : null), ({ name }) => `This needs the file ${name}: give it with --file.`)

/** Its tasks as the run plays them. */
export function playedTasks(file: DataFile | null, { tasks }: Pick<TrainConfig, 'tasks'>): Task[] {
  const options = questionOptionsOf(tasks)
  return file && options && 'distractors' in options ? file.tasks.map((task) => withDistractors(task, options.distractors)) : []
}

/** The file of a run that is kept, where it has one. @throws ArgumentError when it is not given, or another one */
export async function dataFileOf({ tasks }: Pick<TrainConfig, 'tasks'>, path: string | null, io: Io): Promise<DataFile | null> {
  const options = questionOptionsOf(tasks)
  if (!options || !('data' in options)) {
    if (path !== null) throw new ArgumentError('--file: the tasks of this run come from no file. Leave it out.')
    return null
  }
  const { name, hash } = options.data
  if (path === null) throw new ArgumentError(`The tasks of this run come from the file ${name}: give it with --file.`)
  const file = await readDataFile(path, options.source, io)
  if (file.data.hash === hash) return file
  throw new ArgumentError(`--file: the tasks in ${path} are not those of this run, which come from ${name}: their hash is ${file.data.hash.slice(0, 12)}…, not ${hash.slice(0, 12)}…. Give the same file.`)
}
