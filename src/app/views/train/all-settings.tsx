// Every setting of a run: in plain words, with the field's term beside, and what opens its control. Plain text once the run
// has begun.
import type { ComponentType } from 'react'
import type { TrainConfig } from '../../../core/training/config.ts'
import { planSettings, planWords, type PlanSetting } from '../../sentence/plan-words.ts'
import { useModel } from '../../state/context.tsx'
import { t } from '../../locales/index.ts'
import { localWindow } from '../../state/room.ts'
import { TasksPart } from './plan-data.tsx'
import { EditingProvider, type PartWords } from './plan-part.tsx'
import { EvaluationPart, LengthPart, LimitsPart, RewardPlanPart } from './plan-tasks.tsx'
import { AdvantagePart, ObjectivePart, UpdatePart } from './plan-update.tsx'

const parts: Record<PlanSetting, ComponentType<PartWords>> = {
  length: LengthPart,
  tasks: TasksPart,
  limits: LimitsPart,
  reward: RewardPlanPart,
  update: UpdatePart,
  objective: ObjectivePart,
  advantage: AdvantagePart,
  evaluation: EvaluationPart,
}

interface AllSettingsProps {
  id: string
  plan: TrainConfig
  /** The model's name; left out where the run has begun. */
  model?: string
  /** null: the plan cannot be changed. */
  set: ((patch: Partial<TrainConfig>) => void) | null
}

export function AllSettings({ id, plan, model, set }: AllSettingsProps) {
  const takes = useModel((state) => (model === undefined ? null : localWindow(model === state.nanoSource.name ? 'nano' : model === state.ownSource?.name ? 'own' : 'oracle', state)))
  const words = planWords(plan, takes)
  const { settings } = t().train.plan
  return (
    <EditingProvider value={{ plan, set }}>
      <dl className="all-settings" id={id}>
        {planSettings.map((name) => {
          const Part = parts[name]
          return (
            <div key={name}>
              <dt>
                {settings[name].plain} <span className="field-term">{settings[name].term}</span>
              </dt>
              <dd>
                <Part words={words[name]} />
              </dd>
            </div>
          )
        })}
      </dl>
    </EditingProvider>
  )
}
