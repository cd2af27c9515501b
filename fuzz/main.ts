// Hands every reader of what models and people write a million inputs or so that they should not have written, each in bounded time and memory, and says what was not read as it should. Exit status 1 when something was not.
import { cpus } from 'node:os'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { given } from '../cli/given.ts'
import { wholeNumber } from '../cli/options.ts'
import { targets } from './targets.ts'
import type { Done, Finding, Job } from './worker.ts'

/** One input may take so long before its thread is ended, ms. */
const hangs = 20_000
/** A thread may take so long to begin, ms, and is started anew so often. */
const begins = { within: 60_000, tries: 3 }
/** MB that a thread may fill. */
const memory = 768
/** Inputs of one thread, so that a broken one does not cost much. */
const batch = 20_000

interface Line {
  target: string
  generator: string
  done: Done
}

const nothing = (): Done => ({
  read: 0,
  bytes: 0,
  refused: 0,
  findings: [],
  failures: 0,
  slowest: { index: -1, milliseconds: 0, size: 1 },
  worstPerKilobyte: { index: -1, milliseconds: 0, size: 1 },
  peak: 0,
})

function added(to: Done, more: Done): Done {
  const slower = more.slowest.milliseconds > to.slowest.milliseconds ? more.slowest : to.slowest
  const per = ({ milliseconds, size }: Done['slowest']) => milliseconds / size
  const worse = per(more.worstPerKilobyte) > per(to.worstPerKilobyte) ? more.worstPerKilobyte : to.worstPerKilobyte
  return {
    read: to.read + more.read,
    bytes: to.bytes + more.bytes,
    refused: to.refused + more.refused,
    findings: [...to.findings, ...more.findings],
    failures: to.failures + more.failures,
    slowest: slower,
    worstPerKilobyte: worse,
    peak: Math.max(to.peak, more.peak),
  }
}

/** A thread does not read TypeScript by what the main thread was started with. */
const startWorker = `
  import('tsx/esm/api')
    .then(({ register }) => {
      register()
      return import(${JSON.stringify(new URL('./worker.ts', import.meta.url).href)})
    })
    .catch((error) => { setTimeout(() => { throw error }) })
`

/** One thread's inputs. One that hangs or fills the memory is a finding, and the rest goes on behind it. */
async function runBatch(job: Omit<Job, 'at'>, tries = begins.tries): Promise<Done> {
  const at = new SharedArrayBuffer(4)
  const place = new Int32Array(at)
  Atomics.store(place, 0, -1)
  const worker = new Worker(startWorker, {
    eval: true,
    workerData: { ...job, at } satisfies Job,
    resourceLimits: { maxOldGenerationSizeMb: memory },
  })
  const ended = await new Promise<Done | Pick<Finding, 'index' | 'message'>>((resolve) => {
    let seen = -2
    let since = performance.now()
    const finish = (value: Done | Pick<Finding, 'index' | 'message'>) => {
      clearInterval(watch)
      resolve(value)
    }
    const watch = setInterval(() => {
      const now = Atomics.load(place, 0)
      if (now !== seen) {
        seen = now
        since = performance.now()
      } else if (performance.now() - since > (now < 0 ? begins.within : hangs))
        finish({ index: now, message: `It took more than ${hangs / 1000} s and was ended.` })
    }, 500)
    worker.once('message', finish)
    worker.once('error', (error: Error) => {
      finish({ index: Atomics.load(place, 0), message: `${error.name}: ${error.message}` })
    })
  })
  await worker.terminate()
  if ('read' in ended) return ended
  const { index, message } = ended
  if (index < job.from) {
    if (tries <= 1) throw new Error(`The thread could not begin: ${message}`)
    return runBatch(job, tries - 1)
  }
  const finding: Finding = { index, kind: message.startsWith('It took') ? 'slow' : 'threw', message, input: '' }
  const before = { ...nothing(), read: index - job.from + 1, findings: [finding], failures: 1 }
  return index + 1 < job.to ? added(before, await runBatch({ ...job, from: index + 1 })) : before
}

const milliseconds = (n: number) => (n < 10 ? n.toFixed(2) : n.toFixed(0))

