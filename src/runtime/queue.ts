// One queue for everything that touches onnxruntime. Two overlapping runs on WebGPU killed the browser's GPU process
// in every trial (onnxruntime-web 1.30), and sessions of one module share its heap.

export interface RunQueue {
  /** Runs when everything queued before has ended, whether it failed or not. */
  run<T>(job: () => Promise<T>): Promise<T>
}

export function createQueue(): RunQueue {
  let last: Promise<unknown> = Promise.resolve()
  return {
    run(job) {
      const result = last.then(job)
      last = result.catch(() => undefined)
      return result
    },
  }
}
