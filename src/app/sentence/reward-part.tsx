// How the components of the reward are weighed. A change re-scores the episode on show at once.
import type { RewardPreset } from '../../core/reward/presets.ts'
import { useConfig, useStores } from '../state/context.tsx'
import { Choices } from '../ui/fields.tsx'
import { Part } from './part.tsx'
import { rewardWords } from './wording.ts'

const names: readonly RewardPreset[] = ['paper', 'paper-unit', 'published-code', 'answer-only']

export function RewardPart() {
  const { config } = useStores()
  const reward = useConfig((state) => state.reward)
  return (
    <Part label="Reward" words={rewardWords[reward].name}>
      <Choices
        label="Reward"
        value={reward}
        choices={names.map((name) => ({ value: name, name: rewardWords[name].name, about: rewardWords[name].about }))}
        onChange={(next) => { config.getState().set({ reward: next }) }}
      />
      <p className="popover-note quiet">New weights score the episode below again, at once.</p>
    </Part>
  )
}
