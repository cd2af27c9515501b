// What lies around the lines of a chart, px: the same in every chart, so that one cursor fits all. The style sheet knows
// left and right as --plot-left and --plot-right.
export const plotInset = { left: 46, right: 10, top: 8, bottom: 20 } as const

/** Where a step stands between the ends of the axis, 0 to 1. */
export function shareOf(step: number, first: number, last: number): number {
  return Math.min(1, Math.max(0, (step - first) / (last - first)))
}

/** The step under a pointer, `x` px from the left of a chart that is `width` px wide. */
export function stepUnder(x: number, width: number, first: number, last: number): number {
  const inner = Math.max(1, width - plotInset.left - plotInset.right)
  const share = Math.min(1, Math.max(0, (x - plotInset.left) / inner))
  return Math.round(first + share * (last - first))
}
