// What a chart shows, said in a sentence for people who cannot see it. Pure.
import type { Measured } from './chart-rows.ts'
import type { ChartSpec, LineSpec } from './chart-specs.ts'

interface Point {
  step: number
  value: number
}

const lowest = (points: readonly Point[]) => points.reduce<Point | null>((best, point) => (best === null || point.value < best.value ? point : best), null)
const highest = (points: readonly Point[]) => points.reduce<Point | null>((best, point) => (best === null || point.value > best.value ? point : best), null)

function lineWords({ title, value }: LineSpec, { steps }: Measured, show: (value: number) => string): string {
  const points = steps.flatMap((step): Point[] => {
    const at = value(step)
    return at !== null && Number.isFinite(at) ? [{ step: step.step, value: at }] : []
  })
  const [first] = points
  const last = points.at(-1)
  const low = lowest(points)
  const high = highest(points)
  if (!first || !last || !low || !high) return `${title}: nothing yet`
  const say = (point: Point) => `${show(point.value)} at step ${point.step}`
  return points.length === 1 ? `${title}: ${say(first)}` : `${title}: ${say(first)}, ${say(last)}; lowest ${say(low)}, highest ${say(high)}`
}

/** "Reward. mean: 0.31 at step 1, 0.74 at step 60; lowest …. On held-out tasks 0.70 at step 60." */
export function summaryWords({ title, lines, show }: ChartSpec, run: Measured): string {
  const said = lines.map((line) => lineWords(line, run, show)).join('. ')
  const last = run.evaluations.at(-1)
  const held = last && lines.map(({ held: of }) => of?.(last)?.value).find((value) => value !== undefined)
  return `${title}. ${said}.${last && held !== undefined ? ` On held-out tasks ${show(held)} at step ${last.step}.` : ''}`
}
