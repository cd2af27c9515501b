// Sliders for the weights of the reward: of a plan, and over the recorded rollouts of a group.
import type { ReactNode } from 'react'
import type { RewardWeights } from '../../core/reward/reward.ts'
import { isGroup, summands, termsIn, type Summand, type TermName } from '../../core/reward/terms.ts'
import { decimal } from '../format.ts'
import { t } from '../locales/index.ts'
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

const groupColors = { context: 'var(--stm)', memory: 'var(--ltm)' } as const

/** A term of eq. 16 as the paper writes it, with its colour. */
function labelOf(summand: Summand): { name: string; color: string } {
  const names: Partial<Record<Summand, string>> = t().reward.weights
  const plain = isGroup(summand) ? `w_${summand}` : `w_${summand}, ${wordsOf(summand).short}`
  return { name: names[summand] ?? plain, color: isGroup(summand) ? groupColors[summand] : rewardColor(summand) }
}

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
  const words = t().reward.weights
  const set = (patch: Partial<RewardWeights>) => { onChange({ ...weights, ...patch }) }
  return (
    <div className="weight-fields" role="group" aria-label={words.region}>
      <section>
        <h3 className="label">
          <Term name="weight" plain>
            {words.title}
          </Term>
        </h3>
        {/* The paper's three always; what the paper does not have, where it counts. */}
        {summands.filter((name) => isGroup(name) || name === 'task' || weights[name] > 0).map((name) => (
          <Field key={name} {...labelOf(name)} value={weights[name]} onChange={(value) => { set({ [name]: value }) }} />
        ))}
      </section>
      <section>
        <h3 className="label">
          <Term name="alpha" plain>
            {words.alpha}
          </Term>
        </h3>
        <Shares sign="α" names={termsIn('context')} shares={weights.alpha} onChange={(alpha) => { set({ alpha }) }} />
      </section>
      <section>
        <h3 className="label">
          <Term name="beta" plain>
            {words.beta}
          </Term>
        </h3>
        <Shares sign="β" names={termsIn('memory')} shares={weights.beta} onChange={(beta) => { set({ beta }) }} />
      </section>
      <section>
        <h3 className="label">
          <Term name="penalty" plain>
            {words.penalties}
          </Term>
        </h3>
        <Field color={rewardColor('penalty')} name={words.rounds} value={weights.penalty.rounds} max={2} onChange={(rounds) => { set({ penalty: { ...weights.penalty, rounds } }) }} />
        <Field color={rewardColor('penalty')} name={words.overLimit} value={weights.penalty.context} max={2} onChange={(context) => { set({ penalty: { ...weights.penalty, context } }) }} />
      </section>
    </div>
  )
}
