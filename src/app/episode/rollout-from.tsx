// Of a rollout of a run: which run, step, task and rollout it is, with which weights it was played, and the way back to each.
import { t } from '../locales/index.ts'
import { useRollouts, useRuns, useWorkspace } from '../state/context.tsx'
import type { Shown } from '../state/episode.ts'
import { runOf } from '../state/runs.ts'
import { rolloutOf } from '../state/training-workspace.ts'
import { Breadcrumb, type Crumb } from '../ui/breadcrumb.tsx'

export function RolloutFrom({ shown }: { shown: Shown }) {
  const { group, openRollouts, openTable, showRun } = useWorkspace()
  const place = rolloutOf(shown)
  const run = useRuns((state) => runOf(state, place?.run ?? null))
  const table = useRollouts((state) => state.run)
  if (!place || !run) return null
  const words = t().group
  const { task, rollout } = shown.trajectory.id
  const toGroup = () => {
    openRollouts(run.key, place.runStep)
    const { loaded, chooseGroup, chooseRollout } = group.getState()
    if (loaded.state !== 'ready') return
    const index = loaded.groups.findIndex((each) => each.task === task)
    if (index >= 0) chooseGroup(index)
    if (index >= 0) chooseRollout(rollout)
  }
  const crumbs: Crumb[] = [
    { text: run.name, title: words.nav.toRun, onGo: () => { showRun(run.key) } },
    ...(table === run.key ? [{ text: words.table.title, onGo: () => { openTable(run.key) } }] : []),
    { text: words.nav.stepNumber(place.runStep), title: words.table.openGroup, onGo: toGroup },
    { text: words.columns.one(rollout + 1) },
  ]
  const { runStep } = place
  const weights = runStep > 1 ? words.nav.weights(run.model, runStep - 1) : run.from === undefined ? words.nav.weightsBase(run.model) : words.nav.weightsFrom(run.model)
  return (
    <div className="rollout-from">
      <Breadcrumb label={words.nav.rolloutFrom} crumbs={crumbs}>
        {weights}
      </Breadcrumb>
    </div>
  )
}
