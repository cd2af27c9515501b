// The plan of a run as a sentence: its parts open their controls, or are plain text once the run has begun.
import type { ReactNode } from 'react'
import type { TrainConfig } from '../../../core/training/config.ts'
import { useModel } from '../../state/context.tsx'
import { localWindow } from '../../state/room.ts'
import { EditingProvider } from './plan-part.tsx'
import { TasksPart } from './plan-data.tsx'
import { EvaluationPart, LengthPart, LimitsPart, RewardPlanPart } from './plan-tasks.tsx'
import { AdvantagePart, ObjectivePart, UpdatePart } from './plan-update.tsx'
import { planWords } from '../../sentence/plan-words.ts'

interface PlanSentenceProps {
  plan: TrainConfig
  /** The model, as the sentence begins. */
  subject: ReactNode
  /** Its name; left out where the run has ended. */
  model?: string
  /** null: the plan cannot be changed. */
  set: ((patch: Partial<TrainConfig>) => void) | null
}

export function PlanSentence({ plan, subject, model, set }: PlanSentenceProps) {
  const takes = useModel((state) => (model === undefined ? null : localWindow(model === state.nanoSource.name ? 'nano' : model === state.ownSource?.name ? 'own' : 'oracle', state)))
  const words = planWords(plan, takes)
  return (
    <EditingProvider value={{ plan, set }}>
      <p>
        {subject} trains for <LengthPart words={words} /> in <TasksPart words={words} />, within <LimitsPart words={words} />, <RewardPlanPart words={words} />. The update: <UpdatePart words={words} />, with <ObjectivePart words={words} />; <AdvantagePart words={words} />. It is{' '}
        <EvaluationPart words={words} />.
      </p>
    </EditingProvider>
  )
}
