// The parts of the plan that say what is played: how much, which tasks, within which limits, how rewarded, how tested.
import { settingsPresets } from '../../../core/episode/settings.ts'
import { curricula, type WorldOptions } from '../../../core/environments/question/training-tasks.ts'
import { evaluationTemperature, trainPresets, type TrainConfig } from '../../../core/training/config.ts'
import { rewardPresets } from '../../../core/reward/presets.ts'
import { namesOf } from '../../../core/table.ts'
import { decimal } from '../../format.ts'
import { difficultyFields, questionFields, type DifficultyField } from '../../sentence/difficulty.ts'
import { t } from '../../locales/index.ts'
import { maxSeed } from '../../state/config.ts'
import { Button } from '../../ui/button.tsx'
import { Choices, NumberField, SliderField } from '../../ui/fields.tsx'
import { Term } from '../../ui/term.tsx'
import { PlanPart, type PartWords } from './plan-part.tsx'
import { small } from '../../sentence/plan-words.ts'
import { ScaleField } from './scale-field.tsx'
import { WeightFields } from '../../reward/weight-fields.tsx'

export function LengthPart({ words }: PartWords) {
  const w = t().train.plan
  return (
    <PlanPart label={w.settings.length.label} words={words}>
      {(plan, set) => (
        <div className="fields">
          <NumberField label={<Term name="trainStep">{w.stepsPlanned}</Term>} name={w.plannedSteps} value={plan.steps} min={1} max={10_000} onChange={(steps) => { set({ steps }) }} />
          <SliderField label={w.tasksAStep} name={w.tasksAStep} value={plan.b} min={1} max={32} onChange={(b) => { set({ b }) }} />
          <SliderField label={<Term name="group">{w.rolloutsOfEach}</Term>} name={w.rolloutsOfEachTask} value={plan.k} min={2} max={16} onChange={(k) => { set({ k }) }} />
          <p className="popover-note quiet">{w.episodesAStep(plan.b * plan.k)}</p>
        </div>
      )}
    </PlanPart>
  )
}

interface WorldProps {
  options: WorldOptions
  change: (options: WorldOptions) => void
}

function DifficultySlider({ field, options, change }: WorldProps & { field: DifficultyField }) {
  const { difficulty } = options
  return (
    <SliderField
      label={field.label}
      name={field.label}
      value={difficulty[field.key]}
      min={field.min}
      max={field.max}
      step={field.step}
      show={field.show}
      onChange={(value) => { change({ ...options, difficulty: { ...difficulty, [field.key]: value } }) }}
    />
  )
}

export function WorldFields({ options, change }: WorldProps) {
  const w = t().train.plan
  return (
    <>
      <div className="fields" role="group" aria-label={w.difficulty}>
        {difficultyFields().map((field) => (
          <DifficultySlider key={field.key} field={field} options={options} change={change} />
        ))}
        <h3 className="label">{w.kindsOfQuestion}</h3>
        {questionFields().map((field) => (
          <DifficultySlider key={field.key} field={field} options={options} change={change} />
        ))}
      </div>
      <h3 className="label">
        <Term name="curriculum">{w.curriculum}</Term>
      </h3>
      <Choices label={w.curriculum} value={options.curriculum} choices={curricula.map((value) => ({ value, ...w.curricula[value] }))} onChange={(curriculum) => { change({ ...options, curriculum }) }} />
    </>
  )
}

const rounds = ['build', 'resist', 'answer'] as const

const minPs = [0, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1]

