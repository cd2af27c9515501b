// What nothing refers to any more, on request: for tests of what is let go of.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect: unknown = runInNewContext('gc')

/** Whether a thing is gone once nothing refers to it. */
export async function isGone(of: WeakRef<object>): Promise<boolean> {
  if (typeof collect !== 'function') throw new Error('Garbage cannot be collected on request here.')
  for (let tries = 0; tries < 5 && of.deref(); tries++) {
    // What a job has looked at stays until it ends.
    await new Promise((resolve) => { setTimeout(resolve, 10) })
    Reflect.apply(collect, undefined, [])
  }
  return of.deref() === undefined
}
