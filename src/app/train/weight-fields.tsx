// Sliders for the weights of the reward: of a plan, and over the recorded rollouts of a group.
import type { ReactNode } from 'react'
import type { RewardWeights } from '../../core/reward/reward.ts'
import { decimal } from '../format.ts'
import { glossary } from '../glossary.ts'
import { SliderField } from '../ui/fields.tsx'
import { Term } from '../ui/term.tsx'

interface WeightFieldsProps {
  weights: RewardWeights
  onChange: (weights: RewardWeights) => void
}

interface FieldProps {
  color: string
  name: string
  label?: ReactNode
  value: number
  max?: number
  onChange: (value: number) => void
}

function Field({ color, name, label, value, max = 1, onChange }: FieldProps) {
  return (
    <SliderField
      label={
        <span className="weight-label">
          <span className="swatch" style={{ background: color }} />
          {label ?? name}
        </span>
      }
      name={name}
      value={value}
      min={0}
      max={max}
      step={0.01}
      show={(shown) => decimal(shown)}
      onChange={onChange}
    />
  )
}

const contextParts = ['compression', 'preventive', 'preservation'] as const
const memoryParts = ['storage', 'maintenance', 'relevance'] as const

export function WeightFields({ weights, onChange }: WeightFieldsProps) {
  const set = (patch: Partial<RewardWeights>) => { onChange({ ...weights, ...patch }) }
  return (
    <div className="weight-fields" role="group" aria-label="Weights of the reward">
      <section>
        <h4 className="label">
          <Term name="weight" plain>
            Weights
          </Term>
        </h4>
        <Field color="var(--reward-task)" name="w_task, answer" value={weights.task} onChange={(task) => { set({ task }) }} />
        <Field color="var(--stm)" name="w_context, context" value={weights.context} onChange={(context) => { set({ context }) }} />
        <Field color="var(--ltm)" name="w_memory, memory" value={weights.memory} onChange={(memory) => { set({ memory }) }} />
        {weights.tool_use > 0 && <Field color="var(--reward-tool_use)" name="w_tool, tool use" value={weights.tool_use} onChange={(tool_use) => { set({ tool_use }) }} />}
      </section>
      <section>
        <h4 className="label">
          <Term name="alpha" plain>
            α, within context
          </Term>
        </h4>
        {contextParts.map((part) => (
          <Field key={part} color={`var(--reward-${part})`} name={`α ${glossary[part].title}`} label={glossary[part].title} value={weights.alpha[part]} onChange={(value) => { set({ alpha: { ...weights.alpha, [part]: value } }) }} />
        ))}
      </section>
      <section>
        <h4 className="label">
          <Term name="beta" plain>
            β, within memory
          </Term>
        </h4>
        {memoryParts.map((part) => (
          <Field key={part} color={`var(--reward-${part})`} name={`β ${glossary[part].title}`} label={glossary[part].title} value={weights.beta[part]} onChange={(value) => { set({ beta: { ...weights.beta, [part]: value } }) }} />
        ))}
      </section>
      <section>
        <h4 className="label">
          <Term name="penalty" plain>
            Penalties
          </Term>
        </h4>
        <Field color="var(--reward-penalty)" name="no answer within the rounds" value={weights.penalty.rounds} max={2} onChange={(rounds) => { set({ penalty: { ...weights.penalty, rounds } }) }} />
        <Field color="var(--reward-penalty)" name="context over its limit" value={weights.penalty.context} max={2} onChange={(context) => { set({ penalty: { ...weights.penalty, context } }) }} />
      </section>
    </div>
  )
}
