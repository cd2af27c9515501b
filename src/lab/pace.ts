// How fast an episode is played for somebody who watches: running, slowed down, paused, or one step at a time.
import type { Pace } from '../rpc/contracts.ts'

export interface Pacer {
  /** Resolves when the next round of replies may begin. Rejects never; `release` lets it through for good. */
  gate(): Promise<void>
  set(pace: Pace): void
  /** Lets one round through while paused. */
  stepOnce(): void
  /** Lets everything through: the episode is being stopped. */
  release(): void
}

/** @param now milliseconds, monotonic */
export function createPacer(first: Pace, now: () => number, onPause: () => void): Pacer {
  let pace = first
  let allowed = 0
  let released = false
  let last = -Infinity
  let wake: () => void = () => undefined

  return {
    async gate() {
      let announced = false
      for (;;) {
        if (released) return
        if (allowed > 0) {
          allowed--
          break
        }
        let timer: ReturnType<typeof setTimeout> | undefined
        if (pace.kind === 'run') {
          const wait = last + pace.msPerStep - now()
          if (wait <= 0) break
          timer = setTimeout(() => { wake() }, wait)
        } else if (!announced) {
          announced = true
          onPause()
        }
        await new Promise<void>((resolve) => (wake = resolve))
        clearTimeout(timer)
      }
      last = now()
    },
    set(next) {
      pace = next
      allowed = 0
      wake()
    },
    stepOnce() {
      allowed++
      wake()
    },
    release() {
      released = true
      wake()
    },
  }
}
