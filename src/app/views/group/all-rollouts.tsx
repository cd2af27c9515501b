// All rollouts of a run as one table: search, filter, sort, and open one in Watch or its group here.
import { Columns3 } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { download } from '../../download.ts'
import { t } from '../../locales/index.ts'
import { useRollouts, useRuns, useWorkspace } from '../../state/context.tsx'
import { AnswerCell, Figure, TaskCell, ToolsCell, Whole } from '../../table/cells.tsx'
import { DataGrid, type GridColumn } from '../../table/data-grid.tsx'
import { FilterBar } from '../../table/filter-bar.tsx'
import { rolloutsCsv } from '../../table/table-csv.ts'
import type { RolloutTableRow } from '../../table/rows.ts'
import { useFiltered } from '../../table/use-filtered.ts'
import { ReadFailure } from '../../ui/read-failure.tsx'

interface Doings {
  onlyTask: (title: string) => void
  openGroup: (row: RolloutTableRow) => void
}

function columnsOf({ onlyTask, openGroup }: Doings): GridColumn<RolloutTableRow>[] {
  const { columns } = t().table
  const words = t().group.table
  return [
    { id: 'step', track: '3.4rem', number: true, head: columns.step, by: ({ step }) => step, cell: ({ step }) => <Whole value={step} /> },
    { id: 'rollout', track: '3.6rem', number: true, from: 58, head: columns.rollout, cell: ({ rollout }) => rollout + 1 },
    {
      id: 'task',
      track: 'minmax(11rem, 3fr)',
      head: columns.task,
      by: ({ title }) => title,
      cell: (row, active) => <TaskCell row={row} active={active} onOnly={() => { onlyTask(row.title) }} />,
    },
    { id: 'answer', track: 'minmax(7rem, 1.4fr)', head: columns.answer, by: ({ answer }) => answer, cell: (row) => <AnswerCell row={row} /> },
    { id: 'tools', track: 'minmax(8rem, 1.4fr)', from: 48, head: columns.tools, cell: ({ tools }) => <ToolsCell tools={tools} /> },
    { id: 'steps', track: '3.8rem', number: true, from: 72, head: columns.steps, by: ({ steps }) => steps, cell: ({ steps }) => <Whole value={steps} /> },
    { id: 'reward', track: '4.6rem', number: true, descendingFirst: true, head: columns.reward, by: ({ reward }) => reward, cell: ({ reward }) => <Figure value={reward} /> },
    {
      id: 'advantage',
      track: '5.4rem',
      number: true,
      descendingFirst: true,
      from: 40,
      head: columns.advantage,
      by: ({ advantage }) => advantage,
      cell: ({ advantage }) => <Figure value={advantage} />,
    },
    {
      id: 'group',
      track: '2rem',
      head: <span className="unseen">{words.group}</span>,
      cell: (row, active) => (
        <button type="button" className="cell-group" tabIndex={active ? 0 : -1} aria-label={words.openGroup} title={words.openGroup} onClick={() => { openGroup(row) }}>
          <Columns3 aria-hidden />
        </button>
      ),
    },
  ]
}

export function AllRollouts({ run }: { run: string }) {
  const workspace = useWorkspace()
  const { rollouts, group } = workspace
  const data = useRuns((state) => state.data[run])
  const rows = useRollouts((state) => state.rows)
  const filters = useRollouts((state) => state.filters)
  const sort = useRollouts((state) => state.sort)
  const read = useRollouts((state) => state.read)
  const of = useRollouts((state) => state.of)
  const forgotten = useRollouts((state) => state.forgotten)
  const failure = useRollouts((state) => state.failure)
  const steps = data?.state === 'ready' ? data.steps : null
  useEffect(() => {
    if (steps) void rollouts.getState().readSteps(steps.map(({ step }) => step))
  }, [rollouts, run, steps, forgotten])
  const { rows: shown, searching } = useFiltered(rows, filters)
  const columns = useMemo(
    () => columnsOf({
      onlyTask: (task) => { rollouts.getState().narrow({ ...rollouts.getState().filters, task }) },
      openGroup: (row) => {
        workspace.openRollouts(run, row.step)
        group.getState().chooseGroup(row.group)
        group.getState().chooseRollout(row.rollout)
      },
    }),
    [workspace, rollouts, group, run],
  )
  const words = t().group.table
  const { narrow, order } = rollouts.getState()
  const doing = read < of ? t().table.reading(read, of) : searching ? t().table.searching : null
  const problem = failure ?? (data?.state === 'failed' ? data.message : null)
  return (
    <div className="table rollouts-table">
      {problem !== null && (
        <ReadFailure onRetry={() => void workspace.reread()}>{words.notRead(problem)}</ReadFailure>
      )}
      <FilterBar label={words.search} filters={filters} onChange={narrow} steps shown={shown.length} all={rows.length} doing={doing} onCsv={() => { download(`agemem-rollouts-${run}.csv`, new Blob([rolloutsCsv(shown)], { type: 'text/csv' })) }} />
      {shown.length > 0 ? (
        <DataGrid
          label={words.label}
          rows={shown}
          columns={columns}
          sort={sort}
          onSort={order}
          onOpen={({ step, key }) => void workspace.openRollout({ run, step, key })}
          scroll={rollouts.getState().scroll}
          onLeave={(scroll) => { rollouts.setState({ scroll }) }}
        />
      ) : (
        doing === null && steps && <p className="table-nothing quiet">{rows.length === 0 ? words.none : t().table.nothing}</p>
      )}
    </div>
  )
}
