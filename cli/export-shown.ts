// The forms of `export` that other programs show: trajectories and metrics of a run, or episodes of a file.
import { readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { rewardPresets } from '../src/core/reward/presets.ts'
import { shownAlone, shownStep, type Shown, type ShownStep } from '../src/exchange/episodes.ts'
import { zipOut } from '../src/exchange/out.ts'
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
