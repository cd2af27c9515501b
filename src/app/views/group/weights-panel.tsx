// The weights of the reward over the recorded rollouts: every move scores them again at once.
import { RotateCcw } from 'lucide-react'
import { rewardPresets, type RewardPreset } from '../../../core/reward/presets.ts'
import type { RewardWeights } from '../../../core/reward/reward.ts'
import { t } from '../../locales/index.ts'
import { useWorkspace, useGroup } from '../../state/context.tsx'
import { Select } from '../../ui/select.tsx'
import { WeightFields } from '../../reward/weight-fields.tsx'
import { Button } from '../../ui/button.tsx'
import { sameData } from '../../../core/same-data.ts'

const presets: readonly RewardPreset[] = ['paper', 'paper-unit', 'published-code', 'answer-only']

export function WeightsPanel({ trained }: { trained: RewardWeights }) {
  const { group } = useWorkspace()
  const weights = useGroup((state) => state.weights)
  const took = useGroup((state) => state.took)
  const rollouts = useGroup((state) => state.scored.reduce((sum, { rewards }) => sum + rewards.length, 0))
  const { weigh } = group.getState()
  const now = weights ?? trained
  const preset = presets.find((name) => sameData(rewardPresets[name], now)) ?? 'own'
  return (
    <aside className="weights" aria-labelledby="weights-heading">
      <h2 className="unseen" id="weights-heading">
        Weights of the reward
      </h2>
      <header>
        <Select
          label="Weights by name"
          value={preset}
          choices={[...presets.map((value) => ({ value, name: t().reward.presets[value].name })), { value: 'own' as const, name: sameData(now, trained) ? 'of this run' : 'of one’s own' }]}
          onChange={(name) => { if (name !== 'own') weigh(rewardPresets[name]) }}
        />
        <Button size="small" disabled={weights === null || sameData(weights, trained)} onClick={() => { weigh(null) }}>
          <RotateCcw aria-hidden /> As trained
        </Button>
      </header>
      <WeightFields weights={now} onChange={weigh} />
      {took !== null && (
        <p className="weights-took quiet">
          {rollouts} rollouts scored again in {took < 1 ? 'under 1' : took.toFixed(0)} ms.
        </p>
      )}
    </aside>
  )
}
