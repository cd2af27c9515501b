// What the panels read off the episode on show, worked out once per trajectory.
import { createContext, useContext, useMemo, type ReactNode } from 'react'
import { departures, writings, type Departure, type Writing } from '../../core/evaluation/provenance.ts'
import type { AnyTask } from '../../core/record/task.ts'
import type { ContextMessage, Trajectory } from '../../core/record/trajectory.ts'
import { isQuestion, referredMessages, type TaskMessage } from '../../core/environments/question/task.ts'

interface Derived {
  written: ReadonlyMap<string, readonly Writing[]>
  departed: ReadonlyMap<string, Departure>
  /** null outside of an episode. */
  task: AnyTask | null
}

const nothing: Derived = { written: new Map(), departed: new Map(), task: null }
const DerivedContext = createContext<Derived>(nothing)

export function DerivedProvider({ trajectory, children }: { trajectory: Trajectory; children: ReactNode }) {
  const { steps, task } = trajectory
  const value = useMemo<Derived>(() => ({ written: writings(steps), departed: departures(steps), task }), [steps, task])
  return <DerivedContext value={value}>{children}</DerivedContext>
}

export function useDerived(): Derived {
  return useContext(DerivedContext)
}

/** The kinds of a delivered message: one turn may carry several messages of the task. */
export function kindsOf(task: AnyTask | null, { about }: Pick<ContextMessage, 'about'>): TaskMessage['kind'][] {
  return task && isQuestion(task) ? [...new Set(referredMessages(task, about).map(({ kind }) => kind))] : []
}
