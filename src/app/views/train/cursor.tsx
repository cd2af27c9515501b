// The place on the x axis that all charts of a run share, and what opens its rollouts. Charts read it by themselves, so
// that moving the pointer draws no line anew.
import { createContext, useContext, useState, type ReactNode } from 'react'
import { createStore, useStore, type StoreApi } from 'zustand'

interface CursorState {
  /** A step; null: the pointer is elsewhere, the newest counts. */
  step: number | null
}

interface SharedAxis {
  first: number
  last: number
  /** The newest step of the run. */
  newest: number
  cursor: StoreApi<CursorState>
  /** Opens the rollouts of the step nearest to a place. */
  onOpen: (step: number) => void
}

const AxisContext = createContext<SharedAxis | null>(null)

interface AxisProps {
  axis: readonly [first: number, last: number]
  newest: number
  onOpen: (step: number) => void
  children: ReactNode
}

export function AxisProvider({ axis: [first, last], newest, onOpen, children }: AxisProps) {
  const [cursor] = useState(() => createStore<CursorState>(() => ({ step: null })))
  return <AxisContext value={{ first, last, newest, cursor, onOpen }}>{children}</AxisContext>
}

export function useAxis(): SharedAxis {
  const axis = useContext(AxisContext)
  if (!axis) throw new Error('Charts need an AxisProvider around them.')
  return axis
}

/** The step under the cursor; the newest while there is none. */
export function useCursor(): { step: number; moved: boolean } {
  const { cursor, last, newest } = useAxis()
  const step = useStore(cursor, (state) => state.step)
  return { step: Math.min(step ?? newest, last), moved: step !== null }
}