function say({ target, generator, done }: Line): string {
  const { read, bytes, refused, failures, slowest, worstPerKilobyte: worst, peak } = done
  return [
    target.padEnd(15),
    generator.padEnd(12),
    read.toLocaleString('en').padStart(9),
    `${(bytes / 1e6).toFixed(0)} MB`.padStart(9),
    refused.toLocaleString('en').padStart(9),
    `${milliseconds(slowest.milliseconds)} ms`.padStart(10),
    `${milliseconds(worst.milliseconds / (worst.size / 1024))} ms/kB`.padStart(12),
    `${(peak / 2 ** 20).toFixed(0)} MB`.padStart(8),
    String(failures).padStart(6),
  ].join(' ')
}

async function main(): Promise<number> {
  const all = await targets()
  const generatorNames = [...new Set(all.flatMap(({ generators }) => Object.keys(generators)))]
  const { seed, count, only, generator: generatorOnly, index } = given({
    command: 'npm run fuzz',
    does: 'Hands every reader of what models and people write inputs that they should not have written, and says what was not read or refused\nas it should be.',
    schema: z.object({ seed: wholeNumber(0, Number.MAX_SAFE_INTEGER).default(0), count: wholeNumber(1, Number.MAX_SAFE_INTEGER).default(1_000_000), only: z.enum(all.map(({ name }) => name)).optional(), generator: z.enum(generatorNames).optional(), index: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional() }),
    takes: {
      seed: 'a whole number; the same one gives the same inputs; 0 when left out',
      count: 'replies over all generators, 1000000 when left out; readers of imports get a hundredth of it for each generator',
      only: `one reader: ${all.map(({ name }) => name).join(', ')}`,
      generator: `one of ${generatorNames.join(', ')}`,
      index: 'with --only and --generator: one input, printed and read',
    },
  })
  const chosen = all.filter(({ name }) => only === undefined || name === only)
  const jobs = chosen.flatMap(({ name, generators }) =>
    Object.keys(generators)
      .filter((generator) => generatorOnly === undefined || generator === generatorOnly)
      .flatMap((generator) => {
        const total = Math.max(1, Math.floor(name === 'replies' ? count / Object.keys(generators).length : count / 100))
        const first = index ?? 0
        const last = index === undefined ? total : first + 1
        return Array.from({ length: Math.ceil((last - first) / batch) }, (_, i) => ({
          target: name,
          generator,
          seed,
          from: first + i * batch,
          to: Math.min(last, first + (i + 1) * batch),
        }))
      }),
  )
  const began = performance.now()
  const lines = new Map<string, Line>()
  let next = 0
  // Threads side by side would time one another.
  const side = Math.max(1, Math.min(2, cpus().length - 1))
  const lane = async () => {
    for (let job = jobs[next++]; job; job = jobs[next++]) {
      const done = await runBatch(job)
      const key = `${job.target}/${job.generator}`
      lines.set(key, {
        target: job.target,
        generator: job.generator,
        done: added(lines.get(key)?.done ?? nothing(), done),
      })
      for (const { index, kind, message, input } of done.findings) {
        process.stdout.write(
          `\n${kind}: ${message}\n  npm run fuzz -- --seed ${seed} --only "${job.target}" --generator "${job.generator}" --index ${index}\n  ${JSON.stringify(input)}\n`,
        )
      }
    }
  }
  await Promise.all(Array.from({ length: side }, lane))
  process.stdout.write(
    `\n${'reader'.padEnd(15)} ${'generator'.padEnd(12)} ${'inputs'.padStart(9)} ${'bytes'.padStart(9)} ${'refused'.padStart(9)} ${'slowest'.padStart(10)} ${'worst'.padStart(12)} ${'heap'.padStart(8)} ${'wrong'.padStart(6)}\n`,
  )
  for (const line of lines.values()) process.stdout.write(`${say(line)}\n`)
  const failures = [...lines.values()].reduce((sum, { done }) => sum + done.failures, 0)
  process.stdout.write(
    `\nSeed ${seed}, ${((performance.now() - began) / 1000).toFixed(0)} s. ${failures === 0 ? 'Everything was read or refused as it should be.' : `${failures} inputs were not.`}\n`,
  )
  return failures === 0 ? 0 : 1
}

process.exitCode = await main()
