// How the components of the reward are weighed. A change re-scores the episode on show at once.
import type { RewardPreset } from '../../core/reward/presets.ts'
import { t } from '../locales/index.ts'
import { useConfig, useStores } from '../state/context.tsx'
import { Choices } from '../ui/fields.tsx'
import { Part } from './part.tsx'

const names: readonly RewardPreset[] = ['paper', 'paper-unit', 'published-code', 'answer-only']

export function RewardPart() {
  const { config } = useStores()
  const reward = useConfig((state) => state.reward)
  const words = t().sentence.reward
  const { presets } = t().reward
  return (
    <Part label={words.label} words={presets[reward].name}>
      <Choices
        label={words.label}
        value={reward}
        choices={names.map((name) => ({ value: name, name: presets[name].name, about: presets[name].about }))}
        onChange={(next) => { config.getState().set({ reward: next }) }}
      />
      <p className="popover-note quiet">{words.note}</p>
    </Part>
  )
}
