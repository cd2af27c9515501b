// A run comes back from its file into the store, to be looked at: whole or not at all.
import type { RunRecord, RunStore } from '../core/training/runs.ts'
import type { ImportProgress } from '../rpc/contracts.ts'
import { unpackRun } from './files/run-files.ts'
import { parseTrajectories } from './read-trajectories.ts'

/** @throws Error with file, line and field; then nothing of it is kept */
export async function importRun(
  runs: RunStore,
  file: Blob,
  key: string,
  onProgress: (progress: ImportProgress) => void,
): Promise<ImportProgress> {
  let progress: ImportProgress = { name: '', step: 0, steps: 0 }
  const present = async (): Promise<RunRecord> => {
    const record = await runs.getRun(key)
    if (!record) throw new Error('The run was deleted while it was being read.')
    return record
  }
  try {
    await unpackRun(file, {
      async begin(run, steps) {
        progress = { name: run.name, step: 0, steps }
        // All that a supervised training measured stands in its record.
        if (run.supervised) {
          await runs.putRun({ ...run, key, status: 'imported', note: null })
          return
        }
        // Said until it is not so any more: the tab may be closed meanwhile.
        await runs.putRun({ ...run, key, steps: 0, status: 'imported', note: { kind: 'import-cut-off', steps } })
      },
      async evaluation(evaluation) {
        await runs.putEvaluation(key, evaluation)
      },
      async step(metrics, lines) {
        progress = { ...progress, step: metrics.step }
        if (metrics.step === 1 || metrics.step % 10 === 0) onProgress(progress)
        const trajectories = lines.length === 0 ? [] : parseTrajectories(lines.join('\n'))
        await runs.putStep({ ...(await present()), steps: metrics.step }, metrics, trajectories)
      },
      async engine(line, where) {
        const { model, config, steps } = await present()
        const of = { run: key, model, config }
        // They play episodes: late, since most runs, and the one that comes with the page, have none of them.
        const { evaluationOfEngine, stepOfEngine } = await import('../core/export/trl/engine-steps.ts')
        if (line.kind === 'evaluation') {
          await runs.putEvaluation(key, await evaluationOfEngine(of, line))
          return
        }
        if (line.step !== steps + 1) throw new Error(`${where}: step ${line.step} follows ${steps} steps. Nothing was imported.`)
        progress = { ...progress, step: line.step, steps: Math.max(progress.steps, line.step) }
        onProgress(progress)
        const { metrics, trajectories } = await stepOfEngine(of, line, await runs.steps(key))
        await runs.putStep({ ...(await present()), steps: line.step }, metrics, trajectories)
      },
    })
    await runs.putRun({ ...(await present()), note: null })
    return progress
  } catch (error) {
    await runs.deleteRun(key).catch(() => undefined)
    throw error
  }
}
