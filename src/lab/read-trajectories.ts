// Reads exported trajectories, JSON or JSONL, and conversations of other programs, as untrusted text: checked by schema,
// limited in size.
import { z } from 'zod'
import { parseWellFormed } from '../core/text.ts'
import { readTrajectory } from '../core/episode/read-record.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import { misfitWords } from '../core/fit.ts'
import { isObject } from '../core/is-object.ts'

/** Bytes of a file at most. */
export const maxTrajectoryFile = 60 * 2 ** 20
/** Characters of a line at most, where each is an episode. */
export const longestLine = 16 * 2 ** 20

/** Events of one episode at most: one of the paper's constants has some hundred, and every panel replays them all. */
export const maxEvents = 20_000

class TrajectoryFileError extends Error {
  override readonly name = 'TrajectoryFileError'
}

function parse(text: string, where: string): unknown {
  try {
    return parseWellFormed(text)
  } catch {
    throw new TrajectoryFileError(`${where} is not valid JSON. Choose a file that this page exported.`)
  }
}

/** Counted before anything is replayed. */
const eventsSchema = z.object({ steps: z.array(z.object({ before: z.array(z.unknown()), after: z.array(z.unknown()) })) })

function check(value: unknown, where: string): Trajectory {
  const events = eventsSchema.safeParse(value).data?.steps.reduce((sum, { before, after }) => sum + before.length + after.length, 0) ?? 0
  if (events > maxEvents) {
    const [has, limit] = [events, maxEvents].map((n) => n.toLocaleString('en'))
    throw new TrajectoryFileError(`${where} has ${has} events; ${limit} is the limit of an episode. Nothing was imported.`)
  }
  const read = readTrajectory(value)
  if (read.success) return read.data
  throw new TrajectoryFileError(`${where} is not a trajectory of schema version 1 or 2: ${misfitWords(read.misfit, 'the whole record')}. Nothing was imported.`)
}

interface Found {
  value: unknown
  /** "Line 3", "Record 1". */
  where: string
}

/** The records of a file: one JSON object, a JSON array, or one object a line. @throws TrajectoryFileError */
function recordsIn(text: string): Found[] {
  const body = text.replace(/^\uFEFF/, '').trim()
  if (body === '') throw new TrajectoryFileError('The file is empty.')
  const lines = body.split('\n').filter((line) => line.trim() !== '')
  const oneALine = lines.length > 1 && lines.every((line) => line.trimStart().startsWith('{'))
  const long = oneALine ? lines.findIndex((line) => line.length > longestLine) : -1
  if (long >= 0) throw new TrajectoryFileError(`Line ${long + 1} has more than ${longestLine.toLocaleString('en')} characters, which is the limit. Nothing was imported.`)
  if (oneALine) return lines.map((line, i) => ({ value: parse(line, `Line ${i + 1}`), where: `Line ${i + 1}` }))
  const value = parse(body, 'The file')
  const records: unknown[] = Array.isArray(value) ? value : [value]
  if (records.length === 0) throw new TrajectoryFileError('The file holds no trajectory.')
  return records.map((record, i) => ({ value: record, where: `Record ${i + 1}` }))
}

/**
 * Trajectories of a file that this page exported.
 * @throws TrajectoryFileError naming the record or line and the field; then nothing is imported
 */
export const parseTrajectories = (text: string): Trajectory[] => recordsIn(text).map(({ value, where }) => check(value, where))

/** A list of messages alone is one conversation. */
const isMessage = ({ value }: Found) => isObject(value) && (typeof value['role'] === 'string' || typeof value['from'] === 'string')

/**
 * The same, and of files that other programs wrote: OpenAI messages and ATIF.
 * @throws TrajectoryFileError, ConversationError
 */
export async function parseEpisodes(text: string): Promise<Trajectory[]> {
  const found = recordsIn(text)
  const alone = found.every(isMessage) ? [{ value: found.map(({ value }) => value), where: 'The file' }] : found
  const ours = alone.every(({ value }) => isObject(value) && typeof value['schema_version'] === 'number')
  if (ours) return alone.map(({ value, where }) => check(value, where))
  const { isForeign, readForeign } = await import('../exchange/read/read.ts')
  const episodes: Trajectory[] = []
  for (const [place, { value, where }] of alone.entries()) episodes.push(isForeign(value) ? check(await readForeign(value, where, place), where) : check(value, where))
  return episodes
}

/** The same for a file. @throws TrajectoryFileError, ConversationError */
export async function readTrajectories(file: Blob): Promise<Trajectory[]> {
  if (file.size > maxTrajectoryFile) throw new TrajectoryFileError(`The file has ${Math.ceil(file.size / 2 ** 20)} MB; 60 MB is the limit. Import it in parts.`)
  return parseEpisodes(await file.text())
}
