// What new weights change in a group, in words: whose advantage changes its sign, which change places. Pure.
import type { RescoredGroup, ScoredGroup } from '../../../core/training/rescore.ts'
import { signed } from '../../format.ts'
import { t } from '../../locales/index.ts'

interface GroupChanges {
  /** Rollouts, counted from 1, whose advantage has another sign now. */
  sign: number[]
  /** Rollouts, counted from 1, that have another rank now. */
  rank: number[]
}

/** Which rollouts new weights treat differently. */
export function changesOf(then: ScoredGroup, now: RescoredGroup): GroupChanges {
  return {
    sign: now.changed.map((i) => i + 1),
    rank: now.ranks.flatMap((rank, i) => (rank === then.ranks[i] ? [] : [i + 1])),
  }
}

/** "Rollouts 2 and 5 changed sign: 2 from +0.31 to −0.20, …. Rollout 3 changed rank." */
export function changeWords(then: ScoredGroup, now: RescoredGroup): string {
  const { sign, rank } = changesOf(then, now)
  const only = rank.filter((rollout) => !sign.includes(rollout))
  const words = t().group.changes
  const moves = sign.map((rollout) => words.move(rollout, signed(then.advantages[rollout - 1] ?? 0), signed(now.advantages[rollout - 1] ?? 0)))
  const ranks = only.length === 0 ? '' : words.ranks(only)
  if (now.zero_variance && !then.zero_variance) return words.flat
  if (sign.length === 0) return only.length === 0 ? words.none : `${words.noSign} ${ranks}`
  return `${words.sign(sign, moves)} ${ranks}`.trimEnd()
}
