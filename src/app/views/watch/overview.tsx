// At the left of an episode: its phases, its tool calls, and, where there is room, its task.
import type { AnyTask } from '../../../core/record/task.ts'
import type { Trajectory } from '../../../core/record/trajectory.ts'
import { t } from '../../locales/index.ts'
import { hasTools } from '../../state/agent-names.ts'
import { answersByRule } from '../../state/config.ts'
import { useConfig } from '../../state/context.tsx'
import { late } from '../../ui/late.tsx'
import { Stages, ToolCounters } from './stages.tsx'
import { TaskPanel } from './task-panel.tsx'

const AgentNote = late(async () => (await import('../../ui/agent-note.tsx')).AgentNote)

interface OverviewProps {
  /** Null: none, or it stands elsewhere. */
  task: AnyTask | null
  trajectory: Trajectory | null
  /** Index of the step on show. */
  at: number
}

export function Overview({ task, trajectory, at }: OverviewProps) {
  const words = t().watch
  const chosen = useConfig((state) => state.agent)
  const planned = useConfig(answersByRule)
  const agent = trajectory?.setup.agent ?? chosen
  return (
    <aside className="overview" aria-label={words.overview}>
      <h2 className="label unseen">{words.stages}</h2>
      <Stages trajectory={trajectory} at={at} />
      {hasTools(agent) ? (
        <>
          <h2 className="label">{words.toolCalls}</h2>
          <ToolCounters trajectory={trajectory} at={at} />
        </>
      ) : (
        <AgentNote agent={agent} byRules={trajectory ? trajectory.setup.asides === 'rules' : planned} />
      )}
      {task && (
        <>
          <h2 className="label">{words.task}</h2>
          <TaskPanel task={task} trajectory={trajectory && trajectory.steps.length > 0 ? trajectory : null} at={at} />
        </>
      )}
    </aside>
  )
}
