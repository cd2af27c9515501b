// How the components of the reward are weighed. A change re-scores the episode on show at once.
import type { RewardPreset } from '../../core/reward/presets.ts'
import { t } from '../locales/index.ts'
import { useConfig, useStores } from '../state/context.tsx'
import { Choices } from '../ui/fields.tsx'

const names: readonly RewardPreset[] = ['paper', 'paper-unit', 'published-code', 'answer-only']

export function RewardControl() {
  const { config } = useStores()
  const reward = useConfig((state) => state.reward)
  const own = useConfig((state) => state.weights !== null)
  const words = t().sentence.reward
  const { presets } = t().reward
  const choices = names.map((value) => ({ value, name: presets[value].name, about: presets[value].about }))
  const ofOwn = own ? [{ value: 'own' as const, name: words.ownName, about: words.ownAbout }] : []
  return (
    <>
      <Choices
        label={words.label}
        value={own ? 'own' : reward}
        choices={[...choices, ...ofOwn]}
        onChange={(next) => { if (next !== 'own') config.getState().set({ reward: next, weights: null }) }}
      />
      <p className="popover-note quiet">{words.note}</p>
    </>
  )
}
