// Names of the episodes of a group that was played for itself: the key says which rollout it is, and so what it is seeded by.

/** Rollouts of such a group. */
export const groupSizes = { least: 2, most: 8, usual: 4 } as const

export const groupRolloutKey = (group: string, rollout: number): string => `${group}-r${rollout}`

/** null: it is of no such group. */
export function groupRolloutIn(key: string): { group: string; rollout: number } | null {
  const [, group, rollout] = /^(.+)-r(\d)$/.exec(key) ?? []
  return group === undefined ? null : { group, rollout: Number(rollout) }
}
