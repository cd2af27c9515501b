// The page's side: starts workers and passes calls on to them. Runs in the browser.
import { wrap, type Remote } from 'comlink'
import type { Job, Lane, Opened, Run } from './lane.ts'

/** What the harness calls from outside the page. */
export interface LaneHost {
  /** Starts a worker; returns its number. */
  start(kind: string, threads: number): number
  description(lane: number): Promise<string>
  open(lane: number, job: Job): Promise<Opened>
  run(lane: number, job: number): Promise<Run>
  stop(lane: number): void
}

declare global {
  interface Window {
    lanes: LaneHost
  }
}

interface Hosted {
  worker: Worker
  lane: Remote<Lane>
  /** Never fulfilled; rejected when the worker's script fails. */
  failure: Promise<never>
}

/** @param kinds how to make the worker of each kind, whose script exposes a Lane */
export function hostLanes(kinds: Readonly<Record<string, (threads: number) => Worker>>): void {
  const hosted: Hosted[] = []
  const at = (lane: number): Hosted => {
    const found = hosted[lane]
    if (!found) throw new Error(`There is no lane ${lane}.`)
    return found
  }
  window.lanes = {
    start(kind, threads) {
      const make = kinds[kind]
      if (!make) throw new Error(`There is no lane of kind ${kind}.`)
      const worker = make(threads)
      const failure = new Promise<never>((_, reject) => {
        worker.onerror = (event) => { reject(new Error(`${kind}: ${event.message === '' ? 'the worker did not start' : event.message}`)) }
      })
      failure.catch(() => undefined)
      return hosted.push({ worker, lane: wrap<Lane>(worker), failure }) - 1
    },
    description: (lane) => Promise.race([at(lane).lane.description(), at(lane).failure]),
    open: (lane, job) => Promise.race([at(lane).lane.open(job), at(lane).failure]),
    run: (lane, job) => Promise.race([at(lane).lane.run(job), at(lane).failure]),
    stop: (lane) => { at(lane).worker.terminate() },
  }
}
