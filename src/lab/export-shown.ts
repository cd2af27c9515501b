// What was played and measured, packed for a program that shows it. Runs of any length: a step at a time is read and packed.
import { rewardPresets } from '../core/reward/presets.ts'
import type { Archive } from '../core/record/archive.ts'
import type { Trajectory } from '../core/record/trajectory.ts'
import type { RunStore } from '../core/training/runs.ts'
import type { Shown, ShownStep } from '../exchange/episodes.ts'
import type { MetricsForm, ShownRequest, ViewerForm } from '../rpc/exchange.ts'

interface Kept {
  runs: Pick<RunStore, 'getRun' | 'steps' | 'rollouts' | 'evaluations'>
  archive: Pick<Archive, 'get'>
}

const gone = (): never => { throw new Error('It was deleted, perhaps in another tab.') }

async function* stepsOf({ runs }: Kept, key: string, onStep: (step: number) => void): AsyncGenerator<ShownStep> {
  const { shownStep } = await import('../exchange/episodes.ts')
  const { config } = (await runs.getRun(key)) ?? gone()
  for (const { step } of await runs.steps(key)) {
    onStep(step)
    const rollouts = await runs.rollouts(key, step)
    // Of some steps the rollouts are not kept.
    if (rollouts.length > 0) yield shownStep(step, rollouts, config)
  }
}

async function* episodesOf({ archive }: Kept, keys: readonly string[]): AsyncGenerator<ShownStep> {
  const { shownAlone } = await import('../exchange/episodes.ts')
  const trajectories: Trajectory[] = []
  for (const key of keys) {
    const trajectory = await archive.get(key)
    if (trajectory) trajectories.push(trajectory)
  }
  yield shownAlone(trajectories, rewardPresets.paper)
}

const isMetrics = (request: ShownRequest): request is Extract<ShownRequest, { form: MetricsForm }> => request.form === 'tensorboard' || request.form === 'trackio'

/** A zip. @param onStep heard of each step that is read @throws Error when nothing of it is kept */
export async function exportShown(kept: Kept, request: ShownRequest, onStep: (step: number) => void): Promise<Blob> {
  const { zipOut } = await import('../core/export/out.ts')
  const out = zipOut()
  if (isMetrics(request)) {
    const { metricsForms } = await import('../exchange/metrics/metrics.ts')
    const { run: key } = request.of
    const run = (await kept.runs.getRun(key)) ?? gone()
    metricsForms[request.form].write({ name: run.name, began: run.created / 1000, steps: await kept.runs.steps(key), evaluations: await kept.runs.evaluations(key) }, out)
  } else {
    const { writeForViewer } = await import('../exchange/viewers/viewers.ts')
    const form: ViewerForm = request.form
    const { of } = request
    const shown: Shown = 'run' in of ? { name: ((await kept.runs.getRun(of.run)) ?? gone()).name, steps: stepsOf(kept, of.run, onStep) } : { name: 'episodes', steps: episodesOf(kept, of.episodes) }
    if ((await writeForViewer(form, shown, out)) === 0) throw new Error('None of its rollouts is kept.')
  }
  return new Blob(out.end(), { type: 'application/zip' })
}
