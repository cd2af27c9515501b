// How the components of the reward are weighed, in words.
import { t } from '../locales/index.ts'
import { useConfig } from '../state/context.tsx'
import { Controls } from './controls.ts'
import { Part } from './part.tsx'

export function RewardPart() {
  const reward = useConfig((state) => state.reward)
  const own = useConfig((state) => state.weights !== null)
  const words = t().sentence.reward
  return (
    <Part label={words.label} words={own ? words.own : t().reward.presets[reward].name}>
      <Controls.reward />
    </Part>
  )
}
