// A run that comes back from a file, to be looked at: checked piece by piece, whole or not at all.
import { count } from '../format.ts'
import type { Stores } from '../stores/context.tsx'
import { unpackRun } from './run-files.ts'

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Reads an exported run and shows it. Never rejects. */
export async function importRun({ bench, ui }: Pick<Stores, 'bench' | 'ui'>, file: File): Promise<void> {
  const { notify } = ui.getState()
  const { runs } = bench.backend.memory()
  const key = bench.newKey()
  let name = file.name
  let steps = 0
  try {
    await unpackRun(file, {
      async begin(run, count) {
        name = run.name
        steps = count
        await runs.putRun({ ...run, key, steps: count, status: 'imported', note: null })
      },
      async evaluation(evaluation) {
        await runs.putEvaluation(key, evaluation)
      },
      async step(metrics, lines) {
        if (metrics.step === 1 || metrics.step % 10 === 0) notify({ tone: 'info', topic: 'import', text: `Reading “${name}”: step ${metrics.step} of ${steps}.` })
        const trajectories = lines.length === 0 ? [] : await bench.backend.lab().readTrajectories(new Blob([lines.join('\n')]))
        const record = await runs.getRun(key)
        if (!record) throw new Error('The run was deleted while it was being read.')
        await runs.putStep(record, metrics, trajectories)
      },
    })
    notify({ tone: 'info', topic: 'import', text: `“${name}” is here, with ${count(steps, 'step')}. It can be looked at, not trained on.` })
    await bench.runs.getState().refresh()
    bench.showRun(key)
  } catch (error) {
    await runs.deleteRun(key).catch(() => undefined)
    notify({ tone: 'error', topic: 'import', text: `${file.name} was not imported. ${words(error)}` })
  }
}
