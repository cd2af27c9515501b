// Recorded episodes on IndexedDB. Summaries have a table of their own, so that the list reads no trajectory. What
// the disk does not take is held in memory, and so are the last ones used, in case the database is deleted.
import { z, type ZodType } from 'zod'
import { savedSummarySchema, type Archive, type EpisodeSummary, type SavedSummary } from '../core/record/archive.ts'
import { recordSchema } from '../core/episode/read-record.ts'
import { episodeDigestOf } from '../core/evaluation/digest.ts'
import { episodeDigestSchema, type EpisodeDigest } from '../core/record/digest.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import { fit, misfitWords } from '../core/fit.ts'
import { isObject } from '../core/is-object.ts'
import type { Connection } from './connection.ts'
import type { DigestRow, PlaygroundDatabase } from './database.ts'
import { DamagedRecordError } from './errors.ts'

/** Saved episodes that are held in memory as well: the last used ones. */
const savedHeld = 20

/** Raised when the same episode gives another digest. */
const digestVersion = 1
const digestRowSchema = z.object({ key: z.string(), version: z.literal(digestVersion), digest: episodeDigestSchema })

interface Held {
  summary: SavedSummary
  trajectory: Trajectory
  saved: boolean
}

/** A reply without probabilities that are no numbers, which older pages have written into records of version 1. */
function withoutNaN(reply: unknown): unknown {
  if (!isObject(reply) || !Array.isArray(reply['logprobs'])) return reply
  return reply['logprobs'].every(Number.isFinite) ? reply : { ...reply, logprobs: null }
}

function mended(stored: unknown): unknown {
  if (!isObject(stored) || !Array.isArray(stored['steps'])) return stored
  const steps: unknown[] = stored['steps']
  const call = (each: unknown) => (isObject(each) ? { ...each, summary: withoutNaN(each['summary']) } : each)
  return {
    ...stored,
    steps: steps.map((step) => (isObject(step) ? { ...step, reply: withoutNaN(step['reply']), calls: Array.isArray(step['calls']) ? step['calls'].map(call) : step['calls'] } : step)),
  }
}

/** @throws DamagedRecordError */
function checked(key: string, stored: unknown): Trajectory {
  const read = fit(recordSchema, stored)
  if (read.success) return read.data
  const again = fit(recordSchema, mended(stored))
  if (again.success) return again.data
  throw new DamagedRecordError(`The recorded episode ${key} cannot be read: ${misfitWords(read.misfit, 'the record')}. Delete it from the list.`)
}

/** What can be read again. @throws DamagedRecordError, and then nothing is written */
function readable<T>(schema: ZodType<unknown, T>, value: T, key: string): T {
  const read = fit(schema, value)
  if (read.success) return value
  throw new DamagedRecordError(`The episode ${key} was not saved: it could not be read again, because ${misfitWords(read.misfit, 'the record')}.`)
}

async function write(db: PlaygroundDatabase, summary: SavedSummary, trajectory: Trajectory): Promise<void> {
  await db.transaction('rw', db.summaries, db.trajectories, db.digests, async () => {
    await db.trajectories.put({ key: summary.key, trajectory })
    await db.digests.delete(summary.key)
    await db.summaries.put(summary)
  })
}

async function erase(db: PlaygroundDatabase, key: string): Promise<void> {
  await db.transaction('rw', db.summaries, db.trajectories, db.digests, async () => {
    await db.summaries.delete(key)
    await db.trajectories.delete(key)
    await db.digests.delete(key)
  })
}

export class DexieArchive implements Archive {
  readonly #connection: Connection
  /** In the order of their last use. */
  readonly #held = new Map<string, Held>()
  /** Deleted while the disk could not be reached. */
  readonly #erased = new Set<string>()
  /** Episodes that were in the database when it was last looked at. */
  #listed = new Set<string>()
  /** Those that were ever seen there: when one is not there any more, another tab has deleted it. */
  readonly #seen = new Set<string>()

  constructor(connection: Connection) {
    this.#connection = connection
    connection.onReconnect(async (db, fresh) => {
      for (const key of this.#erased) {
        if (!fresh) await erase(db, key)
        this.#erased.delete(key)
      }
      for (const held of this.#held.values()) {
        if (held.saved && !fresh) continue
        await write(db, held.summary, held.trajectory)
        held.saved = true
      }
      if (!fresh) return { episodes: 0 }
      this.#seen.clear()
      const before = this.#listed
      this.#see((await db.summaries.toCollection().primaryKeys()).map(String), true)
      return { episodes: [...before].filter((key) => !this.#listed.has(key)).length }
    })
  }

  put(key: string, trajectory: Trajectory, given: SavedSummary): Promise<{ saved: boolean }> {
    const copy = structuredClone(trajectory)
    return this.#connection.exclusive(async () => {
      const summary = readable(savedSummarySchema, { ...given, key }, key)
      readable(recordSchema, copy, key)
      const attempt = await this.#connection.write((db) =>
        db.transaction('rw', db.summaries, db.trajectories, db.digests, async () => {
          if (this.#seen.has(key) && (await db.summaries.get(key)) === undefined) return false
          await write(db, summary, copy)
          return true
        }),
      )
      // An episode that another tab has deleted while it was played here stays deleted.
      if (attempt.done && !attempt.value) {
        this.#held.delete(key)
        return { saved: false }
      }
      const { done } = attempt
      this.#erased.delete(key)
      if (done) this.#see([key], false)
      this.#hold({ summary, trajectory: copy, saved: done })
      return { saved: done }
    })
  }

