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

/**
 * @param trained what the rollouts were scored by when they were played
 * @param forItself no training belongs to them
 */
export function WeightsPanel({ trained, forItself }: { trained: RewardWeights; forItself: boolean }) {
  const { group } = useWorkspace()
  const weights = useGroup((state) => state.weights)
  const took = useGroup((state) => state.took)
  const rollouts = useGroup((state) => state.scored.reduce((sum, { rewards }) => sum + rewards.length, 0))
  const { weigh } = group.getState()
  const now = weights ?? trained
  const preset = presets.find((name) => sameData(rewardPresets[name], now)) ?? 'own'
  const words = t().group.weights
  return (
    <aside className="weights" aria-labelledby="weights-heading">
      <h2 className="unseen" id="weights-heading">
        {words.label}
      </h2>
      <header>
        <Select
          label={words.byName}
          value={preset}
          choices={[...presets.map((value) => ({ value, name: t().reward.presets[value].name })), { value: 'own' as const, name: sameData(now, trained) ? (forItself ? words.ofPlay : words.ofRun) : words.own }]}
          onChange={(name) => { if (name !== 'own') weigh(rewardPresets[name]) }}
        />
        <Button size="small" disabled={weights === null || sameData(weights, trained)} onClick={() => { weigh(null) }}>
          <RotateCcw aria-hidden /> {forItself ? words.resetPlayed : words.reset}
        </Button>
      </header>
      <WeightFields weights={now} onChange={weigh} />
      {took !== null && (
        <p className="weights-took quiet">
          {words.took(rollouts, took < 1 ? words.underOne : took.toFixed(0))}
        </p>
      )}
    </aside>
  )
}
