// A supervised training in the store of runs: its record has all that it measured, its checkpoints are those of any run.
// Knows neither where the model is nor who listens.
import { checkpointOf, surplusCheckpoints } from '../checkpoints.ts'
import type { RunStart } from '../run-start.ts'
import { checkpointKey, type RunRecord } from '../runs.ts'
import type { AdapterState } from '../../policy/trainable.ts'
import type { TrainUntil } from '../train-event.ts'
import { leaveRun, renamed, watcher, type TrainingRunParts } from '../training-run.ts'
import { SupervisedRun } from './supervised-run.ts'

/**
 * Goes on until the plan is done, it is to pause, or with until = step after one step.
 * @returns the run, paused or finished; also when the signal fired, with its last whole step
 * @throws what went wrong; call leaveRun() then
 */
export async function runLesson({ record: begun }: Pick<RunStart, 'record'>, until: TrainUntil, parts: TrainingRunParts): Promise<RunRecord> {
  const { store, model, clock, data, tell, signal, pausing } = parts
  const { key, supervised } = begun
  if (!supervised) throw new Error('This run is no supervised training.')
  let record = begun
  let { steps, evaluations } = supervised
  let made = 0
  const put = async (step: number) => {
    record = { ...(await renamed(record, store)), steps: step, supervised: { config: supervised.config, steps, evaluations } }
    await store.putRun(record)
    tell({ type: 'run', run: key, record })
  }
  const keep = async (step: number, state: AdapterState) => {
    const checkpoint = checkpointOf(record, step, clock.wall())
    await store.putCheckpoint(checkpoint, state)
    const gone = surplusCheckpoints(await store.checkpoints(key), { evaluation: record.config.evaluation })
    for (const each of gone) await store.deleteCheckpoint(each.key)
    tell({ type: 'checkpoint', run: key, checkpoint, gone: gone.map((each) => each.key) })
  }
  const run = new SupervisedRun({
    run: key,
    config: supervised.config,
    step: begun.steps,
    evaluated: evaluations.map(({ step }) => step),
    model,
    data,
    store: {
      putStep: async (metrics, state) => {
        tell({ type: 'progress', run: key, step: metrics.step, part: 'saving', share: 0 })
        steps = [...steps, metrics]
        // The adapter first: a record that claims a step whose adapter is not there would be resumed from before it.
        if (state) await keep(metrics.step, state)
        await put(metrics.step)
      },
      putCheckpoint: keep,
      putEvaluation: async (evaluation) => {
        evaluations = [...evaluations, evaluation]
        await put(evaluation.step)
        const checkpoint = (await store.checkpoints(key)).find((each) => each.key === checkpointKey(key, evaluation.step))
        if (!checkpoint || !evaluation.episodes) return
        const evaluated = { ...checkpoint, evaluation: evaluation.episodes }
        await store.updateCheckpoint(evaluated)
        tell({ type: 'checkpoint', run: key, checkpoint: evaluated })
      },
    },
    now: () => clock.monotonic(),
    onBegin: (step) => { tell({ type: 'progress', run: key, step, part: 'update', share: 0 }) },
    onStep: () => { made++ },
    onEvaluation: () => undefined,
    onShare: (share) => { tell({ type: 'progress', run: key, step: record.steps, part: 'evaluation', share }) },
    watch: watcher(key, tell),
    signal,
    pausing: () => pausing() || (until === 'step' && made > 0),
  })
  try {
    await run.go()
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return leaveRun(record, null, parts)
}
