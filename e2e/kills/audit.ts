// What the page claims to have, and what of it is really kept: the claims as somebody at the console reads them, the keeping
// by reading each thing, and by a look into the database past the page.
import type { Page } from '@playwright/test'
import { missing } from '../../src/core/training/kept-run.ts'
import type { RunRecord, Stretch } from '../../src/core/training/runs.ts'
import { databaseName } from '../page.ts'

export interface RunClaim {
  key: string
  status: string
  note: RunRecord['note']
  steps: number
  thinned: number
  gone: { steps: Stretch[]; rollouts: Stretch[] }
  /** Steps whose metrics can be read. */
  metrics: number[]
  /** Steps whose rollouts can be read. */
  rollouts: number[]
}

export interface Audit {
  /** ended: it is not being played any more, as far as its record says. */
  episodes: { key: string; saved: boolean; whole: boolean; ended: boolean; digest: string }[]
  runs: RunClaim[]
  checkpoints: { key: string; run: string | null; step: number; resumable: boolean }[]
  /** Keys of the tables, as the database has them. */
  tables: Record<'summaries' | 'trajectories' | 'runs' | 'steps' | 'rollouts' | 'evaluations' | 'checkpoints' | 'adapters', string[]>
}

/** Reads all of it. Whatever cannot be read counts as not kept. */
export async function audit(page: Page): Promise<Audit> {
  return page.evaluate(async (name) => {
    const { agemem } = window
    const quietly = <T>(promise: Promise<T>): Promise<T | null> => promise.catch(() => null)
    const digestOf = (value: unknown) => {
      let sum = 7
      for (const char of JSON.stringify(value)) sum = (Math.imul(sum, 31) + char.charCodeAt(0)) | 0
      return String(sum)
    }
    const episodes = []
    for (const { key, saved, steps } of await agemem.listEpisodes()) {
      const trajectory = await quietly(agemem.exportEpisode(key))
      episodes.push({ key, saved, whole: trajectory?.steps.length === steps, ended: trajectory?.status === 'complete', digest: digestOf(trajectory) })
    }
    const runs = []
    for (const { key, status, note, steps, rollouts_thinned, gone } of await agemem.listRuns()) {
      const metrics = ((await quietly(agemem.exportRun(key)))?.steps ?? []).map(({ step }) => step)
      const rollouts = []
      for (const step of metrics) {
        const read = await quietly(agemem.rollouts(key, step))
        if ((read?.length ?? 0) > 0) rollouts.push(step)
      }
      runs.push({ key, status, note, steps, thinned: rollouts_thinned ?? 0, gone: gone ?? { steps: [], rollouts: [] }, metrics, rollouts })
    }
    const checkpoints = (await agemem.listCheckpoints()).map(({ key, run, step, resumable }) => ({ key, run, step, resumable }))
    const db = await new Promise<IDBDatabase | null>((resolve) => {
      const opening = indexedDB.open(name)
      // There is none: it is not to be made here.
      opening.onupgradeneeded = () => { opening.transaction?.abort() }
      opening.onsuccess = () => { resolve(opening.result) }
      opening.onerror = () => { resolve(null) }
    })
    const keys = (table: string) =>
      new Promise<string[]>((resolve, reject) => {
        if (!db) {
          resolve([])
          return
        }
        const reading = db.transaction(table).objectStore(table).getAllKeys()
        reading.onsuccess = () => { resolve(reading.result.map((key) => (Array.isArray(key) ? JSON.stringify(key) : String(key)))) }
        reading.onerror = () => { reject(new Error(`${table} could not be read.`)) }
      })
    const tables = {
      summaries: await keys('summaries'),
      trajectories: await keys('trajectories'),
      runs: await keys('runs'),
      steps: await keys('steps'),
      rollouts: await keys('rollouts'),
      evaluations: await keys('evaluations'),
      checkpoints: await keys('checkpoints'),
      adapters: await keys('adapters'),
    }
    db?.close()
    return { episodes, runs, checkpoints, tables }
  }, databaseName)
}

/** Steps up to the last that are neither said to be gone nor among these. */
const without = (last: number, gone: readonly Stretch[], kept: readonly number[]) =>
  missing(1, last, kept).flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i)).filter((step) => !gone.some(([first, end]) => first <= step && step <= end))

/** How many steps and how many sets of rollouts a run claims. */
const claims = ({ steps, gone, thinned }: RunClaim) => without(steps, gone.steps, []).length + without(steps, gone.rollouts, []).filter((step) => step > thinned).length

export interface Verdict {
  claimed: number
  /** Claimed and not kept. */
  missing: string[]
  /** Rows that belong to nothing. */
  half: string[]
}

/** Holds the claims against what is kept. @param durable the page says that all is saved */
export function judge({ episodes, runs, checkpoints, tables }: Audit, durable: boolean): Verdict {
  const adapters = new Set(tables.adapters)
  const absent = [
    ...episodes.filter(({ whole }) => !whole).map(({ key }) => `episode ${key}`),
    ...runs.flatMap(({ key, steps, gone, metrics }) => without(steps, gone.steps, metrics).map((step) => `step ${step} of run ${key}`)),
    ...runs.flatMap(({ key, steps, gone, rollouts, thinned }) => without(steps, gone.rollouts, rollouts).filter((step) => step > thinned).map((step) => `rollouts of step ${step} of run ${key}`)),
    ...(durable ? checkpoints.filter(({ key }) => !adapters.has(key)).map(({ key }) => `adapter of checkpoint ${key}`) : []),
    ...runs.filter(({ status, steps, metrics, note }) => status === 'imported' && steps > Math.max(0, ...metrics) && note === null).map(({ key }) => `whole import ${key}`),
  ]
  const known = new Set(tables.runs)
  const runOf = (key: string) => { const [run]: unknown[] = JSON.parse(key); return String(run) }
  const half = [
    ...tables.summaries.filter((key) => !tables.trajectories.includes(key)).map((key) => `summary ${key} without episode`),
    ...tables.trajectories.filter((key) => !tables.summaries.includes(key)).map((key) => `episode ${key} without summary`),
    ...(['steps', 'rollouts', 'evaluations'] as const).flatMap((table) => tables[table].filter((key) => !known.has(runOf(key))).map((key) => `${table} ${key} without run`)),
    ...tables.checkpoints.filter((key) => !adapters.has(key)).map((key) => `checkpoint ${key} without adapter`),
    ...tables.adapters.filter((key) => !tables.checkpoints.includes(key)).map((key) => `adapter ${key} without checkpoint`),
    ...checkpoints.filter(({ run }) => run !== null && !known.has(run) && durable).map(({ key }) => `checkpoint ${key} without run`),
  ]
  const claimed = episodes.length + checkpoints.length + runs.reduce((sum, run) => sum + claims(run), 0)
  return { claimed, missing: absent, half }
}
