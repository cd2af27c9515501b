// What a chart shows, said in a sentence for people who cannot see it. Pure.
import { t } from '../../locales/index.ts'
import { valueWords } from './axis.ts'
import type { Measured } from './chart-rows.ts'
import { spansOf } from './makers.ts'
import { lineTitle, type ChartSpec, type LineSpec } from './charts/spec.ts'

interface Point {
  step: number
  value: number
}

const lowest = (points: readonly Point[]) => points.reduce<Point | null>((best, point) => (best === null || point.value < best.value ? point : best), null)
const highest = (points: readonly Point[]) => points.reduce<Point | null>((best, point) => (best === null || point.value > best.value ? point : best), null)

function lineWords(line: LineSpec, { steps }: Measured, show: (value: number) => string): string {
  const words = t().charts.summary
  const points = steps.flatMap((step): Point[] => {
    const at = line.value(step)
    return at !== null && Number.isFinite(at) ? [{ step: step.step, value: at }] : []
  })
  const [first] = points
  const last = points.at(-1)
  const [low, high] = [lowest(points), highest(points)]
  const title = lineTitle(line)
  if (!first || !last || !low || !high) return words.nothing(title)
  const say = (point: Point) => words.point(show(point.value), point.step)
  return points.length === 1 ? words.one(title, say(first)) : words.several(title, say(first), say(last), say(low), say(high))
}

/** "Reward. mean: 0.31 at step 1, 0.74 at step 60; lowest …. On held-out tasks 0.70 at step 60." */
export function summaryWords(title: string, { unit }: Pick<ChartSpec, 'unit'>, lines: readonly LineSpec[], run: Measured): string {
  const words = t().charts.summary
  const show = (value: number) => valueWords(value, unit)
  const said = lines.map((line) => lineWords(line, run, show))
  const last = run.evaluations.at(-1)
  const held = last && lines.map(({ held: of }) => of?.(last)?.value).find((value) => value !== undefined)
  const makers = spansOf(run.steps).flatMap(({ engine, first, last: end }) => (engine === null ? [] : words.madeBy(first, end, engine)))
  return [words.whole(title, said, last && held !== undefined ? words.heldOut(show(held), last.step) : null), ...makers].join(words.between)
}
