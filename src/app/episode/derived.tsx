// What the panels read off the episode on show, worked out once per trajectory.
import { createContext, useContext, useMemo, type ReactNode } from 'react'
import { departures, writings, type Departure, type Writing } from '../../core/evaluation/provenance.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { isQuestion, type TaskMessage } from '../../core/environments/question/task.ts'

interface Derived {
  written: ReadonlyMap<string, readonly Writing[]>
  departed: ReadonlyMap<string, Departure>
  /** What each line of the task's messages is, by its text. */
  kinds: ReadonlyMap<string, TaskMessage['kind']>
}

const nothing: Derived = { written: new Map(), departed: new Map(), kinds: new Map() }
const DerivedContext = createContext<Derived>(nothing)

export function DerivedProvider({ trajectory, children }: { trajectory: Trajectory; children: ReactNode }) {
  const { steps, task } = trajectory
  const value = useMemo<Derived>(
    () => ({
      written: writings(steps),
      departed: departures(steps),
      kinds: new Map((isQuestion(task) ? [...task.build, ...task.resist] : []).map(({ text, kind }) => [text, kind])),
    }),
    [steps, task],
  )
  return <DerivedContext value={value}>{children}</DerivedContext>
}

export function useDerived(): Derived {
  return useContext(DerivedContext)
}

/** The kinds of a delivered message: one turn may carry several messages of the task. */
export function kindsOf(kinds: Derived['kinds'], content: string): TaskMessage['kind'][] {
  const whole = kinds.get(content)
  if (whole) return [whole]
  return [...new Set(content.split('\n').flatMap((line) => kinds.get(line) ?? []))]
}
