// What new weights change in a group, in words: whose advantage changes its sign, which change places. Pure.
import type { RescoredGroup, ScoredGroup } from '../../../core/training/rescore.ts'
import { signed } from '../../format.ts'

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

const list = (numbers: readonly number[]): string => (numbers.length < 2 ? numbers.join('') : `${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1) ?? ''}`)
const rollouts = (numbers: readonly number[]) => `${numbers.length === 1 ? 'Rollout' : 'Rollouts'} ${list(numbers)}`

/** "Rollouts 2 and 5 changed sign: 2 from +0.31 to −0.20, …. 3 others changed places." */
export function changeWords(then: ScoredGroup, now: RescoredGroup): string {
  const { sign, rank } = changesOf(then, now)
  const only = rank.filter((rollout) => !sign.includes(rollout))
  const moves = sign.map((rollout) => `${rollout} from ${signed(then.advantages[rollout - 1] ?? 0)} to ${signed(now.advantages[rollout - 1] ?? 0)}`)
  const places = `${rollouts(only)} changed places.`
  if (now.zero_variance && !then.zero_variance) return 'Under these weights all rollouts get the same reward: the group would teach nothing.'
  if (sign.length === 0) return only.length === 0 ? 'No rollout changes its sign or its place.' : `No rollout changes its sign. ${places}`
  return `${rollouts(sign)} changed sign: ${moves.join(', ')}.${only.length === 0 ? '' : ` ${places}`}`
}
