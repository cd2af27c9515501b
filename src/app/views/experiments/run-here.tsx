// Running an experiment in the tab: how much, how far it is, how long it still takes; pause and resume.
import { Pause, Play, Square } from 'lucide-react'
import { experimentNamed, type ExperimentName } from '../../../core/experiments/experiments.ts'
import type { ExperimentResult } from '../../../core/experiments/result.ts'
import { isFinished, plannedCells } from '../../../core/experiments/run.ts'
import { trainingConfig } from '../../../core/experiments/trainings.ts'
import type { ModelSource } from '../../../core/policy/model.ts'
import { t } from '../../locales/index.ts'
import { useCompare, useExperiments, useTraining, useWorkspace } from '../../state/context.tsx'
import { cameWithPage, plannedHere } from '../../state/experiment-core.ts'
import { secondsLeft } from '../../state/experiment-pace.ts'
import { Button } from '../../ui/button.tsx'
import { NumberField, SliderField } from '../../ui/fields.tsx'

/** What is under way, wherever somebody looks. */
export function Progress() {
  const { experiments } = useWorkspace()
  const live = useExperiments((state) => state.live)
  if (!live) return null
  const words = t().experiments.run
  const { progress, pausing } = live
  const names: Readonly<Record<string, string>> = { ...t().experiments.data, ...t().experiments.trainings }
  const armOf = (arm: string) => experimentNamed(live.experiment).arms.find(({ name }) => name === arm)?.label ?? arm
  const seconds = secondsLeft(live)
  const doing = progress?.doing
  const share = progress ? (progress.cells.done + progress.steps.done + (doing?.kind === 'cell' && doing.share < 1 ? doing.share : 0)) / Math.max(1, progress.cells.of + progress.steps.of) : 0
  return (
    <div className="experiment-progress">
      <progress value={share} max={1} aria-label={words.progress} />
      <p role="status">
        {progress && doing ? (
          <>
            {words.cells(progress.cells.done, progress.cells.of)}
            {progress.steps.of > 0 && ` · ${words.stepsDone(progress.steps.done, progress.steps.of)}`}
            {' · '}
            {doing.kind === 'cell' ? words.cell(armOf(doing.arm), names[doing.data] ?? doing.data, doing.seed) : words.training(names[doing.training] ?? doing.training, doing.seed, doing.step, doing.steps)}
            {seconds !== null && ` · ${words.left(seconds / 60)}`}
          </>
        ) : (
          words.starting
        )}
      </p>
      <Button size="small" disabled={pausing} title={words.pauseNote} onClick={() => { experiments.getState().pause() }}>
        <Pause aria-hidden /> {pausing ? words.pausing : words.pause}
      </Button>
      <Button size="small" onClick={() => { experiments.getState().stop() }}>
        <Square aria-hidden /> {words.stop}
      </Button>
    </div>
  )
}

export function RunHere({ name, result, source }: { name: ExperimentName; result: ExperimentResult | null; source: ModelSource }) {
  const { experiments } = useWorkspace()
  const setup = useExperiments((state) => state.setup)
  const ours = useExperiments((state) => !cameWithPage(state.came, state.at?.key ?? null))
  const live = useExperiments((state) => state.live)
  const training = useTraining((state) => state.live !== null)
  const comparing = useCompare((state) => state.share !== null)
  const words = t().experiments.run
  const { set, begin, resume } = experiments.getState()
  const experiment = experimentNamed(name)
  const plan = plannedHere(name, setup, source.name)
  const cells = plannedCells(experiment, plan)
  const trainings = new Set(cells.flatMap(({ arm, seed }) => (arm.training === null ? [] : [`${arm.training} ${seed}`])))
  const usual = trainingConfig('all-returns', plan.base, 1, null).steps
  const busy = training || comparing || live !== null
  const open = result !== null && ours && !isFinished(experiment, result)
  return (
    <section className="experiment-run" aria-label={words.label}>
      <h3>{words.label}</h3>
      <div className="fields">
        <SliderField label={words.seeds} name={words.seeds} value={setup.seeds} min={1} max={5} step={1} onChange={(seeds) => { set({ seeds }) }} />
        <SliderField label={words.tasks} name={words.tasks} value={setup.tasks} min={4} max={200} step={4} onChange={(tasks) => { set({ tasks }) }} />
        {trainings.size > 0 && <NumberField label={words.steps} name={words.steps} value={setup.steps ?? usual} min={1} max={1000} onChange={(steps) => { set({ steps: steps === usual ? null : steps }) }} />}
      </div>
      <p className="quiet">{words.about(cells.length, trainings.size * (setup.steps ?? usual))}</p>
      <div className="run-buttons" role="group" aria-label={words.label}>
        {open && (
          <Button look="primary" disabled={busy} title={busy ? words.busy : undefined} onClick={() => void resume(source)}>
            <Play aria-hidden /> {words.resume}
          </Button>
        )}
        <Button look={open ? 'plain' : 'primary'} disabled={busy} title={busy ? words.busy : undefined} onClick={() => void begin(name, source)}>
          <Play aria-hidden /> {words.start}
        </Button>
      </div>
    </section>
  )
}
