// Runs an experiment: trains what is to be trained, plays every cell that is not there yet, and hands the result on after each.
// Knows neither where models are nor where results are kept.
import { agentNames, type AgentName } from '../agents/names.ts'
import { familyNamed } from '../environments/families.ts'
import type { DataSets } from '../environments/family.ts'
import { metricsOf } from '../evaluation/metrics.ts'
import { playInParts, type Rollout } from '../evaluation/evaluate.ts'
import type { Condition, DrawnTask, PolicyFor } from '../evaluation/rollouts.ts'
import { AbortError } from '../policy/policy.ts'
import type { PolicySpec } from '../record/setup.ts'
import { rewardPresets } from '../reward/presets.ts'
import { recordOf } from '../table.ts'
import type { StepMetrics } from '../training/metrics.ts'
import type { Arm, Experiment } from './experiment.ts'
import { measureNames, measureOf } from './measures.ts'
import type { ExperimentCell, ExperimentPlan, ExperimentResult, ExperimentTrained } from './result.ts'
import type { TrainingName } from './trainings.ts'

/** Held-out tasks are drawn by seeds of their own: none of these was looked at while anything was chosen. */
const heldOut = (seed: number) => 70_000 + seed

export interface ExperimentPolicy {
  spec: PolicySpec
  /** What its episodes are of: a run and its finished steps. */
  id: Condition['id']
  policyFor: PolicyFor
  /** It holds one conversation: task after task goes on in it. */
  alone?: boolean
}

/** What is being done. */
export type ExperimentDoing =
  | { kind: 'cell'; arm: string; data: string; seed: number; /** 0 to 1. */ share: number }
  | { kind: 'training'; training: string; seed: number; step: number; steps: number }

export interface ExperimentProgress {
  doing: ExperimentDoing
  /** Cells that are done, and all; steps of trainings that are done, and all. */
  cells: { done: number; of: number }
  steps: { done: number; of: number }
}

export interface ExperimentParts {
  /** The policy as it comes, or with the adapter that was trained. @throws when that is gone */
  policy: (trained: ExperimentTrained | null) => Promise<ExperimentPolicy>
  /**
   * Trains to the end of the plan, from where it is; null: it was paused. @throws AbortError, Error
   * @param onStep a step was finished, of so many
   */
  train: (training: TrainingName, seed: number, onStep: (step: number, steps: number) => void) => Promise<ExperimentTrained | null>
  /** Which cells are wanted now; left out: all. The others stay open. */
  only?: (cell: PlannedCell) => boolean
  /** Steps that such a training has. */
  stepsOf: (training: TrainingName) => number
  data: DataSets
  now: () => number
  signal: AbortSignal
  /** Somebody wants it to end behind what is being done. */
  pausing: () => boolean
  tell: (progress: ExperimentProgress) => void
  /** After each cell and training: kept before the next one begins. */
  keep: (result: ExperimentResult) => Promise<void>
}

const isHere = (agent: string): agent is AgentName => agentNames.some((each) => each === agent)

/** Arms that are planned, those without training first: they need no waiting. */
const armsOf = (experiment: Experiment, plan: ExperimentPlan): Arm[] =>
  experiment.arms.filter(({ name, agent }) => plan.arms.includes(name) && isHere(agent)).sort((a, b) => Number(a.training !== null) - Number(b.training !== null))

const same = (a: Pick<ExperimentCell, 'arm' | 'data' | 'seed'>, b: Pick<ExperimentCell, 'arm' | 'data' | 'seed'>) => a.arm === b.arm && a.data === b.data && a.seed === b.seed

export interface PlannedCell {
  arm: Arm
  data: ExperimentPlan['data'][number]
  seed: number
}

/** In the order in which they are played: seed after seed, so that whole tables come early. */
export function plannedCells(experiment: Experiment, plan: ExperimentPlan): PlannedCell[] {
  return plan.seeds.flatMap((seed) => armsOf(experiment, plan).flatMap((arm) => plan.data.map((data) => ({ arm, data, seed }))))
}

const isDone = (result: Pick<ExperimentResult, 'cells'>, { arm, data, seed }: PlannedCell) => result.cells.some((cell) => same(cell, { arm: arm.name, data: data.name, seed }))

/** Nothing is left to be played. */
export const isFinished = (experiment: Experiment, result: ExperimentResult): boolean => plannedCells(experiment, result.plan).every((cell) => isDone(result, cell))

/** The tasks of a cell: the same for the same data and seed, whoever plays. @throws MissingDataError, RangeError */
export async function tasksOfCell({ choice }: ExperimentPlan['data'][number], seed: number, count: number, data: DataSets): Promise<DrawnTask[]> {
  const family = familyNamed(choice.family)
  const request = { seed: heldOut(seed), batch: 0, count, split: 'held-out' as const, progress: 1 }
  const tasks = await family.tasks(choice.options, request, data)
  return tasks.map((task, i) => ({ task, source: family.origin(choice.options, request, i) }))
}

/** All that the episodes of a cell follow from, but the policy. */
export async function conditionOfCell({ arm, data, seed }: PlannedCell, plan: ExperimentPlan, policy: Pick<ExperimentPolicy, 'spec' | 'id'>, sets: DataSets): Promise<Condition> {
  const tasks = await tasksOfCell(data, seed, plan.tasks, sets)
  return { id: policy.id, tasks, policy: policy.spec, agent: arm.agent, reward: rewardPresets.paper, seed, settings: plan.settings }
}

