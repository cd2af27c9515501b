// The parts of the plan that say how is learnt: adapter and optimizer, objective, advantages.
import { advantageForms } from '../../../core/training/advantages.ts'
import { credits } from '../../../core/training/credit/credit.ts'
import { namesOf } from '../../../core/table.ts'
import { aggregations, references, schedules, type TrainConfig } from '../../../core/training/config.ts'
import { decimal, integer } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { useTraining } from '../../state/context.tsx'
import { Choices, SliderField } from '../../ui/fields.tsx'
import { Term } from '../../ui/term.tsx'
import { PlanPart, type PartWords } from './plan-part.tsx'
import { small } from '../../sentence/plan-words.ts'
import { ScaleField } from './scale-field.tsx'

const decades = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => [1, 2, 5].map((digit) => Number(`${digit}e${from + i}`))).flat()

const learningRates = decades(-6, -3).concat([0.01])
const betas = [0, ...decades(-4, -1), 1]
const epsilons = [0, 1e-8, 1e-6, 1e-4, 1e-3, 1e-2, 1e-1]
const ranks = [1, 2, 4, 8, 16, 32, 64]
const alphas = [1, 2, 4, 8, 16, 32, 64, 128]
const projections = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj']

function Targets({ lora, onChange }: { lora: TrainConfig['lora']; onChange: (targets: string[]) => void }) {
  return (
    <fieldset className="targets">
      <legend className="label">{t().train.plan.targets}</legend>
      {projections.map((target) => {
        const chosen = lora.targets.includes(target)
        return (
          <label key={target}>
            <input
              type="checkbox"
              checked={chosen}
              // One must stay.
              disabled={chosen && lora.targets.length === 1}
              onChange={() => { onChange(projections.filter((each) => (each === target ? !chosen : lora.targets.includes(each)))) }}
            />
            <span className="wrote">{target}</span>
          </label>
        )
      })}
    </fieldset>
  )
}

export function UpdatePart({ words }: PartWords) {
  const w = t().train.plan
  return (
    <PlanPart label={w.settings.update.label} words={words}>
      {(plan, set) => {
        const { lora } = plan
        return (
          <>
            <div className="fields">
              <ScaleField label={<Term name="learningRate">{w.learningRate}</Term>} name={w.learningRateName} value={plan.learning_rate} scale={learningRates} show={small} onChange={(learning_rate) => { set({ learning_rate }) }} />
              <SliderField label={w.warmUp} name={w.warmUpName} value={plan.warm_up_steps} min={0} max={50} onChange={(warm_up_steps) => { set({ warm_up_steps }) }} />
              <ScaleField label={<Term name="lora">{w.rank}</Term>} name={w.rank} value={lora.rank} scale={ranks} show={integer} onChange={(rank) => { set({ lora: { ...lora, rank } }) }} />
              <ScaleField label={w.alpha} name={w.alpha} value={lora.alpha} scale={alphas} show={integer} onChange={(alpha) => { set({ lora: { ...lora, alpha } }) }} />
              <SliderField
                label={<Term name="gradNorm">{w.maxNorm}</Term>}
                name={w.maxNormName}
                value={plan.max_norm ?? 0}
                min={0}
                max={5}
                step={0.1}
                show={(value) => (value === 0 ? w.not : decimal(value, 1))}
                onChange={(norm) => { set({ max_norm: norm === 0 ? null : norm }) }}
              />
              <SliderField label={<Term name="epochs">{w.epochs}</Term>} name={w.epochsName} value={plan.epochs} min={1} max={8} onChange={(epochs) => { set({ epochs }) }} />
              <SliderField label={w.weightDecay} name={w.weightDecayName} value={plan.adamw.weight_decay} min={0} max={0.2} step={0.01} show={(value) => decimal(value)} onChange={(weight_decay) => { set({ adamw: { ...plan.adamw, weight_decay } }) }} />
            </div>
            <Choices label={w.schedule} value={plan.schedule} choices={schedules.map((value) => ({ value, ...w.schedules[value] }))} onChange={(schedule) => { set({ schedule }) }} />
            <Targets lora={lora} onChange={(targets) => { set({ lora: { ...lora, targets } }) }} />
          </>
        )
      }}
    </PlanPart>
  )
}

