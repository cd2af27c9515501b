// The frame of checks against programs from outside: what holds is told as it is found, what cannot be had is skipped, visibly.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Unavailable, type Say } from './python.ts'

export type Check = (what: string, holds: boolean, found: string) => void

export interface Frame {
  say: Say
  check: Check
  /** A folder for files in passing, removed at the end. */
  folder: string
  /** A new folder within it. */
  place: (name: string) => string
  /** A part that is skipped by itself where something of it cannot be had. */
  part: (name: string, body: () => Promise<void>) => Promise<void>
}

/** Runs the checks; the exit status is 1 where one does not hold. @param name of the command, for its folder */
export async function runChecks(name: string, body: (frame: Frame) => Promise<void>): Promise<void> {
  const started = performance.now()
  const say = (line: string) => { process.stdout.write(`[${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s] ${line}\n`) }
  const folder = mkdtempSync(join(tmpdir(), `agemem-${name}-`))
  const place = (of: string) => {
    mkdirSync(join(folder, of))
    return join(folder, of)
  }
  const counts = { held: 0, failed: 0, skipped: 0 }
  const check: Check = (what, holds, found) => {
    counts[holds ? 'held' : 'failed']++
    say(`${holds ? 'ok  ' : 'FAIL'} ${what}: ${found}`)
  }
  const part: Frame['part'] = async (of, own) => {
    try {
      await own()
    } catch (error) {
      if (error instanceof Unavailable) {
        counts.skipped++
        say(`SKIPPED ${of}: ${error.message}`)
        // What went wrong in one part says nothing of the others.
      } else check(`${of} runs to its end`, false, error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
  }
  try {
    await body({ say, check, folder, place, part })
    if (counts.failed > 0) process.exitCode = 1
    say(`${counts.failed > 0 ? `${counts.failed} checks failed, ${counts.held} hold` : `All ${counts.held} checks hold`}${counts.skipped > 0 ? `, ${counts.skipped} parts were skipped` : ''}.`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
