// The weights under which the episode on show is scored: presets, sliders, and the way into the plan of a training.
import { GraduationCap } from 'lucide-react'
import { rewardPresets } from '../../core/reward/presets.ts'
import { namesOf } from '../../core/table.ts'
import { t } from '../locales/index.ts'
import { presetOf, weightsOf, withWeights } from '../state/config.ts'
import { useConfig, useStores } from '../state/context.tsx'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/select.tsx'
import { Hint } from '../ui/term.tsx'
import { WeightFields } from './weight-fields.tsx'

const names = namesOf(rewardPresets)

export function EpisodeWeights() {
  const { config, ui, workspace } = useStores()
  const weights = useConfig(weightsOf)
  const preset = presetOf(weights)
  const { presets } = t().reward
  const words = t().episode.reward
  const own = preset === null ? [{ value: 'own' as const, name: words.own }] : []
  const toTraining = () => {
    workspace.training.getState().setPlan({ reward: { preset, weights } })
    ui.getState().notify({
      tone: 'info',
      topic: 'weights',
      text: words.taken,
      action: { label: words.showPlan, run: () => { workspace.showRun(null) } },
    })
  }
  return (
    <div className="episode-weights" data-testid="episode-weights">
      <div className="episode-weights-head">
        <Select
          label={words.presets}
          value={preset ?? 'own'}
          choices={[...names.map((value) => ({ value, name: presets[value].name })), ...own]}
          onChange={(name) => { if (name !== 'own') config.getState().set({ reward: name, weights: null }) }}
        />
        <Hint text={words.toTrainingHint}>
          <Button size="small" onClick={toTraining}>
            <GraduationCap aria-hidden /> {words.toTraining}
          </Button>
        </Hint>
      </div>
      <WeightFields weights={weights} onChange={(next) => { config.getState().set(withWeights(next)) }} />
      <p className="quiet">{words.weightsNote}</p>
    </div>
  )
}