  async get(key: string): Promise<Trajectory | null> {
    const stored = await this.#connection.exclusive(async () => {
      const held = this.#held.get(key)
      if (held && !(held.saved && this.#connection.durable)) return held.trajectory
      if (this.#erased.has(key)) return null
      const read = await this.#connection.read((db) =>
        db.transaction('r', db.summaries, db.trajectories, async () => ({ summary: await db.summaries.get(key), row: await db.trajectories.get(key) })),
      )
      // Held and not on the disk: another tab has deleted it, unless the disk has just failed.
      if (!read.done) return this.#held.get(key)?.trajectory ?? null
      const { summary, row } = read.value
      if (!row) this.#held.delete(key)
      else if (summary) this.#hold({ summary, trajectory: row.trajectory, saved: true })
      return row?.trajectory ?? null
    })
    return stored === null ? null : checked(key, stored)
  }

  list(): Promise<EpisodeSummary[]> {
    return this.#connection.exclusive(async () => {
      const read = await this.#connection.read((db) => db.summaries.toArray())
      if (read.done) this.#see(read.value.map(({ key }) => key), true)
      const lines = new Map<string, EpisodeSummary>()
      for (const row of read.done ? read.value : []) {
        const summary = savedSummarySchema.safeParse(row)
        if (summary.success && !this.#erased.has(summary.data.key)) lines.set(summary.data.key, { ...summary.data, saved: true })
      }
      for (const [key, { summary, saved }] of this.#held) {
        if (saved && (lines.has(key) || this.#connection.durable)) continue
        lines.set(key, { ...summary, saved: false })
      }
      return [...lines.values()].sort((a, b) => b.recorded - a.recorded || (a.key < b.key ? -1 : 1))
    })
  }

  async digests(keys: readonly string[]): Promise<(EpisodeDigest | null)[]> {
    const read = await this.#connection.exclusive(() => this.#connection.read((db) => db.digests.bulkGet([...keys])))
    const digests: (EpisodeDigest | null)[] = []
    const made: DigestRow[] = []
    for (const [i, key] of keys.entries()) {
      const held = this.#held.get(key)
      const { data } = digestRowSchema.safeParse(read.done && held?.saved !== false ? read.value[i] : undefined)
      const trajectory = data ? null : await this.get(key).catch(() => null)
      const digest = data?.digest ?? (trajectory && episodeDigestOf(trajectory))
      digests.push(digest)
      if (!data && digest) made.push({ key, version: digestVersion, digest })
    }
    if (made.length > 0) await this.#keepDigests(made)
    return digests
  }

  /** Of episodes that are on the disk still. One that still plays is made again by whoever writes it. */
  #keepDigests(made: readonly DigestRow[]): Promise<unknown> {
    return this.#connection.exclusive(() => this.#connection.write((db) =>
      db.transaction('rw', db.summaries, db.digests, async () => {
        const there = await db.summaries.bulkGet(made.map(({ key }) => key))
        await db.digests.bulkPut(made.filter((_, i) => there[i] !== undefined))
      }),
    ))
  }

  delete(key: string): Promise<void> {
    return this.#connection.exclusive(async () => {
      this.#held.delete(key)
      this.#seen.delete(key)
      this.#listed.delete(key)
      // Tried on a full disk too: this is how space is made.
      const { done } = await this.#connection.read((db) => erase(db, key))
      if (!done) this.#erased.add(key)
    })
  }

  /** Takes note of what is on the disk. @param all it is all that is there */
  #see(keys: readonly string[], all: boolean): void {
    if (all) this.#listed = new Set(keys)
    for (const key of keys) {
      this.#listed.add(key)
      this.#seen.add(key)
    }
    if (!all || !this.#connection.durable) return
    for (const [key, { saved }] of this.#held) if (saved && !this.#listed.has(key)) this.#held.delete(key)
  }

  #hold(held: Held): void {
    const { key } = held.summary
    this.#held.delete(key)
    this.#held.set(key, held)
    let surplus = [...this.#held.values()].filter(({ saved }) => saved).length - savedHeld
    for (const [old, { saved }] of this.#held) {
      if (surplus <= 0) break
      if (!saved) continue
      this.#held.delete(old)
      surplus--
    }
  }
}
