// Sliders for the weights of the reward: of a plan, and over the recorded rollouts of a group.
import type { ReactNode } from 'react'
import type { RewardWeights } from '../../core/reward/reward.ts'
import { isGroup, summands, termsIn, type Summand, type TermName } from '../../core/reward/terms.ts'
import { decimal } from '../format.ts'
import { rewardColor, wordsOf } from './catalogue.ts'
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

/** As the paper writes the terms of eq. 16. */
const termLabels: Partial<Record<Summand, { name: string; color: string }>> = {
  task: { name: 'w_task, answer', color: rewardColor('task') },
  context: { name: 'w_context, context', color: 'var(--stm)' },
  memory: { name: 'w_memory, memory', color: 'var(--ltm)' },
  tool_use: { name: 'w_tool, tool use', color: rewardColor('tool_use') },
}
const labelOf = (name: Summand) => termLabels[name] ?? (isGroup(name) ? { name: `w_${name}`, color: 'var(--ink-2)' } : { name: `w_${name}, ${wordsOf(name).short}`, color: rewardColor(name) })

interface SharesProps<N extends TermName> {
  /** What a share is called: α, β. */
  sign: string
  shares: Record<N, number>
  onChange: (shares: Record<N, number>) => void
  names: readonly N[]
}

function Shares<N extends TermName>({ sign, shares, onChange, names }: SharesProps<N>) {
  return names.map((name) => {
    const { title } = wordsOf(name)
    return <Field key={name} color={rewardColor(name)} name={`${sign} ${title}`} label={title} value={shares[name]} onChange={(value) => { onChange({ ...shares, [name]: value }) }} />
  })
}

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
        {/* The paper's three always; what the paper does not have, where it counts. */}
        {summands.filter((name) => isGroup(name) || name === 'task' || weights[name] > 0).map((name) => (
          <Field key={name} {...labelOf(name)} value={weights[name]} onChange={(value) => { set({ [name]: value }) }} />
        ))}
      </section>
      <section>
        <h4 className="label">
          <Term name="alpha" plain>
            α, within context
          </Term>
        </h4>
        <Shares sign="α" names={termsIn('context')} shares={weights.alpha} onChange={(alpha) => { set({ alpha }) }} />
      </section>
      <section>
        <h4 className="label">
          <Term name="beta" plain>
            β, within memory
          </Term>
        </h4>
        <Shares sign="β" names={termsIn('memory')} shares={weights.beta} onChange={(beta) => { set({ beta }) }} />
      </section>
      <section>
        <h4 className="label">
          <Term name="penalty" plain>
            Penalties
          </Term>
        </h4>
        <Field color={rewardColor('penalty')} name="no answer within the rounds" value={weights.penalty.rounds} max={2} onChange={(rounds) => { set({ penalty: { ...weights.penalty, rounds } }) }} />
        <Field color={rewardColor('penalty')} name="context over its limit" value={weights.penalty.context} max={2} onChange={(context) => { set({ penalty: { ...weights.penalty, context } }) }} />
      </section>
    </div>
  )
}
