// The forms of `export` that other programs show: trajectories and metrics of a run, or episodes of a file.
import { readFile, stat, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { z } from 'zod'
import { evaluationMetricsSchema } from '../src/core/evaluation/evaluation-metrics.ts'
import { mustFit } from '../src/core/fit.ts'
import { rewardPresets } from '../src/core/reward/presets.ts'
import { stepMetricsSchema } from '../src/core/training/metrics.ts'
import { shownAlone, shownStep, type Shown, type ShownStep } from '../src/exchange/episodes.ts'
import { zipOut } from '../src/core/export/out.ts'
import type { MetricsName } from '../src/exchange/metrics/metrics.ts'
import type { ViewerName } from '../src/exchange/viewers/viewers.ts'
import { parseTrajectories } from '../src/lab/read-trajectories.ts'
import type { Io } from './io.ts'
import { TrainFolder } from './train-folder.ts'

async function* stepsOf(folder: string): AsyncGenerator<ShownStep> {
  const { run } = await TrainFolder.open(folder)
  for (let step = 1; step <= run.step; step++) {
    const lines = await readFile(join(folder, 'trajectories', `step-${String(step).padStart(4, '0')}.jsonl`), 'utf8').catch(() => null)
    // Steps whose episodes were not kept (--no-trajectories) have none to show.
    if (lines !== null && lines.trim() !== '') yield shownStep(step, parseTrajectories(lines), run.config)
  }
}

async function* episodesOf(file: string): AsyncGenerator<ShownStep> {
  yield shownAlone(parseTrajectories(await readFile(file, 'utf8')), rewardPresets.paper)
}

async function records<T extends { step: number }>(file: string, schema: z.ZodType<T>, last: number): Promise<T[]> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line.trim() !== '')
  return lines.map((line, i) => mustFit(schema, JSON.parse(line), `${file}, line ${i + 1}`)).filter(({ step }) => step <= last)
}

/** Of a folder that train keeps. @throws Error */
export async function exportMetricsFor(form: MetricsName, folder: string, out: string, io: Io): Promise<void> {
  const { metricsForms } = await import('../src/exchange/metrics/metrics.ts')
  const { run } = await TrainFolder.open(folder)
  // Read here and not by the folder, which drops what lies beyond the checkpoint: it may be under training.
  const steps = await records(join(folder, 'metrics.jsonl'), stepMetricsSchema, run.step)
  const evaluations = await records(join(folder, 'evaluations.jsonl'), evaluationMetricsSchema, run.step)
  if (steps.length === 0) throw new Error('There is nothing to export: the run has made no step.')
  // The folder does not say when its run began; its configuration is written then.
  const { birthtimeMs, mtimeMs } = await stat(join(folder, 'run.json'))
  const zip = zipOut()
  metricsForms[form].write({ name: basename(resolve(folder)), began: Math.min(birthtimeMs || mtimeMs, mtimeMs) / 1000, steps, evaluations }, zip)
  await writeFile(out, Buffer.concat(zip.end()))
  io.tell(`${out}: the metrics of ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}. README.md in it says how to open them.`)
}

/** @param from a folder that train keeps, or a file of episodes @throws Error */
export async function exportForViewer(form: ViewerName, from: { run: string } | { episodes: string }, out: string, io: Io): Promise<void> {
  const { writeForViewer } = await import('../src/exchange/viewers/viewers.ts')
  const shown: Shown = 'run' in from ? { name: basename(resolve(from.run)), steps: stepsOf(from.run) } : { name: basename(from.episodes), steps: episodesOf(from.episodes) }
  const zip = zipOut()
  const episodes = await writeForViewer(form, shown, zip)
  if (episodes === 0) throw new Error('There are no episodes to export: the run keeps none of its trajectories.')
  await writeFile(out, Buffer.concat(zip.end()))
  io.tell(`${out}: ${episodes} ${episodes === 1 ? 'episode' : 'episodes'}. README.md in it says how to open them.`)
}
