// The parts of the plan that say what is played: how much, which tasks, within which limits, how rewarded, how tested.
import { settingsPresets } from '../../../core/episode/settings.ts'
import { curricula, type WorldOptions } from '../../../core/environments/question/training-tasks.ts'
import { evaluationTemperature, trainPresets, type TrainConfig } from '../../../core/training/config.ts'
import { rewardPresets, type RewardPreset } from '../../../core/reward/presets.ts'
import { count, decimal, integer } from '../../format.ts'
import { difficultyFields, questionFields, type DifficultyField } from '../../sentence/difficulty.ts'
import { t } from '../../locales/index.ts'
import { maxSeed } from '../../state/config.ts'
import { Button } from '../../ui/button.tsx'
import { Choices, NumberField, SliderField } from '../../ui/fields.tsx'
import { Term } from '../../ui/term.tsx'
import { PlanPart } from './plan-part.tsx'
import { curriculumWords, small, type PlanWords } from '../../sentence/plan-words.ts'
import { ScaleField } from './scale-field.tsx'
import { WeightFields } from '../../reward/weight-fields.tsx'

export function LengthPart({ words }: { words: PlanWords }) {
  return (
    <PlanPart label="Length of the run" words={words.length}>
      {(plan, set) => (
        <div className="fields">
          <NumberField label={<Term name="trainStep">steps planned</Term>} name="Planned steps" value={plan.steps} min={1} max={10_000} onChange={(steps) => { set({ steps }) }} />
          <SliderField label="B, tasks a step" name="B, tasks a step" value={plan.b} min={1} max={32} onChange={(b) => { set({ b }) }} />
          <SliderField label={<Term name="group">K, rollouts of each</Term>} name="K, rollouts of each task" value={plan.k} min={2} max={16} onChange={(k) => { set({ k }) }} />
          <NumberField label={<Term name="seed">seed</Term>} name="Seed of the run" value={plan.seed} min={0} max={maxSeed} onChange={(seed) => { set({ seed }) }} />
          <p className="popover-note quiet">{integer(plan.b * plan.k)} episodes a step. The same seed and plan give the same run on the same kind of device.</p>
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
  return (
    <>
      <div className="fields" role="group" aria-label="Difficulty">
        {difficultyFields().map((field) => (
          <DifficultySlider key={field.key} field={field} options={options} change={change} />
        ))}
        <h3 className="label">Kinds of question, how often</h3>
        {questionFields().map((field) => (
          <DifficultySlider key={field.key} field={field} options={options} change={change} />
        ))}
      </div>
      <h3 className="label">
        <Term name="curriculum">Curriculum</Term>
      </h3>
      <Choices label="Curriculum" value={options.curriculum} choices={curricula.map((value) => ({ value, ...curriculumWords[value] }))} onChange={(curriculum) => { change({ ...options, curriculum }) }} />
    </>
  )
}

const rounds: { key: 'build' | 'resist' | 'answer'; label: string; name: string }[] = [
  { key: 'build', label: 'stage 1, turns', name: 'N_max of stage 1' },
  { key: 'resist', label: 'stage 2, turns', name: 'N_max of stage 2' },
  { key: 'answer', label: 'stage 3, replies', name: 'N_max of stage 3' },
]

const minPs = [0, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1]

export function LimitsPart({ words }: { words: PlanWords }) {
  return (
    <PlanPart label="Limits of the rollouts" words={words.limits}>
      {({ episode, exploration }, set) => {
        const change = (patch: Partial<TrainConfig['episode']>) => { set({ episode: { ...episode, ...patch } }) }
        return (
          <>
            <div className="popover-head">
              <h2 className="label">Limits of the rollouts</h2>
              <span className="popover-actions">
                <Button size="small" onClick={() => { set({ episode: settingsPresets.quick, exploration: trainPresets.quick.exploration }) }}>
                  As usual here
                </Button>
                <Button size="small" onClick={() => { set({ episode: settingsPresets.paper, exploration: null }) }}>
                  As in the paper
                </Button>
              </span>
            </div>
            <div className="fields">
              <SliderField label={<Term name="temperature">temperature</Term>} name="Temperature" value={episode.temperature} min={0.1} max={2} step={0.05} show={(value) => decimal(value)} onChange={(temperature) => { change({ temperature }) }} />
              <SliderField label={<Term name="exploration">another one at first, for</Term>} name="Steps with another temperature at first" value={exploration?.steps ?? 0} min={0} max={100} show={(value) => (value === 0 ? 'none' : count(value, 'step'))} onChange={(steps) => { set({ exploration: steps === 0 ? null : { temperature: exploration?.temperature ?? Math.min(2, episode.temperature + 0.3), steps } }) }} />
              {exploration && (
                <SliderField label="temperature of the first step" name="Temperature of the first step" value={exploration.temperature} min={0.1} max={2} step={0.05} show={(value) => decimal(value)} onChange={(temperature) => { set({ exploration: { ...exploration, temperature } }) }} />
              )}
              <ScaleField label={<Term name="minP">min-p</Term>} name="min-p" value={episode.min_p} scale={minPs} show={(value) => (value === 0 ? 'off' : small(value))} onChange={(min_p) => { change({ min_p }) }} />
              <SliderField label={<Term name="tMax">T_max, tokens</Term>} name="T_max, tokens" value={episode.t_max} min={128} max={8192} step={64} onChange={(t_max) => { change({ t_max }) }} />
              <SliderField label="tokens of a reply at most" name="Tokens of a reply at most" value={episode.response_limit} min={32} max={2048} step={32} onChange={(response_limit) => { change({ response_limit }) }} />
              <SliderField label={<Term name="theta">θ, filter threshold</Term>} name="θ, filter threshold" value={episode.theta} min={0} max={1} step={0.01} show={(value) => decimal(value)} onChange={(theta) => { change({ theta }) }} />
              <SliderField label={<Term name="topK">top_k</Term>} name="top_k" value={episode.top_k} min={1} max={10} onChange={(top_k) => { change({ top_k }) }} />
              <SliderField label={<Term name="exchanges">replies a turn</Term>} name="Replies a turn" value={episode.exchanges} min={1} max={8} onChange={(exchanges) => { change({ exchanges }) }} />
              <h3 className="label">
                <Term name="nMax">N_max, rounds</Term>
              </h3>
              {rounds.map(({ key, label, name }) => (
                <SliderField key={key} label={label} name={name} value={episode.n_max[key]} min={1} max={40} onChange={(value) => { change({ n_max: { ...episode.n_max, [key]: value } }) }} />
              ))}
            </div>
          </>
        )
      }}
    </PlanPart>
  )
}

const rewardNames: readonly RewardPreset[] = ['paper', 'paper-unit', 'published-code', 'answer-only']

export function RewardPlanPart({ words }: { words: PlanWords }) {
  return (
    <PlanPart label="Reward of training" words={words.reward}>
      {({ reward }, set) => (
        <>
          <Choices
            label="Reward"
            value={reward.preset ?? 'own'}
            choices={[...rewardNames.map((value) => ({ value, name: t().reward.presets[value].name, about: t().reward.presets[value].about })), { value: 'own' as const, name: 'weights of one’s own', about: 'Move the sliders below.' }]}
            onChange={(next) => { set({ reward: next === 'own' ? { preset: null, weights: reward.weights } : { preset: next, weights: rewardPresets[next] } }) }}
          />
          <WeightFields weights={reward.weights} onChange={(weights) => { set({ reward: { preset: null, weights } }) }} />
        </>
      )}
    </PlanPart>
  )
}

export function EvaluationPart({ words }: { words: PlanWords }) {
  return (
    <PlanPart label="Evaluation" words={words.evaluation}>
      {({ episode, evaluation, checkpoint_every }, set) => (
        <div className="fields">
          <SliderField label={<Term name="heldOut">test every so many steps</Term>} name="Evaluation every so many steps" value={evaluation.every} min={0} max={50} show={(value) => (value === 0 ? 'never' : String(value))} onChange={(every) => { set({ evaluation: { ...evaluation, every } }) }} />
          <SliderField label="held-out tasks" name="Held-out tasks" value={evaluation.tasks} min={8} max={256} step={8} onChange={(tasks) => { set({ evaluation: { ...evaluation, tasks } }) }} />
          <NumberField label={<Term name="seed">their seed</Term>} name="Seed of the held-out tasks" value={evaluation.seed} min={0} max={maxSeed} onChange={(seed) => { set({ evaluation: { ...evaluation, seed } }) }} />
          <SliderField label={<Term name="temperature">at temperature</Term>} name="Temperature of the evaluation" value={evaluationTemperature({ episode, evaluation })} min={0} max={2} step={0.05} show={(value) => (value === 0 ? 'greedy' : decimal(value))} onChange={(temperature) => { set({ evaluation: { ...evaluation, temperature } }) }} />
          <SliderField label={<Term name="checkpoint">keep the adapter every so many steps</Term>} name="Checkpoint every so many steps" value={checkpoint_every} min={1} max={50} show={(value) => count(value, 'step')} onChange={(every) => { set({ checkpoint_every: every }) }} />
        </div>
      )}
    </PlanPart>
  )
}