const rounded = (value: number) => Math.round(value * 1e6) / 1e6

function valuesOf(rollouts: readonly Rollout[]): ExperimentCell['values'] {
  const measured = rollouts.map(({ trajectory, scored }) => (trajectory.status === 'complete' ? { trajectory, metrics: metricsOf(trajectory, scored) } : null))
  return recordOf(measureNames, (name) =>
    measured.map((episode) => {
      const value = episode && measureOf(name).of(episode)
      return value === null ? null : rounded(value)
    }),
  )
}

async function played(condition: Condition, { policyFor, alone = false }: ExperimentPolicy, { signal }: ExperimentParts, onShare: (share: number) => void): Promise<Rollout[]> {
  const { tasks } = condition
  const parts = alone ? tasks.map((task) => [task]) : [tasks]
  const rollouts: Rollout[] = []
  for (const part of parts) {
    const before = rollouts.length
    const onProgress = ({ share }: { share: number }) => { onShare((before + share * part.length) / tasks.length) }
    for await (const some of playInParts({ ...condition, tasks: part }, policyFor, { signal, onProgress })) rollouts.push(...some)
    if (signal.aborted) throw new AbortError()
  }
  return rollouts
}

async function playedCell(cell: PlannedCell, plan: ExperimentPlan, policy: ExperimentPolicy, parts: ExperimentParts, onShare: (share: number) => void): Promise<ExperimentCell> {
  const from = parts.now()
  const condition = await conditionOfCell(cell, plan, policy, parts.data)
  const rollouts = await played(condition, policy, parts, onShare)
  const failed = rollouts.filter(({ trajectory }) => trajectory.status !== 'complete')
  if (failed.length === rollouts.length) throw new Error(`No episode of ${cell.arm.label} on ${cell.data.name} came to its end: ${failed[0]?.trajectory.failure ?? 'there was none'}`)
  return {
    arm: cell.arm.name,
    data: cell.data.name,
    seed: cell.seed,
    agent: cell.arm.agent,
    training: cell.arm.training,
    policy: policy.spec,
    tasks: rollouts.map(({ trajectory }) => trajectory.task.id),
    values: valuesOf(rollouts),
    incomplete: failed.length,
    seconds: rounded((parts.now() - from) / 1000),
  }
}

/** What is kept of a training: its means, step by step. */
export function pointsOf(steps: readonly StepMetrics[]): ExperimentTrained['points'] {
  return steps.map(({ step, reward, components: { task, context, memory }, success, memory_quality }) => ({
    step,
    ...{ reward: rounded(reward), task: rounded(task), context: rounded(context), memory: rounded(memory), success: rounded(success), memory_quality: rounded(memory_quality) },
  }))
}

/**
 * Goes on with a result until all of its plan is there, or somebody pauses it.
 * @returns the result as it then is
 * @throws AbortError when the signal fires, else what went wrong; what was handed to keep() holds
 */
export async function runExperiment(experiment: Experiment, begun: ExperimentResult, parts: ExperimentParts): Promise<ExperimentResult> {
  let result = begun
  const { plan } = begun
  const all = plannedCells(experiment, plan).filter(parts.only ?? (() => true))
  const trained = (training: TrainingName | null, seed: number) => result.trainings.find((each) => each.training === training && each.seed === seed) ?? null
  const needed = plan.seeds.flatMap((seed) => [...new Set(all.flatMap((cell) => (cell.seed === seed ? (cell.arm.training ?? []) : [])))].map((training) => ({ training, seed })))
  const steps = needed.reduce((sum, { training }) => sum + parts.stepsOf(training), 0)
  let present = 0
  const tell = (doing: ExperimentDoing) => {
    const over = needed.reduce((sum, { training, seed }) => sum + (trained(training, seed) ? parts.stepsOf(training) : 0), 0)
    parts.tell({ doing, cells: { done: all.filter((cell) => isDone(result, cell)).length, of: all.length }, steps: { done: over + present, of: steps } })
  }
  const keep = async (next: ExperimentResult) => {
    result = next
    await parts.keep(next)
  }
  for (const cell of all) {
    if (isDone(result, cell)) continue
    if (parts.pausing()) return result
    const { arm, data, seed } = cell
    if (arm.training !== null && !trained(arm.training, seed)) {
      const { training } = arm
      tell({ kind: 'training', training, seed, step: 0, steps: parts.stepsOf(training) })
      const made = await parts.train(training, seed, (step, of) => {
        present = step
        tell({ kind: 'training', training, seed, step, steps: of })
      })
      present = 0
      if (!made) return result
      await keep({ ...result, trainings: [...result.trainings, made] })
    }
    const doing = (share: number) => { tell({ kind: 'cell', arm: arm.name, data: data.name, seed, share }) }
    doing(0)
    const policy = await parts.policy(arm.training === null ? null : trained(arm.training, seed))
    const done = await playedCell(cell, plan, policy, parts, doing)
    await keep({ ...result, cells: [...result.cells, done] })
    doing(1)
  }
  return result
}
