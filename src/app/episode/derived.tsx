// What the panels read off the episode on show, worked out once per trajectory.
import { createContext, useContext, useMemo, type ReactNode } from 'react'
import { departures, writings, type Departure, type Writing } from '../../core/evaluation/provenance.ts'
import type { Branch } from '../../core/record/setup.ts'
import type { AnyTask } from '../../core/record/task.ts'
import type { ContextMessage, Trajectory } from '../../core/record/trajectory.ts'
import { isQuestion, referredMessages, type TaskMessage } from '../../core/environments/question/task.ts'

interface Derived {
  written: ReadonlyMap<string, readonly Writing[]>
  departed: ReadonlyMap<string, Departure>
  /** null outside of an episode. */
  task: AnyTask | null
  /** Of an episode that begins as another one. */
  branch: Branch | undefined
  /** What is asked beside the replies is answered by rules. */
  byRules: boolean
}

const nothing: Derived = { written: new Map(), departed: new Map(), task: null, branch: undefined, byRules: false }
const DerivedContext = createContext<Derived>(nothing)

export function DerivedProvider({ trajectory, children }: { trajectory: Trajectory; children: ReactNode }) {
  const { steps, task, setup: { branch, asides } } = trajectory
  const value = useMemo<Derived>(() => ({ written: writings(steps), departed: departures(steps), task, branch, byRules: asides === 'rules' }), [steps, task, branch, asides])
  return <DerivedContext value={value}>{children}</DerivedContext>
}

export function useDerived(): Derived {
  return useContext(DerivedContext)
}

/** The kinds of a delivered message: one turn may carry several messages of the task. */
export function kindsOf(task: AnyTask | null, { about }: Pick<ContextMessage, 'about'>): TaskMessage['kind'][] {
  return task && isQuestion(task) ? [...new Set(referredMessages(task, about).map(({ kind }) => kind))] : []
}
