// The x axis that all charts of a run share: what of it is on show, the place under the cursor, and what opens the rollouts
// there. Charts read the cursor by themselves, so that moving the pointer draws no line anew.
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react'
import { createStore, useStore, type StoreApi } from 'zustand'
import type { XMode } from './axis.ts'
import { axisOf, placesOf, stepAt, type Measured, type Places } from './chart-rows.ts'

interface CursorState {
  /** A place on the axis; null: the pointer is elsewhere, the newest step counts. */
  x: number | null
}

export type Range = readonly [from: number, to: number]

interface SharedAxis {
  mode: XMode
  /** From end to end. */
  full: Range
  /** On show. */
  shown: Range
  /** What was zoomed to; null: all is on show. */
  range: Range | null
  zoom: (range: Range | null) => void
  run: Measured
  places: Places
  cursor: StoreApi<CursorState>
  /** Opens the rollouts of the step nearest to this one. */
  onOpen: (step: number) => void
}

const AxisContext = createContext<SharedAxis | null>(null)

interface AxisProps {
  run: Measured
  others: readonly Measured[]
  mode: XMode
  onOpen: (step: number) => void
  children: ReactNode
}

/** Less than this of the axis is a slip of the pointer, not a part to zoom to. */
const least = 0.005

export function AxisProvider({ run, others, mode, onOpen, children }: AxisProps) {
  const [cursor] = useState(() => createStore<CursorState>(() => ({ x: null })))
  // A part of the axis of one kind means nothing on the other.
  const [zoomed, setZoomed] = useState<{ mode: XMode; range: Range } | null>(null)
  const places = useMemo(() => placesOf(run, mode), [run, mode])
  const full = axisOf([run, ...others], mode)
  const range = zoomed?.mode === mode ? zoomed.range : null
  const zoom = (next: Range | null) => {
    const [from, to] = next ?? full
    const whole = next === null || (from <= full[0] && to >= full[1]) || to - from < least * (full[1] - full[0])
    setZoomed(whole ? null : { mode, range: [Math.max(full[0], from), Math.min(full[1], to)] })
  }
  return <AxisContext value={{ mode, full, shown: range ?? full, range, zoom, run, places, cursor, onOpen }}>{children}</AxisContext>
}

export function useAxis(): SharedAxis {
  const axis = useContext(AxisContext)
  if (!axis) throw new Error('Charts need an AxisProvider around them.')
  return axis
}

/** The place under the cursor and the step of the run there; the newest step while the pointer is elsewhere. */
export function useCursor(): { x: number; step: number; moved: boolean } {
  const { cursor, run, places, full } = useAxis()
  const at = useStore(cursor, (state) => state.x)
  const newest = run.steps.at(-1)?.step ?? full[1]
  if (at === null) return { x: places.step(newest), step: newest, moved: false }
  return { x: at, step: stepAt(run, places, at) ?? newest, moved: true }
}
