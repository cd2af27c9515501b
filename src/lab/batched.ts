// Collects events and hands them on in batches: the page is told at most once a frame.

export interface Batched<T> {
  push(event: T): void
  /** Hands on what has been collected, now. */
  flush(): void
}

export function batched<T>(deliver: (events: T[]) => void, intervalMs: number): Batched<T> {
  let waiting: T[] = []
  let timer: ReturnType<typeof setTimeout> | null = null
  const flush = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (waiting.length === 0) return
    const events = waiting
    waiting = []
    deliver(events)
  }
  return {
    push(event) {
      waiting.push(event)
      timer ??= setTimeout(flush, intervalMs)
    },
    flush,
  }
}
