// Runs asynchronous pieces of work one after another, in the order in which they were asked for.

/** A queue: each piece begins when the one before has settled, whatever its outcome. */
export function createSerial(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = last.then(work, work)
    last = result
    return result
  }
}
