// What lies around the lines of a chart, px: the same in every chart, so that one cursor fits all. The style sheet knows
// left and right as --plot-left and --plot-right. Left of the axis the longest label has room, −0.00165: cut off, it would be
// another number.
export const plotInset = { left: 60, right: 10, top: 8, bottom: 20 } as const

/** Where a step stands between the ends of the axis, 0 to 1. */
export function shareOf(step: number, first: number, last: number): number {
  return Math.min(1, Math.max(0, (step - first) / (last - first)))
}

/** About `count` round places on the axis: multiples of 1, 2 or 5 times a power of ten, whole steps only. */
export function ticksOf(first: number, last: number, count = 5): number[] {
  const rough = Math.max(1, (last - first) / count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const unit = [1, 2, 5, 10].map((digit) => digit * power).find((each) => each >= rough) ?? rough
  const from = Math.ceil(first / unit)
  return Array.from({ length: Math.floor(last / unit) - from + 1 }, (_, i) => (from + i) * unit)
}

/** The step under a pointer, `x` px from the left of a chart that is `width` px wide. */
export function stepUnder(x: number, width: number, first: number, last: number): number {
  const inner = Math.max(1, width - plotInset.left - plotInset.right)
  const share = Math.min(1, Math.max(0, (x - plotInset.left) / inner))
  return Math.round(first + share * (last - first))
}
