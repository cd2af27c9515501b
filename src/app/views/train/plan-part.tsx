// A part of the plan's sentence: it opens its control while the plan can be changed, and is plain text in a run.
import { createContext, useContext, type ReactNode } from 'react'
import type { TrainConfig } from '../../../core/training/config.ts'
import { Part } from '../../sentence/part.tsx'

interface Editing {
  plan: TrainConfig
  /** null: the plan of a run that has begun. */
  set: ((patch: Partial<TrainConfig>) => void) | null
}

const EditingContext = createContext<Editing | null>(null)

export function EditingProvider({ value, children }: { value: Editing; children: ReactNode }) {
  return <EditingContext value={value}>{children}</EditingContext>
}

/** What a setting is, in words. */
export interface PartWords {
  words: string
}

interface PlanPartProps {
  label: string
  words: string
  children: (plan: TrainConfig, set: (patch: Partial<TrainConfig>) => void) => ReactNode
}

export function PlanPart({ label, words, children }: PlanPartProps) {
  const editing = useContext(EditingContext)
  if (!editing?.set) return <strong className="fixed-part">{words}</strong>
  return (
    <Part label={label} words={words}>
      {children(editing.plan, editing.set)}
    </Part>
  )
}