const clipSteps = { min: 0, max: 0.6, step: 0.01 }

export function ObjectivePart({ words }: PartWords) {
  const w = t().train.plan
  const live = useTraining((state) => state.source.kind === 'webllm')
  return (
    <PlanPart label={w.settings.objective.label} words={words}>
      {({ beta, kl_estimator, reference, clip, importance_sampling_cap: cap }, set) => (
        <>
          <div className="fields">
            <ScaleField label={<Term name="klBeta">{w.beta}</Term>} name={w.beta} value={beta} scale={betas} show={(value) => (value === 0 ? w.none : small(value))} onChange={(next) => { set({ beta: next }) }} />
            <SliderField label={<Term name="clip">{w.clipDown}</Term>} name={w.clipDownName} value={clip?.low ?? 0} {...clipSteps} show={(value) => (value === 0 ? w.none : decimal(value))} onChange={(low) => { set({ clip: low === 0 ? null : { low, high: clip?.high ?? low } }) }} />
            <SliderField label={w.clipUp} name={w.clipUpName} value={clip?.high ?? 0} {...clipSteps} show={(value) => (value === 0 ? w.none : decimal(value))} onChange={(high) => { set({ clip: high === 0 ? null : { low: clip?.low ?? high, high } }) }} />
            {live && <SliderField label={w.samplingCap} name={w.samplingCapName} value={cap ?? 0} min={0} max={5} step={0.5} show={(value) => (value === 0 ? w.none : decimal(value, 1))} onChange={(next) => { set({ importance_sampling_cap: next === 0 ? null : next }) }} />}
          </div>
          <h3 className="label">
            <Term name="klEstimator">{w.estimator}</Term>
          </h3>
          <Choices
            label={w.estimator}
            value={kl_estimator}
            choices={[
              { value: 'k1', name: 'k1', about: w.estimators.k1 },
              { value: 'k2', name: 'k2', about: w.estimators.k2 },
              { value: 'k3', name: 'k3', about: w.estimators.k3 },
            ]}
            onChange={(next) => { set({ kl_estimator: next }) }}
          />
          <h3 className="label">{w.reference}</h3>
          <Choices label={w.reference} value={reference} choices={references.map((value) => ({ value, ...w.references[value] }))} onChange={(next) => { set({ reference: next }) }} />
        </>
      )}
    </PlanPart>
  )
}

export function AdvantagePart({ words }: PartWords) {
  const w = t().train.plan
  return (
    <PlanPart label={w.settings.advantage.label} words={words}>
      {({ advantage, credit, aggregation }, set) => (
        <>
          <h3 className="label">
            <Term name="advantageForm">{w.form}</Term>
          </h3>
          <Choices label={w.formName} value={advantage.form} choices={advantageForms.map((value) => ({ value, ...w.forms[value] }))} onChange={(form) => { set({ advantage: { ...advantage, form } }) }} />
          <div className="fields">
            <ScaleField label={<Term name="epsilon">ε</Term>} name="ε" value={advantage.epsilon} scale={epsilons} show={small} onChange={(epsilon) => { set({ advantage: { ...advantage, epsilon } }) }} />
          </div>
          <h3 className="label">
            <Term name="credit">{w.credit}</Term>
          </h3>
          <Choices label={w.credit} value={credit} choices={namesOf(credits).map((value) => ({ value, ...w.credits[value] }))} onChange={(next) => { set({ credit: next }) }} />
          <h3 className="label">
            <Term name="aggregation">{w.tokenWeight}</Term>
          </h3>
          <Choices label={w.tokenWeight} value={aggregation} choices={aggregations.map((value) => ({ value, ...w.aggregations[value] }))} onChange={(next) => { set({ aggregation: next }) }} />
        </>
      )}
    </PlanPart>
  )
}
