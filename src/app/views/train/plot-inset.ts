// What lies around the lines of a chart, px: the same in every chart, so that one cursor fits all. The style sheet knows
// left and right as --plot-left and --plot-right. Left of the axis the longest label has room: cut off, it would be another
// number.
import type { CSSProperties } from 'react'

export interface Inset {
  left: number
  right: number
  top: number
  bottom: number
}

export const plotInset: Inset = { left: 60, right: 12, top: 8, bottom: 20 }
/** So much of left and right lies within the axes: a point at the end of the run is whole. */
export const edge = 6
/** Of the small ones that stand side by side. */
export const smallInset: Inset = { left: 34, right: 8, top: 6, bottom: 18 }

export const insetStyle = ({ left, right, bottom }: Inset): CSSProperties => ({ '--plot-left': `${left}px`, '--plot-right': `${right}px`, '--plot-bottom': `${bottom}px` })

/** Where a place stands between the ends of the axis, 0 to 1. */
export function shareOf(x: number, [first, last]: readonly [number, number]): number {
  return Math.min(1, Math.max(0, (x - first) / (last - first)))
}

/** The place on the axis under a pointer, `x` px from the left of a chart that is `width` px wide. */
export function placeUnder(x: number, width: number, [first, last]: readonly [number, number], inset: Inset): number {
  const inner = Math.max(1, width - inset.left - inset.right)
  const share = Math.min(1, Math.max(0, (x - inset.left) / inner))
  return first + share * (last - first)
}
