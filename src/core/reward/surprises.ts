// What of a reward may surprise: the equations pay, or do not pay, what one would not expect. Rules as data over what was
// measured; the page makes sentences of them. Changes no reward.
import { currentFacts, isQuestion, states, type Task } from '../environments/question/task.ts'
import type { EventOf, Trajectory } from '../record/trajectory.ts'
import { contributions } from './composite.ts'
import type { Reward, RewardComponents, RewardWeights } from './reward.ts'
import type { TermName } from './terms.ts'

/** Points are of the total, under the weights in force; steps count from 0. */
export type Surprise =
  /** The answer has no share of the reward, and the rest adds up to more than nothing. */
  | { kind: 'paid-though-wrong'; about: 'total'; total: number }
  /** Right, and yet nothing or less comes of it. */
  | { kind: 'right-but-not-paid'; about: 'total'; total: number }
  /** A range cuts the total off. */
  | { kind: 'clipped'; about: 'total'; sum: number; total: number }
  /** Eq. 24 pays an update or a deletion that made the memory no truer. */
  | { kind: 'any-update'; about: 'maintenance'; points: number; step: number; memory: string }
  /** Eq. 24 of an episode in which nothing was corrected: its points are there for a needless update alone. */
  | { kind: 'nothing-to-update'; about: 'maintenance' }
  /** The published code pays an update that failed. */
  | { kind: 'failed-update'; about: 'maintenance'; points: number }
  /** Eq. 19 pays a short context, also where it is short since nothing was fetched for the question. */
  | { kind: 'short-since-empty'; about: 'compression'; points: number }
  /** Eq. 20 pays any filter or summary before the window is full: this one came where it was nowhere near. */
  | { kind: 'any-reduction'; about: 'preventive'; points: number; step: number; used: number; limit: number }

type SurpriseOf<K extends Surprise['kind']> = Extract<Surprise, { kind: K }>
export type SurpriseKind = Surprise['kind']

const correctFrom = 0.999
/** Share of the window from which a reduction has a reason. */
const nearlyFull = 0.5

function improves(task: Task, event: EventOf<'ltm.update' | 'ltm.delete'>): boolean {
  const current = currentFacts(task)
  const stated = (text: string) => current.filter((fact) => states(text, fact))
  if (event.type === 'ltm.delete') return stated(event.entry.content).length === 0
  const before = stated(event.before.content)
  const after = stated(event.after.content)
  return after.some((fact) => !before.includes(fact)) && before.every((fact) => after.includes(fact))
}

function ofMaintenance(
  { steps, task }: Trajectory,
  components: RewardComponents,
  weights: RewardWeights,
  points: number,
): Surprise[] {
  if (!isQuestion(task)) return []
  if (components.maintenance === 0) {
    if (weights.failed_maintenance && components.maintenance_attempted > 0 && points > 0)
      return [{ kind: 'failed-update', about: 'maintenance', points }]
    return task.facts.some(({ superseded_by }) => superseded_by !== null)
      ? []
      : [{ kind: 'nothing-to-update', about: 'maintenance' }]
  }
  const changes = steps.flatMap(({ after }, step) =>
    after.flatMap((event) => (event.type === 'ltm.update' || event.type === 'ltm.delete' ? [{ step, event }] : [])),
  )
  const [first] = changes
  if (!first || points <= 0 || changes.some(({ event }) => improves(task, event))) return []
  const { event, step } = first
  return [
    {
      kind: 'any-update',
      about: 'maintenance',
      points,
      step,
      memory: event.type === 'ltm.update' ? event.after.id : event.entry.id,
    },
  ]
}

function ofReduction({ steps, settings }: Trajectory, points: number): SurpriseOf<'any-reduction'>[] {
  const step = steps.findIndex(({ after }) =>
    after.some((event) => (event.type === 'stm.filter' || event.type === 'stm.summarise') && event.removed.length > 0),
  )
  const used = steps[step]?.prompt_tokens
  if (points <= 0 || used === undefined || used >= nearlyFull * settings.t_max) return []
  return [{ kind: 'any-reduction', about: 'preventive', points, step, used, limit: settings.t_max }]
}

const searches = ({ steps }: Trajectory) =>
  steps.some(
    ({ phase, after }) => phase !== 'build' && after.some(({ type, call }) => type === 'ltm.retrieve' && call !== null),
  )

/** What of this reward may surprise, the total first; terms without weight are not spoken of. For complete episodes. */
export function surprisesOf(
  trajectory: Trajectory,
  components: RewardComponents,
  reward: Reward,
  weights: RewardWeights,
): Surprise[] {
  const points = contributions(components, weights)
  const of = (name: TermName) => points[name] ?? 0
  const sum = Object.values(points).reduce((all, each) => all + each, 0)
  const { total } = reward
  const found: Surprise[] = []
  if (components.task <= 0 && total > 0) found.push({ kind: 'paid-though-wrong', about: 'total', total })
  if (components.task >= correctFrom && total <= 0) found.push({ kind: 'right-but-not-paid', about: 'total', total })
  if (weights.clip && Math.abs(sum - total) > 1e-9) found.push({ kind: 'clipped', about: 'total', sum, total })
  if (weights.memory * weights.beta.maintenance > 0)
    found.push(...ofMaintenance(trajectory, components, weights, of('maintenance')))
  if (of('compression') > 0 && components.task <= 0 && isQuestion(trajectory.task) && !searches(trajectory)) {
    found.push({ kind: 'short-since-empty', about: 'compression', points: of('compression') })
  }
  return [...found, ...ofReduction(trajectory, of('preventive'))]
}
