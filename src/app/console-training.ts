// window.agemem: training for people who script from the DevTools. Plain data in, plain data out.
//
//   await agemem.train({ preset: 'quick', steps: 10, seed: 1 })
//     trains a model and resolves with the run when it has ended, paused or stopped. Options, all optional: preset, run (key
//     of a run to go on with), until ('step' or 'end'), and every field of a run's configuration (src/core/training/config.ts).
//   await agemem.teach({ steps: 20, teacher: { name: 'oracle' } })
//     teaches the protocol from a teacher's episodes, and resolves with the run when it has ended. Options, all optional: every field
//     of a lesson's configuration (src/core/training/supervised/config.ts). Both train the model that is chosen in Train.
//   await agemem.pause() · await agemem.stop()
//   await agemem.evaluate({ adapters: [null, key], tasks: 64 })
//     plays the same held-out tasks with each; null is the base model; temperature 0 is greedy. Gives a list of { adapter, evaluation, trajectories }.
//   await agemem.listRuns() · await agemem.listCheckpoints(run)
//   await agemem.exportRun(key)         { run, steps, evaluations }, all that was measured
//   await agemem.rollouts(key, step)    the trajectories of a step
//   agemem.loadAdapter(key)             nano plays with a checkpoint in Watch; null: without
import { z } from 'zod'
import type { Trajectory } from '../core/record/trajectory.ts'
import { mustFit } from '../core/fit.ts'
import { trainConfigSchema, trainPresetNames, trainPresets, type TrainConfig } from '../core/training/config.ts'
import type { EvaluationMetrics, StepMetrics } from '../core/training/metrics.ts'
import type { CheckpointRecord, RunRecord } from '../core/training/runs.ts'
import { supervisedConfigSchema } from '../core/training/supervised/config.ts'
import type { Compared } from '../rpc/training.ts'
import type { Stores } from './state/context.tsx'
import { runOf } from './state/runs.ts'

const trainOptionsSchema = trainConfigSchema.partial().extend({ preset: z.enum(trainPresetNames).optional(), run: z.string().optional(), until: z.enum(['step', 'end']).optional() }).strict()

const teachOptionsSchema = supervisedConfigSchema.extend({ teacher: supervisedConfigSchema.shape.teacher.partial() }).partial().strict()

const evaluateOptionsSchema = z
  .object({ adapters: z.array(z.string().nullable()).min(1).max(8), tasks: z.number().int().min(1).max(10_000), seed: z.number().int().min(0), temperature: z.number().min(0).max(10) })
  .partial()
  .strict()

export type TrainOptions = z.input<typeof trainOptionsSchema>

/** The preset, and over it what was given. @throws MisfitError naming the option that is not right */
export function planOf(options: TrainOptions): TrainConfig {
  mustFit(trainOptionsSchema, options, 'train: ')
  // Not what the schema made of them, which has defaults for what the preset sets.
  const { preset = 'quick', run: _, until: __, ...given } = options
  return mustFit(trainConfigSchema, { ...trainPresets[preset], ...given }, 'train: ')
}

interface EvaluatedAdapter extends Omit<Compared, 'player'> {
  /** Key of a checkpoint; null: the base model. */
  adapter: string | null
}

export interface TrainingConsole {
  train(options?: TrainOptions): Promise<RunRecord>
  teach(options?: z.input<typeof teachOptionsSchema>): Promise<RunRecord>
  pause(): Promise<void>
  stop(): Promise<void>
  evaluate(options?: z.input<typeof evaluateOptionsSchema>): Promise<EvaluatedAdapter[]>
  listRuns(): Promise<RunRecord[]>
  listCheckpoints(run?: string): Promise<CheckpointRecord[]>
  exportRun(key: string): Promise<{ run: RunRecord; steps: StepMetrics[]; evaluations: EvaluationMetrics[] } | null>
  rollouts(key: string, step: number): Promise<Trajectory[]>
  loadAdapter(key: string | null): void
}

export function createTrainingConsole({ workspace, config, model }: Pick<Stores, 'workspace' | 'config' | 'model'>): TrainingConsole {
  const store = () => workspace.backend.memory().runs
  /** The run that was under way; the one that is shown when it has just begun. @throws Error with what it ended by */
  const ended = (run: string | null = null): RunRecord => {
    const { training, runs } = workspace
    const { problem } = training.getState()
    if (problem) throw new Error(problem.message)
    const found = runOf(runs.getState(), run ?? runs.getState().shown)
    if (!found) throw new Error('There is no such run.')
    return found
  }
  return {
    async train(options = {}) {
      const { run, until = 'end' } = options
      const plan = planOf(options)
      const { training, runs } = workspace
      if (training.getState().live) throw new Error('A training is under way: pause or stop it first.')
      if (run === undefined) {
        training.getState().setPlan(plan)
        await training.getState().begin(until)
      } else {
        await runs.getState().refresh()
        await training.getState().resume(run, until)
      }
      return ended(run)
    },
    async teach(options = {}) {
      const { seed, tasks, episode, teacher, ...lesson } = mustFit(teachOptionsSchema, options, 'teach: ')
      const { training } = workspace
      const { live, setPlan, setLesson, teach, lesson: before } = training.getState()
      if (live) throw new Error('A training is under way: pause or stop it first.')
      // These are the plan's: training with rewards goes on with them.
      setPlan({ ...(seed === undefined ? {} : { seed }), ...(tasks ? { tasks } : {}), ...(episode ? { episode } : {}) })
      setLesson({ ...lesson, teacher: { ...before.teacher, ...teacher } })
      await teach()
      return ended()
    },
    pause: () => workspace.backend.lab().training.pause(),
    stop: () => workspace.backend.lab().training.stop(),
    async evaluate(options = {}) {
      const { adapters = [null], tasks, seed, temperature } = mustFit(evaluateOptionsSchema, options, 'evaluate: ')
      const { quick } = trainPresets
      const config = temperature === undefined ? quick : { ...quick, evaluation: { ...quick.evaluation, temperature } }
      const players = adapters.map((adapter) => ({ name: 'model' as const, source: model.getState().nanoSource, adapter }))
      const request = { players, config, tasks: tasks ?? quick.evaluation.tasks, seed: seed ?? quick.evaluation.seed }
      const compared = await workspace.backend.lab().training.compare(request, () => undefined)
      return compared.map(({ evaluation, trajectories }, i) => ({ adapter: adapters[i] ?? null, evaluation, trajectories }))
    },
    listRuns: () => store().listRuns(),
    listCheckpoints: (run) => store().checkpoints(run),
    async exportRun(key) {
      const run = await store().getRun(key)
      return run && { run, steps: await store().steps(key), evaluations: await store().evaluations(key) }
    },
    rollouts: (key, step) => store().rollouts(key, step),
    loadAdapter: (adapter) => { config.getState().set({ policy: 'nano', adapter }) },
  }
}
