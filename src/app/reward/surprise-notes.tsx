// What of a reward may surprise, said beside it with the episode's own numbers.
import { Info } from 'lucide-react'
import type { Trajectory } from '../../core/record/trajectory.ts'
import type { RewardWeights } from '../../core/reward/reward.ts'
import type { Scored } from '../../core/reward/score.ts'
import { surprisesOf, type Surprise } from '../../core/reward/surprises.ts'
import { integer, signed } from '../format.ts'
import { t } from '../locales/index.ts'
import './surprises.css'

function surpriseSentence(surprise: Surprise): string {
  return t().surprises.because[surprise.kind]({
    points: 'points' in surprise ? signed(surprise.points) : '',
    total: 'total' in surprise ? signed(surprise.total) : '',
    sum: 'sum' in surprise ? signed(surprise.sum) : '',
    step: 'step' in surprise ? surprise.step + 1 : 0,
    memory: 'memory' in surprise ? surprise.memory : '',
    used: 'used' in surprise ? integer(surprise.used) : '',
    limit: 'limit' in surprise ? integer(surprise.limit) : '',
  })
}

/** Nothing where nothing surprises. */
export function SurpriseNotes({
  trajectory,
  scored,
  weights,
}: {
  trajectory: Trajectory
  scored: Scored
  weights: RewardWeights
}) {
  const found = surprisesOf(trajectory, scored.components, scored.reward, weights)
  if (found.length === 0) return null
  return (
    <ul className="surprises" aria-label={t().surprises.title}>
      {found.map((surprise) => (
        <li key={surprise.kind} data-about={surprise.about}>
          <Info aria-hidden />
          <span>{surpriseSentence(surprise)}</span>
        </li>
      ))}
    </ul>
  )
}
