// Tabs of this page share one database: a run is trained by one of them at a time. Locks are the browser's, so that a tab
// that is closed or crashes gives its own back.
import { lockOfRun } from '../core/training/runs.ts'

/** Does the work while no other tab trains this run. @throws RunTakenError when one does */
export type RunLock = <T>(run: string, work: () => Promise<T>) => Promise<T>

class RunTakenError extends Error {
  override readonly name = 'RunTakenError'
  constructor() {
    super('This run is being trained in another tab. Pause it there, then resume it here; until then it can be looked at.')
  }
}

/** What is needed of navigator.locks: null is given where the lock is held. */
export interface Locks {
  request<T>(name: string, options: { ifAvailable: boolean }, work: (lock: object | null) => Promise<T>): Promise<T>
}

/** @param locks null: there are none here, and no other tabs either */
export function runLock(locks: Locks | null): RunLock {
  return async (run, work) => {
    if (!locks) return work()
    return locks.request(lockOfRun(run), { ifAvailable: true }, async (lock) => {
      if (!lock) throw new RunTakenError()
      return work()
    })
  }
}
