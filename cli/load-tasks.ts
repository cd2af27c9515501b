// The tasks that the options ask for: drawn from the world, read from a file, or the scenarios.
import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import { familyNamed } from '../src/core/environments/families.ts'
import { noDataSets } from '../src/core/environments/family.ts'
import type { AnyTask } from '../src/core/record/task.ts'
import type { TaskOrigin } from '../src/core/record/setup.ts'
import { isDataSource, type DataSource, type Task } from '../src/core/environments/question/task.ts'
import { ownProblems, ownSchema, ownTask, readOwns, type OwnProblem } from '../src/core/environments/question/sources/own.ts'
import { fit, misfitWords } from '../src/core/fit.ts'
import type { ImportReport } from '../src/core/environments/question/sources/read.ts'
import { defaultReadOptions } from '../src/core/environments/question/sources/record.ts'
import { scenarios } from '../src/core/environments/question/sources/scenarios.ts'
import { worldTask } from '../src/core/environments/question/sources/world.ts'
import { sourceOfFormat } from '../src/lab/data-sets.ts'
import { readTasks } from '../src/lab/files/read-tasks.ts'
import type { CommandOptions } from './arguments.ts'
import type { Io } from './io.ts'
import { ArgumentError } from './options.ts'
import { messageOf } from '../src/core/error-message.ts'

/** Skipped records that are told one by one; the rest only as a number. */
const toldSkips = 10

/** null: all of them; the usual. */
type Budget = Pick<CommandOptions, 'tasks' | 'sessions'>

/** All that fit, or the first so many. @throws ArgumentError, Error saying what is wrong with the file */
export async function readFileTasks(path: string, source: DataSource, { tasks: atMost, sessions }: Budget, io: Io): Promise<Task[]> {
  let file: Blob
  try {
    // Read piece by piece later, so that a huge one never stands in memory.
    file = await openAsBlob(path)
  } catch (error) {
    throw new Error(`The file ${path} cannot be read: ${messageOf(error)}.`, { cause: error })
  }
  if (source === 'own') return ownTasksIn(await file.text(), path)
  const read = await readTasks(file, path, undefined, { ...defaultReadOptions, ...(atMost === null ? {} : { atMost }), ...(sessions === null ? {} : { sessions }) })
  const form = sourceOfFormat(read.format)
  if (form !== source) throw new ArgumentError(`${path} holds ${form} records: use --source ${form}.`)
  for (const each of [...(read.head === null ? [] : [read.head]), ...read.notes]) io.tell(each)
  tellSkipped(read, io)
  return read.tasks
}

/** @throws Error naming the first task that is none, and why */
function ownTasksIn(lines: string, path: string): Task[] {
  const owns = readOwns(lines)
  if (owns.length === 0) throw new Error(`There is no task in ${path}.`)
  const tasks = owns.map((own, i) => {
    const read = fit(ownSchema, own)
    if (!read.success) throw new Error(`Task ${i + 1} of ${path}: ${misfitWords(read.misfit)}.`)
    const [problem] = ownProblems(own)
    if (problem) throw new Error(`Task ${i + 1} of ${path}: ${ownProblemWords[problem.kind]}.`)
    return ownTask(own)
  })
  // Twice the same would be one task twice in a batch.
  return [...new Map(tasks.map((task) => [task.id, task])).values()]
}

const ownProblemWords: Record<OwnProblem['kind'], string> = {
  'no-facts': 'it tells no fact, in a line that begins with +',
  'no-question': 'it has no question, in a line that begins with ?',
  'no-answer': 'it has no answer, in a line that begins with =',
  'too-long': 'it is too long',
  'corrects-nothing': 'it has a correction that shares no word with what was told before; say which fact it corrects, as in ~1',
  'corrects-later': 'it has a correction of what was not told before',
}

function tellSkipped({ tasks, skipped, records }: ImportReport, io: Io): void {
  if (tasks.length === records) return
  io.tell(`${tasks.length} of ${records} records became tasks. Skipped:`)
  for (const { index, id, field, message } of skipped.slice(0, toldSkips)) {
    io.tell(`  record ${index + 1}${id === null ? '' : ` (${id})`}: ${field}: ${message}`)
  }
  const untold = records - tasks.length - Math.min(toldSkips, skipped.length)
  if (untold > 0) io.tell(`  and ${untold} more`)
}

async function allTasks(options: CommandOptions, count: number, io: Io): Promise<AnyTask[] | null> {
  const { source, file, seed, split } = options
  if (isDataSource(source)) return readFileTasks(file ?? '', source, options, io)
  switch (source) {
    case 'world':
      return null
    case 'scenario':
      return [...scenarios]
    default:
      return familyNamed(source).tasks({}, { seed, batch: 0, count: options.tasks ?? count, split, progress: 1 }, noDataSets)
  }
}

/** Where a task of the list came from, as it is recorded. */
export function taskOrigin({ source, file, seed, split, difficulty, givenFacts }: CommandOptions, index: number): TaskOrigin {
  // Nothing is told in it: no source gives it like that.
  if (givenFacts) return { kind: 'given' }
  if (isDataSource(source)) return { kind: 'file', name: file === null ? null : basename(file) }
  switch (source) {
    case 'world':
      return { kind: 'generated', generator: source, seed, index, split, options: difficulty }
    case 'scenario':
      return { kind: 'built-in' }
    default:
      return { kind: 'generated', generator: source, seed, index, split, options: null }
  }
}

/**
 * The tasks to play: of the world as many as asked for, `worldTasks` by default; of a file or the scenarios the first
 * so many, all by default. @throws Error saying what is wrong with the file
 */
export async function loadTasks(options: CommandOptions, io: Io, worldTasks: number): Promise<AnyTask[]> {
  const { seed, split, difficulty } = options
  const all = await allTasks(options, worldTasks, io)
  if (!all) return Array.from({ length: options.tasks ?? worldTasks }, (_, index) => worldTask({ seed, index, split, difficulty }))
  if (options.tasks !== null && options.tasks > all.length) io.tell(`There are ${all.length} tasks, fewer than the ${options.tasks} asked for.`)
  return options.tasks === null ? all : all.slice(0, options.tasks)
}
