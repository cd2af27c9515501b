// Downloads as the page holds them, of whichever kind of model: how far each is, how fast it went, why it failed. Pure.
import type { WebLlmProblem } from '../../core/policy/webllm.ts'
import type { DownloadProgress } from '../../rpc/webllm.ts'
import { withSample, type Sample } from './download-pace.ts'

export interface Download {
  /** stopping: it ends with the piece that is on its way. */
  phase: 'running' | 'stopping' | 'paused' | 'failed'
  progress: DownloadProgress | null
  samples: readonly Sample[]
  /** Why it failed. */
  problem: WebLlmProblem | null
}

/** By the key of what is fetched. */
export type Downloads = ReadonlyMap<string, Download>

/** The page hears of a download this often, ms. */
const reportInterval = 200

export const isUnderWay = (download: Download | undefined): boolean => download?.phase === 'running' || download?.phase === 'stopping'

/** One that begins, or goes on. */
export const begun = (before: Download | undefined): Download => ({ phase: 'running', progress: before?.progress ?? null, samples: [], problem: null })

/** The downloads with one of them changed; null: without it. */
export function withDownload(downloads: Downloads, key: string, next: Download | null): Downloads {
  const changed = new Map(downloads)
  if (next) changed.set(key, next)
  else changed.delete(key)
  return changed
}

/** The download with what was told of it; null: too soon after the last time to show. @param at a monotonic clock, ms */
export function told(download: Download, progress: DownloadProgress, at: number): Download | null {
  const last = download.samples.at(-1)
  // Pieces come by the hundred a second; a finished file is always told.
  if (last && at - last.at < reportInterval && download.progress?.files === progress.files) return null
  return { ...download, progress, samples: withSample(download.samples, { at, bytes: progress.bytes }) }
}

/** What is left of a download that has ended so; null: nothing, all has come. */
export function ended(download: Download, outcome: { ok: true } | { ok: false; problem: WebLlmProblem }): Download | null {
  if (outcome.ok) return null
  return outcome.problem.kind === 'aborted' ? { ...download, phase: 'paused' } : { ...download, phase: 'failed', problem: outcome.problem }
}

/** Downloads whose worker is gone. */
export const lostDownloads = (downloads: Downloads): Downloads =>
  new Map([...downloads].map(([key, each]) => [key, isUnderWay(each) ? { ...each, phase: 'failed' as const, problem: { kind: 'other' as const, detail: 'The worker that fetched it has stopped.' } } : each]))