export function LimitsPart({ words }: PartWords) {
  const w = t().train.plan
  return (
    <PlanPart label={w.settings.limits.label} words={words}>
      {({ episode, exploration }, set) => {
        const change = (patch: Partial<TrainConfig['episode']>) => { set({ episode: { ...episode, ...patch } }) }
        return (
          <>
            <div className="popover-head">
              <h2 className="label">{w.limitsTitle}</h2>
              <span className="popover-actions">
                <Button size="small" onClick={() => { set({ episode: settingsPresets.quick, exploration: trainPresets.quick.exploration }) }}>
                  {w.asUsual}
                </Button>
                <Button size="small" onClick={() => { set({ episode: settingsPresets.paper, exploration: null }) }}>
                  {w.asInThePaper}
                </Button>
              </span>
            </div>
            <div className="fields">
              <SliderField label={<Term name="temperature">{w.temperatureLabel}</Term>} name={w.temperatureName} value={episode.temperature} min={0.1} max={2} step={0.05} show={(value) => decimal(value)} onChange={(temperature) => { change({ temperature }) }} />
              <SliderField label={<Term name="exploration">{w.exploration}</Term>} name={w.explorationName} value={exploration?.steps ?? 0} min={0} max={100} show={(value) => (value === 0 ? w.none : w.steps(value))} onChange={(steps) => { set({ exploration: steps === 0 ? null : { temperature: exploration?.temperature ?? Math.min(2, episode.temperature + 0.3), steps } }) }} />
              {exploration && (
                <SliderField label={w.firstTemperature} name={w.firstTemperatureName} value={exploration.temperature} min={0.1} max={2} step={0.05} show={(value) => decimal(value)} onChange={(temperature) => { set({ exploration: { ...exploration, temperature } }) }} />
              )}
              <ScaleField label={<Term name="minP">min-p</Term>} name="min-p" value={episode.min_p} scale={minPs} show={(value) => (value === 0 ? w.off : small(value))} onChange={(min_p) => { change({ min_p }) }} />
              <SliderField label={<Term name="tMax">{w.tMax}</Term>} name={w.tMax} value={episode.t_max} min={128} max={8192} step={64} onChange={(t_max) => { change({ t_max }) }} />
              <SliderField label={w.replyLimit} name={w.replyLimitName} value={episode.response_limit} min={32} max={2048} step={32} onChange={(response_limit) => { change({ response_limit }) }} />
              <SliderField label={<Term name="theta">{w.theta}</Term>} name={w.theta} value={episode.theta} min={0} max={1} step={0.01} show={(value) => decimal(value)} onChange={(theta) => { change({ theta }) }} />
              <SliderField label={<Term name="topK">top_k</Term>} name="top_k" value={episode.top_k} min={1} max={10} onChange={(top_k) => { change({ top_k }) }} />
              <SliderField label={<Term name="exchanges">{w.exchanges}</Term>} name={w.exchangesName} value={episode.exchanges} min={1} max={8} onChange={(exchanges) => { change({ exchanges }) }} />
              <h3 className="label">
                <Term name="nMax">{w.nMax}</Term>
              </h3>
              {rounds.map((key) => (
                <SliderField key={key} {...w.rounds[key]} value={episode.n_max[key]} min={1} max={40} onChange={(value) => { change({ n_max: { ...episode.n_max, [key]: value } }) }} />
              ))}
            </div>
          </>
        )
      }}
    </PlanPart>
  )
}

const rewardNames = namesOf(rewardPresets)

export function RewardPlanPart({ words }: PartWords) {
  const w = t().train.plan
  return (
    <PlanPart label={w.settings.reward.label} words={words}>
      {({ reward }, set) => (
        <>
          <Choices
            label={w.rewardLabel}
            value={reward.preset ?? 'own'}
            choices={[...rewardNames.map((value) => ({ value, name: t().reward.presets[value].name, about: t().reward.presets[value].about })), { value: 'own' as const, name: w.ownWeights, about: w.ownWeightsAbout }]}
            onChange={(next) => { set({ reward: next === 'own' ? { preset: null, weights: reward.weights } : { preset: next, weights: rewardPresets[next] } }) }}
          />
          <WeightFields weights={reward.weights} onChange={(weights) => { set({ reward: { preset: null, weights } }) }} />
        </>
      )}
    </PlanPart>
  )
}

export function EvaluationPart({ words }: PartWords) {
  const w = t().train.plan
  return (
    <PlanPart label={w.settings.evaluation.label} words={words}>
      {({ episode, evaluation, checkpoint_every }, set) => (
        <div className="fields">
          <SliderField label={<Term name="heldOut">{w.testEvery}</Term>} name={w.testEveryName} value={evaluation.every} min={0} max={50} show={(value) => (value === 0 ? w.never : String(value))} onChange={(every) => { set({ evaluation: { ...evaluation, every } }) }} />
          <SliderField label={w.heldOut} name={w.heldOutName} value={evaluation.tasks} min={8} max={256} step={8} onChange={(tasks) => { set({ evaluation: { ...evaluation, tasks } }) }} />
          <NumberField label={<Term name="seed">{w.heldOutSeed}</Term>} name={w.heldOutSeedName} value={evaluation.seed} min={0} max={maxSeed} onChange={(seed) => { set({ evaluation: { ...evaluation, seed } }) }} />
          <SliderField label={<Term name="temperature">{w.testTemperature}</Term>} name={w.testTemperatureName} value={evaluationTemperature({ episode, evaluation })} min={0} max={2} step={0.05} show={(value) => (value === 0 ? w.greedy : decimal(value))} onChange={(temperature) => { set({ evaluation: { ...evaluation, temperature } }) }} />
          <SliderField label={<Term name="checkpoint">{w.checkpointEvery}</Term>} name={w.checkpointEveryName} value={checkpoint_every} min={1} max={50} show={w.steps} onChange={(every) => { set({ checkpoint_every: every }) }} />
        </div>
      )}
    </PlanPart>
  )
}
