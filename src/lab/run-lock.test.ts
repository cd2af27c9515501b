// One tab trains a run at a time.
import { describe, expect, it } from 'vitest'
import { runLock, type Locks } from './run-lock.ts'

/** As navigator.locks with ifAvailable: the second one to ask is given null. */
function locksOfTabs(): Locks {
  const held = new Set<string>()
  return {
    async request(name, _, work) {
      if (held.has(name)) return work(null)
      held.add(name)
      try {
        return await work({ name })
      } finally {
        held.delete(name)
      }
    },
  }
}

describe('runLock', () => {
  it('lets one of two tabs in, and the other one when it is done', async () => {
    const locks = locksOfTabs()
    const [first, second] = [runLock(locks), runLock(locks)]
    let end: () => void = () => undefined
    const training = first('r', () => new Promise<string>((resolve) => { end = () => { resolve('trained') } }))
    await expect(second('r', () => Promise.resolve('twice'))).rejects.toThrow('being trained in another tab')
    await expect(second('other', () => Promise.resolve('fine'))).resolves.toBe('fine')
    end()
    await expect(training).resolves.toBe('trained')
    await expect(second('r', () => Promise.resolve('later'))).resolves.toBe('later')
  })

  it('gives the lock back after a failure', async () => {
    const lock = runLock(locksOfTabs())
    await expect(lock('r', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    await expect(lock('r', () => Promise.resolve(1))).resolves.toBe(1)
  })
})
