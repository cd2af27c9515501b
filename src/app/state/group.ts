// The rollouts of one training step and the weights that they are scored with. Components are measured once, when the
// rollouts are read; weights only put them together anew.
import { createStore, type StoreApi } from 'zustand'
import type { Trajectory } from '../../core/record/trajectory.ts'
import type { AdvantageOptions } from '../../core/training/advantages.ts'
import type { TrainConfig } from '../../core/training/config.ts'
import { rescore, scoreGroup, type RescoredGroup, type ScoredGroup } from '../../core/training/rescore.ts'
import type { RewardComponents, RewardWeights } from '../../core/reward/reward.ts'
import { measure } from '../../core/reward/score.ts'
import type { GroupProgress } from '../../rpc/contracts.ts'
import { groupSizes } from '../../rpc/group-key.ts'
import { messageOf } from '../../core/error-message.ts'

interface PlayedRollout {
  trajectory: Trajectory
  components: RewardComponents
}

/** The rollouts of one task. */
export interface PlayedGroup {
  task: string
  rollouts: PlayedRollout[]
  /** As they were scored in training. */
  then: ScoredGroup
}

export type Loaded =
  | { state: 'none' }
  | { state: 'reading' }
  /** Its rollouts are being played; null: nothing is known yet. */
  | { state: 'playing'; of: number; progress: GroupProgress | null }
  | { state: 'failed'; message: string }
  /** The step's rollouts are not kept any more. */
  | { state: 'gone' }
  | { state: 'ready'; groups: PlayedGroup[]; weights: RewardWeights; advantage: AdvantageOptions }

type Ready = Extract<Loaded, { state: 'ready' }>

/** A group that belongs to no training. */
export const isForItself = (at: GroupState['at']): boolean => at?.step === 0

export interface GroupState {
  /** Which step of which run; step 0: a group that was played for itself, under this key, of so many rollouts. */
  at: { run: string; step: number; rollouts?: number } | null
  loaded: Loaded
  /** Index of the group on show. */
  group: number
  /** Index of the rollout that the formula is filled in for. */
  rollout: number
  /** Its tokens are on show. */
  tokens: boolean
  /** Weights in force; null: those of the training. */
  weights: RewardWeights | null
  /** Every group of the step under the weights in force. */
  scored: RescoredGroup[]
  /** How long scoring took, ms. */
  took: number | null
  /** Reads the rollouts of a step. Never rejects. */
  open(run: string, step: number, config: Pick<TrainConfig, 'reward' | 'advantage'>): Promise<void>
  /**
   * Shows a group that is played for itself, or was.
   * @param rollouts how many there are to be
   * @param give its rollouts that are over, fewer than two where it was stopped; tells how far they are
   * @returns false when there is nothing to compare; nothing is on show then. @throws what give() does
   */
  take(key: string, rollouts: number, give: (tell: (progress: GroupProgress) => void) => Promise<Trajectory[]>, scoring: Pick<Ready, 'weights' | 'advantage'>): Promise<boolean>
  /** Nothing is on show any more. */
  close(): void
  chooseGroup(group: number): void
  chooseRollout(rollout: number): void
  showTokens(tokens: boolean): void
  weigh(weights: RewardWeights | null): void
}

export type GroupStore = StoreApi<GroupState>

/** Rollouts of one task stand together, in the order in which tasks come. */
function groupsOf(trajectories: readonly Trajectory[], weights: RewardWeights, advantage: AdvantageOptions): PlayedGroup[] {
  const byTask = new Map<string, PlayedRollout[]>()
  for (const trajectory of trajectories) {
    const rollouts = byTask.get(trajectory.id.task) ?? []
    rollouts.push({ trajectory, components: measure(trajectory) })
    byTask.set(trajectory.id.task, rollouts)
  }
  return [...byTask].map(([task, rollouts]) => ({ task, rollouts, then: scoreGroup(rollouts.map(({ components }) => components), weights, advantage) }))
}

/** @param now a monotonic clock, ms */
export function createGroupStore(read: (run: string, step: number) => Promise<Trajectory[]>, now: () => number): GroupStore {
  return createStore<GroupState>((set, get) => {
    const under = (loaded: Loaded, weights: RewardWeights | null): Pick<GroupState, 'weights' | 'scored' | 'took'> => {
      if (loaded.state !== 'ready') return { weights, scored: [], took: null }
      const from = now()
      const scored = rescore(loaded.groups.map(({ rollouts }) => rollouts.map(({ components }) => components)), { then: loaded.weights, now: weights ?? loaded.weights }, loaded.advantage)
      return { weights, scored, took: now() - from }
    }
    return {
      at: null,
      loaded: { state: 'none' },
      group: 0,
      rollout: 0,
      tokens: false,
      weights: null,
      scored: [],
      took: null,
      async open(run, step, { reward, advantage }) {
        const before = get()
        if (before.at?.run === run && before.at.step === step && before.loaded.state === 'ready') return
        // The weights stay while one goes from step to step of a run.
        const weights = before.at?.run === run ? before.weights : null
        set({ at: { run, step }, loaded: { state: 'reading' }, rollout: 0, group: before.at?.run === run ? before.group : 0 })
        const current = () => get().at?.run === run && get().at?.step === step
        try {
          const trajectories = await read(run, step)
          if (!current()) return
          const loaded: Loaded = trajectories.length === 0 ? { state: 'gone' } : { state: 'ready', groups: groupsOf(trajectories, reward.weights, advantage), weights: reward.weights, advantage }
          set({ loaded, ...under(loaded, weights) })
        } catch (error) {
          if (current()) set({ loaded: { state: 'failed', message: messageOf(error) } })
        }
      },
      async take(key, rollouts, give, { weights, advantage }) {
        const at = { run: key, step: 0, rollouts }
        const current = () => get().at === at
        set({ at, loaded: { state: 'playing', of: rollouts, progress: null }, rollout: 0, group: 0, ...under({ state: 'none' }, null) })
        try {
          const over = await give((progress) => { if (current()) set({ loaded: { state: 'playing', of: rollouts, progress } }) })
          if (!current()) return true
          if (over.length < groupSizes.least) {
            get().close()
            return false
          }
          const loaded: Loaded = { state: 'ready', groups: groupsOf(over, weights, advantage), weights, advantage }
          set({ loaded, ...under(loaded, null) })
          return true
        } catch (error) {
          if (current()) get().close()
          throw error
        }
      },
      close: () => { set({ at: null, loaded: { state: 'none' }, group: 0, rollout: 0, tokens: false, weights: null, scored: [], took: null }) },
      chooseGroup: (group) => { set({ group, rollout: 0 }) },
      chooseRollout: (rollout) => { set({ rollout }) },
      showTokens: (tokens) => { set({ tokens }) },
      weigh: (weights) => { set((state) => under(state.loaded, weights)) },
    }
  })
}

/** Index of the group on show: a step may have fewer than the one before. */
export function groupShown({ loaded, group }: Pick<GroupState, 'loaded' | 'group'>): number {
  return loaded.state === 'ready' ? Math.min(group, loaded.groups.length - 1) : 0
}
