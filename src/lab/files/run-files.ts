// A run that this page exported comes back from its file: piece by piece, each line checked. Knows no store.
import { parseWellFormed } from '../../core/text.ts'
import { z } from 'zod'
import { fit, misfitWords } from '../../core/fit.ts'
import { evaluationMetricsSchema, type EvaluationMetrics } from '../../core/evaluation/evaluation-metrics.ts'
import { stepMetricsSchema, type StepMetrics } from '../../core/training/metrics.ts'
import { engineLineSchema, type EngineLine } from '../../core/export/trl/engine-line.ts'
import { runFileNames as names, runFileSchema, type RunRecord } from '../../core/training/runs.ts'
import { longestLine } from '../read-trajectories.ts'
import { baseName, unzipped, zipEntries, ZipError, type ZipEntry } from './unzip.ts'

/** Bytes of the file, and of all that is read of it: a run with a thousand steps has some hundred MB, a tenth of it packed. */
export const runLimits = { packed: 300 * 2 ** 20, unpacked: 3 * 2 ** 30 }

interface RunSink {
  begin(run: RunRecord, steps: number): Promise<void>
  evaluation(evaluation: EvaluationMetrics): Promise<void>
  /** A step with the trajectories that the file has of it, one JSON text a line, not yet checked. */
  step(metrics: StepMetrics, trajectories: string[]): Promise<void>
  /** What an engine outside noted of a step or an evaluation, behind all steps of ours. */
  engine(line: EngineLine, where: string): Promise<void>
}

function parsed<T>(schema: z.ZodType<T>, text: string, where: string): T {
  let value: unknown
  try {
    value = parseWellFormed(text)
  } catch {
    throw new ZipError(`${where} is not valid JSON. Choose a file that this page exported.`)
  }
  const read = fit(schema, value)
  if (read.success) return read.data
  throw new ZipError(`${where} does not fit: ${misfitWords(read.misfit, 'the whole record')}.`)
}

/** Which step a trajectory belongs to: all of it that is looked at before it is checked as a whole. */
const placeSchema = z.object({ id: z.object({ batch: z.number().int() }) })

/** Reads a run piece by piece. @throws ZipError naming file, line and field */
export async function unpackRun(file: Blob, sink: RunSink, limits = runLimits): Promise<void> {
  let run: RunRecord | null = null
  const steps: StepMetrics[] = []
  const evaluations: EvaluationMetrics[] = []
  let begun = false
  let next = 0
  let lines: string[] = []

  /** Hands over the steps before this one, the last with the lines that have come. */
  const handOver = async (before: number) => {
    if (!run) throw new ZipError('The zip file has no run.json: it was not exported by this page.')
    if (!begun) {
      begun = true
      await sink.begin(run, steps.length)
      for (const evaluation of evaluations) await sink.evaluation(evaluation)
    }
    for (let metrics = steps[next]; metrics && metrics.step < before; metrics = steps[++next]) {
      await sink.step(metrics, lines)
      lines = []
    }
  }

  for await (const { name, number, line } of runLines(file, limits)) {
    const where = `${name}, line ${number}`
    if (name === names.run) run = parsed(runFileSchema, line, where).run
    else if (name === names.steps) steps.push(parsed(stepMetricsSchema, line, where))
    else if (name === names.evaluations) evaluations.push(parsed(evaluationMetricsSchema, line, where))
    else if (name === names.engine) {
      const noted = parsed(engineLineSchema, line, where)
      await handOver(Infinity)
      await sink.engine(noted, where)
    } else {
      const { batch } = parsed(placeSchema, line, where).id
      // Up to the step of this line, so that only its own lines are held.
      await handOver(batch)
      if (steps[next]?.step !== batch) throw new ZipError(`${where}: there is no step ${batch}, or its rollouts do not stand together.`)
      lines.push(line)
    }
  }
  await handOver(Infinity)
}

/** The entries of a run in the order that they are read in, in whatever folder they lie. @throws ZipError */
function entriesOf(entries: readonly ZipEntry[]): ZipEntry[] {
  const [run, another] = entries.filter(({ path }) => baseName(path) === names.run)
  if (!run) throw new ZipError('The zip file has no run.json: it was not exported by this page.')
  if (another) throw new ZipError('The zip file holds more than one run. Pack one alone.')
  const folder = run.path.slice(0, -names.run.length)
  return Object.values(names).flatMap((name) => {
    const [entry, twice] = entries.filter(({ path }) => path === `${folder}${name}`)
    if (twice) throw new ZipError(`The zip file has ${name} twice.`)
    return entry ?? []
  })
}

const megabytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20).toLocaleString('en')} MB`

/** The lines of a run's files. What is too large is refused before it is read, by what it says, and while it is, by what it is. */
async function* runLines(file: Blob, limits: typeof runLimits): AsyncGenerator<{ name: string; number: number; line: string }> {
  if (file.size > limits.packed) throw new ZipError(`The file has ${megabytes(file.size)}; ${megabytes(limits.packed)} is the limit.`)
  const entries = entriesOf(await zipEntries(file))
  const whole = entries.reduce((sum, { size }) => sum + size, 0)
  if (whole > limits.unpacked) throw new ZipError(`The run unpacks to ${megabytes(whole)}; ${megabytes(limits.unpacked)} is the limit.`)
  for (const entry of entries) {
    const name = baseName(entry.path)
    const decoder = new TextDecoder()
    let rest = ''
    let number = 0
    const tooLong = () => new ZipError(`${name}, line ${number + 1}, has more than ${longestLine.toLocaleString('en')} characters, which is the limit.`)
    for await (const bytes of unzipped(file, entry, limits.unpacked)) {
      // Only what is new is looked at: a long line comes in many pieces.
      const ends = decoder.decode(bytes, { stream: true }).split('\n')
      const last = ends.pop() ?? ''
      for (const end of ends) {
        const line = rest + end
        rest = ''
        if (line.length > longestLine) throw tooLong()
        number++
        if (line.trim() !== '') yield { name, number, line }
      }
      rest += last
      if (rest.length > longestLine) throw tooLong()
    }
    rest += decoder.decode()
    if (rest.trim() !== '') yield { name, number: number + 1, line: rest }
  }
}
