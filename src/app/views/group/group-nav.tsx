// Which step of which run, and which of its tasks: each task with the advantages of its rollouts in small.
import { familyOf } from '../../../core/environments/families.ts'
import type { AnyTask } from '../../../core/record/task.ts'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { t } from '../../locales/index.ts'
import { useWorkspace, useGroup, useRuns } from '../../state/context.tsx'
import { runOf } from '../../state/runs.ts'
import { Breadcrumb } from '../../ui/breadcrumb.tsx'
import { Button } from '../../ui/button.tsx'
import { NumberField } from '../../ui/fields.tsx'
import { signed } from '../../format.ts'
import { groupShown, type PlayedGroup } from '../../state/group.ts'
import { neighbours } from './neighbours.ts'

/** From the run to the step whose rollouts are on show, and the weights that they were played with. */
export function StepNav() {
  const { showRun, openRollouts } = useWorkspace()
  const at = useGroup((state) => state.at)
  const run = useRuns((state) => runOf(state, at?.run ?? null))
  const data = useRuns((state) => (at ? state.data[at.run] : undefined))
  if (!at) return null
  const words = t().group.nav
  const { previous, next, first, last } = neighbours(at, data, run)
  const go = (step: number | null) => { if (step !== null) openRollouts(at.run, step) }
  const step = (
    <span className="step-nav">
      <Button shape="icon" size="small" aria-label={words.previous} title={words.key(words.previous, '←')} disabled={previous === null} onClick={() => { go(previous) }}>
        <ChevronLeft aria-hidden />
      </Button>
      <NumberField label={words.step} name={words.stepOfRun} value={at.step} min={first} max={last} onChange={go} />
      <span className="quiet">{words.of(last)}</span>
      <Button shape="icon" size="small" aria-label={words.next} title={words.key(words.next, '→')} disabled={next === null} onClick={() => { go(next) }}>
        <ChevronRight aria-hidden />
      </Button>
    </span>
  )
  return (
    <Breadcrumb
      label={words.label}
      crumbs={[{ text: run?.name ?? words.run, title: words.toRun, onGo: () => { showRun(at.run) } }, { text: step }]}
    >
      {run && (at.step > 1 ? words.weights(run.model, at.step - 1) : run.from === undefined ? words.weightsBase(run.model) : words.weightsFrom(run.model))}
    </Breadcrumb>
  )
}

function Dots({ advantages }: { advantages: readonly number[] }) {
  const largest = Math.max(0.01, ...advantages.map(Math.abs))
  return (
    <span className="task-dots" role="img" aria-label={t().group.nav.advantages(advantages.map((value) => signed(value)).join(', '))}>
      {advantages.map((value, i) => (
        <span key={i} data-sign={value > 0 ? 'up' : value < 0 ? 'down' : 'none'} style={{ '--size': `${(Math.abs(value) / largest) * 50}%` }} />
      ))}
    </span>
  )
}

const titleOf = (task: AnyTask | undefined) => task && familyOf(task).title(task)

export function TaskTabs({ groups }: { groups: readonly PlayedGroup[] }) {
  const { group } = useWorkspace()
  const shown = useGroup(groupShown)
  const scored = useGroup((state) => state.scored)
  const words = t().group.nav
  return (
    <div className="task-tabs" role="group" aria-label={words.tasks}>
      {groups.map(({ task, rollouts }, i) => (
        <button key={task} type="button" className="task-tab" aria-pressed={i === shown} title={i === 0 ? words.tasksKey : undefined} onClick={() => { group.getState().chooseGroup(i) }}>
          <span className="task-tab-query">{titleOf(rollouts[0]?.trajectory.task) ?? task}</span>
          <span className="task-tab-foot">
            <Dots advantages={scored[i]?.advantages ?? []} />
            {scored[i]?.zero_variance && <span className="quiet">{words.alike}</span>}
            {(scored[i]?.changed.length ?? 0) > 0 && <span className="task-tab-changed">{words.changedSign(scored[i]?.changed.length ?? 0)}</span>}
          </span>
        </button>
      ))}
    </div>
  )
}
