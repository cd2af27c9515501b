// A run as a file: what goes into the zip, and in which order. lab/files/run-files.ts reads it. Knows no store.
import type { z } from 'zod'
import type { Trajectory } from '../../core/record/trajectory.ts'
import type { EvaluationMetrics, StepMetrics } from '../../core/training/metrics.ts'
import { zipOut } from '../../core/export/out.ts'
import { runFileNames as names, type runFileSchema, type RunRecord } from '../../core/training/runs.ts'
import { evaluationsCsv, metricsCsv } from './csv.ts'

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
  const zip = zipOut()
  zip.file(names.run)
  const head: z.infer<typeof runFileSchema> = { kind: 'agemem-run', schema_version: 1, run }
  zip.write(jsonLine(head))
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
  return new Blob(zip.end(), { type: 'application/zip' })
}
