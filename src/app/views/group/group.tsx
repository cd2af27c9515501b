// The Group view: the rollouts of one task side by side, how each compares with the others, and what other weights of
// the reward would make of them.
import { familyOf } from '../../../core/environments/families.ts'
import { useMemo } from 'react'
import { useWorkspace, useGroup, useRuns } from '../../state/context.tsx'
import { runOf } from '../../state/runs.ts'
import { Button } from '../../ui/button.tsx'
import { ReadFailure } from '../../ui/read-failure.tsx'
import { Term } from '../../ui/term.tsx'
import { changeWords } from './changes.ts'
import { Formula } from './formula.tsx'
import { StepNav, TaskTabs } from './group-nav.tsx'
import { partsOf, scaleOf } from './reward-strip.tsx'
import { RolloutColumn } from './rollout-column.tsx'
import { viewOf } from './rollout-view.ts'
import { groupShown, type Loaded, type PlayedGroup } from '../../state/group.ts'
import { UpdateTokens } from './update-tokens.tsx'
import { WeightsPanel } from './weights-panel.tsx'

type Ready = Extract<Loaded, { state: 'ready' }>

function Columns({ loaded, played, index }: { loaded: Ready; played: PlayedGroup; index: number }) {
  const before = loaded.groups.slice(0, index).reduce((sum, { rollouts }) => sum + rollouts.length, 0)
  const { group, watch } = useWorkspace()
  const weights = useGroup((state) => state.weights) ?? loaded.weights
  const now = useGroup((state) => state.scored[index])
  const chosen = useGroup((state) => state.rollout)
  const views = useMemo(() => played.rollouts.map(({ trajectory, components }) => viewOf(trajectory, components)), [played])
  if (!now) return null
  const chosenRollout = played.rollouts[chosen]
  const parts = played.rollouts.map(({ components }) => partsOf(components, weights))
  const scale = scaleOf(parts)
  const largest = Math.max(...now.advantages.map(Math.abs), ...played.then.advantages.map(Math.abs))
  return (
    <>
      <Formula group={now} rollout={chosen} advantage={loaded.advantage} />
      <p className="group-changes" role="status" data-quiet={weights === loaded.weights}>
        {weights === loaded.weights ? 'Move a weight: rewards, advantages and ranks follow at once.' : changeWords(played.then, now)}
      </p>
      <ol className="columns" aria-label="Rollouts">
        {played.rollouts.map(({ trajectory }, i) => {
          const view = views[i]
          return (
            view && (
              <RolloutColumn
                key={i}
                index={i}
                trajectory={trajectory}
                view={view}
                standing={{
                  total: now.rewards[i]?.total ?? 0,
                  rank: now.ranks[i] ?? 0,
                  rankThen: played.then.ranks[i] ?? 0,
                  advantage: now.advantages[i] ?? 0,
                  advantageThen: played.then.advantages[i] ?? 0,
                  largest,
                  parts: parts[i] ?? [],
                  scale,
                }}
                chosen={i === chosen}
                onChoose={group.getState().chooseRollout}
                onWatch={watch}
              />
            )
          )
        })}
      </ol>
      {chosenRollout && <UpdateTokens index={before + chosen} shown={chosen + 1} trajectory={chosenRollout.trajectory} />}
    </>
  )
}

function Task({ played }: { played: PlayedGroup }) {
  const task = played.rollouts[0]?.trajectory.task
  if (!task) return null
  const family = familyOf(task)
  return (
    <p className="group-task">
      <strong>{family.title(task)}</strong> <span className="quiet">Expected:</span> {family.expected(task)}
    </p>
  )
}

/** Nothing is open: which steps there are to open. */
function Nothing() {
  const { openRollouts, showRun } = useWorkspace()
  const runs = useRuns((state) => state.runs)
  const recent = runs?.filter(({ steps }) => steps > 0).slice(0, 5) ?? []
  return (
    <div className="empty">
      <h2>A group: the rollouts of one task, side by side</h2>
      <p className="quiet">
        What each stored and answered, how it was rewarded, and which are made likelier. Click a point in a chart of a run to open its <Term name="rollout">rollouts</Term>.
      </p>
      {recent.length > 0 ? (
        <div className="group-recent">
          {recent.map(({ key, name, steps }) => (
            <Button key={key} onClick={() => { openRollouts(key, steps) }}>
              {name}, step {steps}
            </Button>
          ))}
        </div>
      ) : (
        <Button look="primary" onClick={() => { showRun(null) }}>
          Go and train
        </Button>
      )}
    </div>
  )
}

function Content({ loaded }: { loaded: Loaded }) {
  const shown = useGroup(groupShown)
  const at = useGroup((state) => state.at)
  const { openRollouts } = useWorkspace()
  const lost = useRuns((state) => runOf(state, at?.run ?? null)?.gone?.rollouts.some(([first, last]) => at !== null && first <= at.step && at.step <= last) ?? false)
  switch (loaded.state) {
    case 'none':
      return null
    case 'reading':
      return <p className="quiet group-note">Reading the rollouts…</p>
    case 'failed':
      return (
        <ReadFailure className="group-note" onRetry={() => { if (at) openRollouts(at.run, at.step) }}>
          The rollouts could not be read. {loaded.message}
        </ReadFailure>
      )
    case 'gone':
      return <p className="quiet group-note">{lost ? 'The rollouts of this step are gone: the browser’s data were deleted. Its metrics may be in the charts still.' : 'The rollouts of this step are not kept any more: of long runs, only some steps keep theirs. Its metrics are in the charts; try a step nearby.'}</p>
    case 'ready': {
      const played = loaded.groups[shown]
      return (
        <div className="group-body">
          <WeightsPanel trained={loaded.weights} />
          <div className="group-main" tabIndex={0} role="region" aria-label="Group">
            <TaskTabs groups={loaded.groups} />
            {played && <Task played={played} />}
            {played && <Columns key={`${at?.step ?? 0}-${shown}`} loaded={loaded} played={played} index={shown} />}
          </div>
        </div>
      )
    }
  }
}

export function GroupView() {
  const loaded = useGroup((state) => state.loaded)
  return (
    <main className="group" id="main" aria-label="Group of rollouts">
      {loaded.state === 'none' ? (
        <Nothing />
      ) : (
        <>
          <header className="group-head">
            <StepNav />
          </header>
          <Content loaded={loaded} />
        </>
      )}
    </main>
  )
}
