// Group: the rollouts of one task beside each other.
import { groupShown } from '../../state/group.ts'
import type { Stores } from '../../state/context.tsx'
import { runOf } from '../../state/runs.ts'
import { t } from '../../locales/index.ts'
import type { ViewModule } from '../../view.ts'
import { neighbours } from './neighbours.ts'

declare module '../../state/ui.ts' {
  interface Views {
    group: true
  }
}

/** The columns; none where the table of all rollouts is on show. */
function rolloutsShown({ workspace: { group, rollouts } }: Stores) {
  const state = group.getState()
  if (rollouts.getState().shown) return []
  return state.loaded.state === 'ready' ? (state.loaded.groups[groupShown(state)]?.rollouts ?? []) : []
}

/** To the step of the run before or after this one. */
function toStep({ workspace }: Stores, which: 'previous' | 'next'): void {
  const { at } = workspace.group.getState()
  if (!at || workspace.rollouts.getState().shown) return
  const state = workspace.runs.getState()
  const step = neighbours(at, state.data[at.run], runOf(state, at.run))[which]
  if (step !== null) workspace.openRollouts(at.run, step)
}

function toTask({ workspace: { group, rollouts } }: Stores, by: 1 | -1): void {
  const state = group.getState()
  if (rollouts.getState().shown || state.loaded.state !== 'ready') return
  const count = state.loaded.groups.length
  state.chooseGroup((groupShown(state) + by + count) % count)
}

const choose = (index: number) => (stores: Stores) => {
  if (index < rolloutsShown(stores).length) stores.workspace.group.getState().chooseRollout(index)
}

export const group: ViewModule = {
  title: () => t().frame.views.group,
  load: async () => (await import('./group.tsx')).GroupView,
  shortcuts: [
    {
      shown: '1…8',
      help: () => t().group.keys.rollout,
      keys: Object.fromEntries(Array.from({ length: 9 }, (_, index) => [String(index + 1), choose(index)])),
    },
    {
      shown: '← →',
      help: () => t().group.keys.step,
      keys: { ArrowLeft: (stores) => { toStep(stores, 'previous') }, ArrowRight: (stores) => { toStep(stores, 'next') } },
    },
    {
      shown: '↑ ↓',
      help: () => t().group.keys.task,
      keys: { ArrowUp: (stores) => { toTask(stores, -1) }, ArrowDown: (stores) => { toTask(stores, 1) } },
    },
    {
      shown: 'T',
      help: () => t().group.keys.tokens,
      keys: {
        t: ({ workspace }) => {
          const { tokens, showTokens } = workspace.group.getState()
          showTokens(!tokens)
        },
      },
    },
    {
      shown: 'Enter',
      help: () => t().group.keys.watch,
      keys: {
        Enter: (stores) => {
          const chosen = rolloutsShown(stores)[stores.workspace.group.getState().rollout]
          if (chosen) stores.workspace.watch(chosen.trajectory)
        },
      },
    },
  ],
  place({ group: { at, group: task }, rollouts }) {
    if (rollouts.shown) return { run: rollouts.run }
    return at ? { run: at.run, runStep: at.step, group: task } : {}
  },
  async show({ workspace, actions }, { run, runStep, group: task }) {
    const { group } = workspace
    if (run === null) {
      group.getState().close()
      workspace.rollouts.getState().show(null)
    } else if (runStep === null) workspace.openTable(run)
    else if (runStep === 0) await actions.openGroup(run, null)
    else {
      workspace.openRollouts(run, runStep)
      group.getState().chooseGroup(task ?? 0)
    }
  },
}
