// The rollouts of one task side by side, without a training: played anew, or as they are kept.
import { messageOf } from '../../core/error-message.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { trainPresets } from '../../core/training/config.ts'
import { groupRolloutKey, groupSizes } from '../../rpc/group-key.ts'
import { t } from '../locales/index.ts'
import { weightsOf } from '../state/config.ts'
import type { Action, Context } from './action.ts'
import { requested } from './run.ts'

const scoringOf = ({ config }: Context) => ({
  weights: weightsOf(config.getState()),
  // Eq. 5, by the group's own μ and σ.
  advantage: trainPresets.paper.advantage,
})

/** Plays so many rollouts of the task that the configuration names, records them, and shows them in Group. */
export const playGroup: Action<(rollouts: number, under?: string) => Promise<void>> = {
  perform: (context) => async (rollouts, under) => {
    const { backend, library, ui, workspace } = context
    const { notify, setView } = ui.getState()
    const words = t().play.group
    const request = await requested(context, { stay: true, ...(under === undefined ? {} : { key: under }) })
    if (!request) return
    if (request.policy.name === 'person') {
      notify({ tone: 'warn', text: words.noPerson })
      return
    }
    workspace.rollouts.getState().show(null)
    setView('group')
    const played: Trajectory[] = []
    const give = async (tell: Parameters<ReturnType<typeof backend.lab>['playGroup']>[2]) => {
      const { trajectories, saved } = await backend.lab().playGroup(request, rollouts, tell)
      played.push(...trajectories)
      if (!saved) notify({ tone: 'warn', text: words.unsaved })
      return trajectories.filter(({ status }) => status === 'complete')
    }
    try {
      const shown = await workspace.group.getState().take(request.key, rollouts, give, scoringOf(context))
      const failure = played.find((each) => each.failure !== null)?.failure ?? null
      if (failure !== null) notify({ tone: 'error', text: words.failed(failure) })
      else if (!shown) notify({ tone: 'info', text: words.stopped })
    } catch (error) {
      notify({ tone: 'error', text: words.failed(messageOf(error)) })
    }
    await library.getState().refresh()
  },
}

/**
 * Shows a group as it is kept.
 * @param rollouts how many are played when it is not kept; null: none
 */
export const openGroup: Action<(key: string, rollouts: number | null) => Promise<void>> = {
  perform: (context) => async (key, rollouts) => {
    const { actions, library, ui, workspace } = context
    const places = Array.from({ length: groupSizes.most }, (_, rollout) => groupRolloutKey(key, rollout))
    const read = async () => {
      const all = await Promise.all(places.map((each) => library.getState().get(each).catch(() => null)))
      return all.filter((each): each is Trajectory => each?.status === 'complete')
    }
    const { group } = workspace
    if (group.getState().at?.run === key && group.getState().loaded.state !== 'none') return
    const kept = await read()
    if (kept.length >= groupSizes.least) await group.getState().take(key, kept.length, () => Promise.resolve(kept), scoringOf(context))
    else if (rollouts !== null) await actions.playGroup(rollouts, key)
    else {
      group.getState().close()
      ui.getState().notify({ tone: 'warn', topic: 'link', text: t().play.group.gone })
    }
  },
}

export const stopGroup: Action<() => void> = {
  perform: ({ backend, workspace }) => () => {
    const { at, loaded } = workspace.group.getState()
    if (at && loaded.state === 'playing') void backend.lab().stop(at.run).catch(() => undefined)
  },
}
