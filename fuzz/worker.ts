// Reads inputs one after another in a thread of its own, so that one that hangs or fills the memory can be ended. Says
// where it is in shared memory, and what it found when it is through or something is wrong.
import { parentPort, workerData } from 'node:worker_threads'
import { createRandom } from '../src/core/random.ts'
import { targets } from './targets.ts'

export interface Job {
  target: string
  generator: string
  seed: number
  from: number
  to: number
  /** At 0: the input under way. */
  at: SharedArrayBuffer
}

export interface Finding {
  index: number
  kind: 'threw' | 'wrong' | 'slow'
  message: string
  /** The beginning of the input. */
  input: string
}

export interface Done {
  read: number
  bytes: number
  /** Inputs that were refused with an error that the reader documents. */
  refused: number
  findings: Finding[]
  failures: number
  slowest: { index: number; milliseconds: number; size: number }
  /** Of inputs of a kilobyte and more. */
  worstPerKilobyte: { index: number; milliseconds: number; size: number }
  peak: number
}

/** An input may take so long, ms, and so much more for each kilobyte of it where the target says nothing else. */
const allowed = { base: 100, perKilobyte: 10 }
const findingsKept = 5
const shown = 300

async function work({ target: name, generator, seed, from, to, at }: Job): Promise<Done> {
  const target = (await targets()).find((each) => each.name === name)
  const make = target?.generators[generator]
  if (!target || !make) throw new Error(`There is no ${generator} of ${name}.`)
  const place = new Int32Array(at)
  const none = { index: -1, milliseconds: 0, size: 1 }
  const done: Done = {
    read: 0,
    bytes: 0,
    refused: 0,
    findings: [],
    failures: 0,
    slowest: none,
    worstPerKilobyte: none,
    peak: 0,
  }
  for (let index = from; index < to; index++) {
    Atomics.store(place, 0, index)
    const { text, size, run } = make(createRandom(`${seed}/${name}/${generator}/${index}`))
    const note = (kind: Finding['kind'], message: string) => {
      done.failures++
      if (done.findings.length < findingsKept)
        done.findings.push({ index, kind, message: message.slice(0, 1000), input: text.slice(0, shown) })
    }
    const time = async () => {
      const began = performance.now()
      try {
        const result = run()
        // Waiting for what is there already costs a turn of the event loop each time.
        if (result instanceof Promise) await result
        return { error: null, milliseconds: performance.now() - began }
      } catch (error) {
        return { error, milliseconds: performance.now() - began }
      }
    }
    let { error, milliseconds } = await time()
    const limit = allowed.base + ((target.perKilobyte ?? allowed.perKilobyte) * size) / 1024
    // Again: the machine may have been busy with something else, and the first of a kind is compiled.
    const notable =
      milliseconds > limit ||
      milliseconds > done.slowest.milliseconds ||
      (size >= 1024 && milliseconds / size > done.worstPerKilobyte.milliseconds / done.worstPerKilobyte.size)
    for (let again = 0; again < 3 && notable; again++) {
      const next = await time()
      if (next.milliseconds < milliseconds) ({ error, milliseconds } = next)
    }
    done.read++
    done.bytes += size
    if (error !== null) {
      const kind = error instanceof Error ? error.name : typeof error
      if (target.expected.includes(kind)) done.refused++
      else
        note(
          kind === 'WrongResult' ? 'wrong' : 'threw',
          error instanceof Error
            ? `${kind}: ${error.message}\n${(error.stack ?? '').split('\n').slice(1, 4).join('\n')}`
            : String(error),
        )
    }
    if (milliseconds > limit) note('slow', `${milliseconds.toFixed(0)} ms for ${size} bytes`)
    const timed = { index, milliseconds, size }
    if (milliseconds > done.slowest.milliseconds) done.slowest = timed
    const { worstPerKilobyte: worst } = done
    if (size >= 1024 && milliseconds / size > worst.milliseconds / worst.size) done.worstPerKilobyte = timed
    if (index % 64 === 0) done.peak = Math.max(done.peak, process.memoryUsage().heapUsed)
  }
  Atomics.store(place, 0, to)
  return done
}

if (parentPort) {
  const job: Job = workerData
  parentPort.postMessage(await work(job))
}
