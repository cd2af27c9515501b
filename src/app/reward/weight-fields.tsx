// Sliders for the weights of the reward: of a plan, and over the recorded rollouts of a group.
import type { ReactNode } from 'react'
import { rewardPresets } from '../../core/reward/presets.ts'
import { sharesOf, type RewardWeights } from '../../core/reward/reward.ts'
import { termGroups, type GroupName } from '../../core/reward/term.ts'
import { isGroup, summands, termsIn, type Summand } from '../../core/reward/terms.ts'
import { namesOf } from '../../core/table.ts'
import { decimal } from '../format.ts'
import { t } from '../locales/index.ts'
import { rewardColor, wordsOf } from './catalogue.ts'
import { SliderField, type Mark } from '../ui/fields.tsx'
import { Term } from '../ui/term.tsx'

interface WeightFieldsProps {
  weights: RewardWeights
  onChange: (weights: RewardWeights) => void
}

/** What the presets have here, each value once with the names of those that have it. */
function marksOf(of: (weights: RewardWeights) => number): Mark[] {
  const { presets } = t().reward
  const found = new Map<number, string>()
  for (const preset of namesOf(rewardPresets)) {
    const value = of(rewardPresets[preset])
    const before = found.get(value)
    found.set(value, before === undefined ? presets[preset].name : `${before}, ${presets[preset].name}`)
  }
  return [...found].map(([value, name]) => ({ value, name }))
}

interface FieldProps {
  color: string
  name: string
  label?: ReactNode
  weights: RewardWeights
  /** The weight that it shows. */
  of: (weights: RewardWeights) => number
  max?: number
  onChange: (value: number) => void
}

function Field({ color, name, label, weights, of, max = 1, onChange }: FieldProps) {
  return (
    <SliderField
      label={
        <span className="weight-label">
          <span className="swatch" style={{ background: color }} />
          {label ?? name}
        </span>
      }
      name={name}
      value={of(weights)}
      marks={marksOf(of)}
      min={0}
      max={max}
      step={0.01}
      show={(shown) => decimal(shown)}
      onChange={onChange}
    />
  )
}

const penalties = ['rounds', 'context'] as const

/** A term of eq. 16 as the paper writes it, with its colour. */
function labelOf(summand: Summand): { name: string; color: string } {
  const names: Partial<Record<Summand, string>> = t().reward.weights
  const plain = isGroup(summand) ? `w_${summand}` : `w_${summand}, ${wordsOf(summand).short}`
  return { name: names[summand] ?? plain, color: rewardColor(summand) }
}

interface SharesProps extends WeightFieldsProps {
  /** What a share is called: α, β. */
  sign: string
  group: GroupName
}

/** What the parts of a term of eq. 16 weigh within it. */
function Shares({ sign, group, weights, onChange }: SharesProps) {
  const { shares } = termGroups[group]
  return termsIn(group).map((name) => {
    const { title } = wordsOf(name)
    return (
      <Field
        key={name}
        color={rewardColor(name)}
        name={`${sign} ${title}`}
        label={title}
        weights={weights}
        of={(each) => sharesOf(each, group)[name] ?? 0}
        onChange={(value) => { onChange({ ...weights, [shares]: { ...weights[shares], [name]: value } }) }}
      />
    )
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
        {summands.map((name) => (
          <Field
            key={name}
            {...labelOf(name)}
            weights={weights}
            of={(each) => each[name]}
            onChange={(value) => { set({ [name]: value }) }}
          />
        ))}
      </section>
      <section>
        <h3 className="label">
          <Term name="alpha" plain>
            {words.alpha}
          </Term>
        </h3>
        <Shares sign="α" group="context" weights={weights} onChange={onChange} />
      </section>
      <section>
        <h3 className="label">
          <Term name="beta" plain>
            {words.beta}
          </Term>
        </h3>
        <Shares sign="β" group="memory" weights={weights} onChange={onChange} />
      </section>
      <section>
        <h3 className="label">
          <Term name="penalty" plain>
            {words.penalties}
          </Term>
        </h3>
        {penalties.map((which) => (
          <Field
            key={which}
            color={rewardColor('penalty')}
            name={which === 'rounds' ? words.rounds : words.overLimit}
            weights={weights}
            of={({ penalty }) => penalty[which]}
            max={2}
            onChange={(points) => { set({ penalty: { ...weights.penalty, [which]: points } }) }}
          />
        ))}
      </section>
    </div>
  )
}
