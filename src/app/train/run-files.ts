// A run as a file: what is in the zip, in which order, and how it is checked when it comes back. Knows no store.
import { z } from 'zod'
import type { Trajectory } from '../../core/episode/trajectory.ts'
import { fit, misfitWords } from '../../core/fit.ts'
import { evaluationMetricsSchema, stepMetricsSchema, type EvaluationMetrics, type StepMetrics } from '../../core/grpo/metrics.ts'
import { runRecordSchema, type RunRecord } from '../../core/runs.ts'
import { evaluationsCsv, metricsCsv } from './csv.ts'
import { ZipError, zipLines, zipWriter, type ZipLimits } from './zip.ts'

/** Names in the archive; read in this order. The CSV files are for people and their tools. */
const names = { run: 'run.json', steps: 'steps.jsonl', evaluations: 'evaluations.jsonl', trajectories: 'trajectories.jsonl' } as const

const headSchema = z.object({ kind: z.literal('agemem-run'), schema_version: z.literal(1), run: runRecordSchema })

/** A run with a thousand steps has some hundred MB of trajectories, a tenth of it packed. */
export const runLimits: ZipLimits = { packed: 300 * 2 ** 20, unpacked: 3 * 2 ** 30 }

const jsonLine = (value: unknown) => `${JSON.stringify(value)}\n`

interface WholeRun {
  run: RunRecord
  steps: readonly StepMetrics[]
  evaluations: readonly EvaluationMetrics[]
  /** The rollouts of a step; read one step after the other. */
  rollouts: (step: number) => Promise<Trajectory[]>
}

/** The whole run as a zip. */
export async function packRun({ run, steps, evaluations, rollouts }: WholeRun): Promise<Blob> {
  const zip = zipWriter()
  zip.file(names.run)
  zip.write(jsonLine({ kind: 'agemem-run', schema_version: 1, run }))
  zip.file(names.steps)
  zip.write(steps.map(jsonLine).join(''))
  zip.file(names.evaluations)
  zip.write(evaluations.map(jsonLine).join(''))
  zip.file(names.trajectories)
  for (const { step } of steps) zip.write((await rollouts(step)).map(jsonLine).join(''))
  zip.file('metrics.csv')
  zip.write(metricsCsv(steps))
  zip.file('evaluations.csv')
  zip.write(evaluationsCsv(evaluations))
  return zip.end()
}

export interface RunSink {
  begin(run: RunRecord, steps: number): Promise<void>
  evaluation(evaluation: EvaluationMetrics): Promise<void>
  /** A step with the trajectories that the file has of it, one JSON text a line, not yet checked. */
  step(metrics: StepMetrics, trajectories: string[]): Promise<void>
}

function parsed<T>(schema: z.ZodType<T>, text: string, where: string): T {
  let value: unknown
  try {
    value = JSON.parse(text)
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
export async function unpackRun(file: Blob, sink: RunSink): Promise<void> {
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

  for await (const { name, number, line } of zipLines(file, Object.values(names), runLimits)) {
    const where = `${name}, line ${number}`
    if (name === names.run) run = parsed(headSchema, line, where).run
    else if (name === names.steps) steps.push(parsed(stepMetricsSchema, line, where))
    else if (name === names.evaluations) evaluations.push(parsed(evaluationMetricsSchema, line, where))
    else {
      const { batch } = parsed(placeSchema, line, where).id
      // Up to the step of this line, so that only its own lines are held.
      await handOver(batch)
      if (steps[next]?.step !== batch) throw new ZipError(`${where}: there is no step ${batch}, or its rollouts do not stand together.`)
      lines.push(line)
    }
  }
  await handOver(Infinity)
}
