// What numbers of an experiment are worth: means with 95 % intervals, and paired differences on the same tasks. Intervals are
// percentiles of a bootstrap over tasks, an episode of the same task with another seed staying with it (clusters); where
// a share is 0 in every episode, or 1, a bootstrap knows no doubt, and Wilson's interval over the tasks is given. How much a
// training varies with its seed is no part of them: the means of the seeds stand beside.
import { rateOf } from '../evaluation/estimate.ts'
import type { Random } from '../random.ts'
import type { ExperimentCell } from './result.ts'
import { measureOf, type MeasureName } from './measures.ts'

export interface Interval {
  mean: number
  low: number
  high: number
  /** Episodes, or pairs of them. */
  n: number
}

export interface Estimated extends Interval {
  /** Tasks: what is drawn again. */
  tasks: number
  seeds: { seed: number; mean: number }[]
}

/** Values of one task. */
type Cluster = readonly number[]

const resamples = 2000

/** Episodes are kept to the sixth decimal; what sums leave behind it is no difference. */
const tidy = (value: number) => Math.round(value * 1e6) / 1e6 + 0
const sumOf = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0)

/** Means of samples drawn with replacement from the clusters, in rising order. */
function bootstrapped(clusters: readonly Cluster[], random: Random): number[] {
  const sums = clusters.map(sumOf)
  const sizes = clusters.map(({ length }) => length)
  const means = new Array<number>(resamples)
  for (let i = 0; i < resamples; i++) {
    let sum = 0
    let n = 0
    for (let k = 0; k < clusters.length; k++) {
      const at = random.int(clusters.length)
      sum += sums[at] ?? 0
      n += sizes[at] ?? 0
    }
    means[i] = sum / n
  }
  return means
}

/** The middle 95 % of values, by linear interpolation between them. */
function middle(values: readonly number[]): [low: number, high: number] {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (q: number) => {
    const place = q * (sorted.length - 1)
    const below = Math.floor(place)
    const low = sorted[below] ?? 0
    return low + (place - below) * ((sorted[below + 1] ?? low) - low)
  }
  return [tidy(at(0.025)), tidy(at(0.975))]
}

/** Wilson's interval where all episodes failed or all held. null: some differ */
function withoutException(clusters: readonly Cluster[]): [low: number, high: number] | null {
  const [first] = clusters.flat()
  if ((first !== 0 && first !== 1) || clusters.some((values) => values.some((value) => value !== first))) return null
  const { low, high } = rateOf(clusters.map(() => first === 1))
  return [tidy(low), tidy(high)]
}

function clustersOf(values: readonly { task: string; value: number }[]): Cluster[] {
  const of = new Map<string, number[]>()
  for (const { task, value } of values) of.set(task, [...(of.get(task) ?? []), value])
  return [...of.values()]
}

function valuesOf({ tasks, values }: ExperimentCell, measure: MeasureName): { task: string; value: number }[] {
  const of = values[measure] ?? []
  return tasks.flatMap((task, i) => {
    const value = of[i] ?? null
    return value === null ? [] : [{ task, value }]
  })
}

/** Over the cells of one arm and data, one a seed. null: no episode has it. */
export function estimateOf(cells: readonly ExperimentCell[], measure: MeasureName, random: Random): Estimated | null {
  const each = cells.map((cell) => ({ seed: cell.seed, values: valuesOf(cell, measure) })).filter(({ values }) => values.length > 0)
  const all = each.flatMap(({ values }) => values)
  if (all.length === 0) return null
  const clusters = clustersOf(all)
  const [low, high] = (measureOf(measure).form === 'share' ? withoutException(clusters) : null) ?? middle(bootstrapped(clusters, random))
  const meanOf = (values: readonly { value: number }[]) => tidy(sumOf(values.map(({ value }) => value)) / values.length)
  return { mean: meanOf(all), low, high, n: all.length, tasks: clusters.length, seeds: each.map(({ seed, values }) => ({ seed, mean: meanOf(values) })) }
}

/** b − a on each task that both played with the same seed. */
function differencesOf(a: readonly ExperimentCell[], b: readonly ExperimentCell[], measure: MeasureName): { task: string; value: number }[] {
  return b.flatMap((cell) => {
    const other = a.find(({ seed }) => seed === cell.seed)
    if (!other) return []
    const before = new Map(valuesOf(other, measure).map(({ task, value }) => [task, value]))
    return valuesOf(cell, measure).flatMap(({ task, value }) => {
      const was = before.get(task)
      return was === undefined ? [] : [{ task, value: value - was }]
    })
  })
}

/** How much more `b` has than `a`, on the same tasks with the same seeds. null: they played none in common. */
export function pairedDifference(a: readonly ExperimentCell[], b: readonly ExperimentCell[], measure: MeasureName, random: Random): Interval | null {
  const differences = differencesOf(a, b, measure)
  if (differences.length === 0) return null
  const [low, high] = middle(bootstrapped(clustersOf(differences), random))
  return { mean: tidy(sumOf(differences.map(({ value }) => value)) / differences.length), low, high, n: differences.length }
}

/** The mean of several means, each weighing the same and drawn for itself; one of one is that one. */
function averaged(parts: readonly { mean: number; n: number; means: number[] }[]): Interval | null {
  if (parts.length === 0) return null
  const means = Array.from({ length: resamples }, (_, i) => sumOf(parts.map((part) => part.means[i] ?? part.mean)) / parts.length)
  const [low, high] = middle(means)
  return { mean: tidy(sumOf(parts.map(({ mean }) => mean)) / parts.length), low, high, n: sumOf(parts.map(({ n }) => n)) }
}

function drawn(values: readonly { task: string; value: number }[], random: Random) {
  return values.length === 0 ? [] : [{ mean: sumOf(values.map(({ value }) => value)) / values.length, n: values.length, means: bootstrapped(clustersOf(values), random) }]
}

/** The mean over data of the means on each. @param cells of each data, one a seed */
export function averageOf(cells: readonly (readonly ExperimentCell[])[], measure: MeasureName, random: Random): Interval | null {
  const each = cells.map((of) => of.flatMap((cell) => valuesOf(cell, measure))).filter((values) => values.length > 0)
  const average = averaged(each.flatMap((values) => drawn(values, random)))
  const bounds = measureOf(measure).form === 'share' ? each.flatMap((values) => { const found = withoutException(clustersOf(values)); return found ? [found] : [] }) : []
  if (!average || bounds.length < each.length) return average
  // Nothing varies on any data: the means of their bounds, which are no narrower than what they are of together.
  const mean = (side: 0 | 1) => tidy(sumOf(bounds.map((bound) => bound[side])) / bounds.length)
  return { ...average, low: mean(0), high: mean(1) }
}

/** The same of paired differences, over the data that both played. */
export function averageDifference(a: readonly (readonly ExperimentCell[])[], b: readonly (readonly ExperimentCell[])[], measure: MeasureName, random: Random): Interval | null {
  return averaged(b.flatMap((of, i) => drawn(differencesOf(a[i] ?? [], of, measure), random)))
}
