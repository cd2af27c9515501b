// The recorded episodes: search, filter, open, export, import, delete.
import { Download, FileUp, Trash2 } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import type { EpisodeSummary } from '../../../rpc/contracts.ts'
import { download } from '../../download.ts'
import { moment } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { useEpisode, useLibrary, useStores } from '../../state/context.tsx'
import { AnswerCell, Figure, TaskCell, ToolsCell, Whole } from '../../table/cells.tsx'
import { DataGrid, type GridColumn } from '../../table/data-grid.tsx'
import { FilterBar } from '../../table/filter-bar.tsx'
import { rowOfEpisode, type EpisodeTableRow } from '../../table/rows.ts'
import { episodesCsv } from '../../table/table-csv.ts'
import { useFiltered } from '../../table/use-filtered.ts'
import { agentWords } from '../../ui/agents.ts'
import { Button } from '../../ui/button.tsx'
import { Sketch } from '../../ui/sketch.tsx'
import { MenuHead, MenuLine, MoreMenu } from '../../ui/more-menu.tsx'
import { ReadFailure } from '../../ui/read-failure.tsx'
import { exportEpisodesToShow } from '../../runs/shown-export.ts'
import { ViewerLines } from '../../runs/shown-lines.tsx'
import { exportAll, exportOne } from './export.ts'

function RowMenu({ episode, active }: { episode: EpisodeSummary; active: boolean }) {
  const stores = useStores()
  const words = t().episodes
  return (
    <MoreMenu of={episode.query} tabIndex={active ? 0 : -1}>
      <MenuLine name={words.exportOne} icon={Download} onChoose={() => void exportOne(stores, episode.key)} />
      <MenuLine name={words.remove} icon={Trash2} onChoose={() => void stores.actions.remove(episode.key)} />
    </MoreMenu>
  )
}

function noteOf({ source, saved }: EpisodeSummary): string {
  const names: Readonly<Record<string, string>> = t().episodes.sources
  return [names[source] ?? source, ...(saved ? [] : [t().table.notSaved])].join(' · ')
}

function PolicyCell({ summary: { policy, agent } }: { summary: EpisodeSummary }) {
  return (
    <>
      <span className="cell-policy" title={policy}>
        {policy}
      </span>
      {agent !== undefined && <span className="cell-note quiet">{agentWords(agent)}</span>}
    </>
  )
}

function columnsOf(now: number): GridColumn<EpisodeTableRow>[] {
  const { columns } = t().table
  return [
    { id: 'task', track: 'minmax(11rem, 3fr)', head: columns.question, by: ({ title }) => title, cell: (row, active) => <TaskCell row={row} active={active} note={noteOf(row.summary)} /> },
    { id: 'policy', track: 'minmax(5rem, 1fr)', head: columns.policy, by: ({ summary }) => `${summary.policy} ${summary.agent ?? ''}`, cell: ({ summary }) => <PolicyCell summary={summary} /> },
    { id: 'answer', track: 'minmax(7rem, 1.6fr)', head: columns.answer, by: ({ answer }) => answer, cell: (row) => <AnswerCell row={row} stopped={row.summary.status === 'partial'} /> },
    { id: 'tools', track: 'minmax(8rem, 1.4fr)', from: 62, head: columns.tools, cell: ({ tools }) => <ToolsCell tools={tools} /> },
    { id: 'steps', track: '3.8rem', number: true, from: 40, head: columns.steps, by: ({ steps }) => steps, cell: ({ steps }) => <Whole value={steps} /> },
    {
      id: 'reward',
      track: '4.6rem',
      number: true,
      descendingFirst: true,
      head: <span title={t().episodes.rewardHint}>{columns.reward}</span>,
      by: ({ reward }) => reward,
      cell: ({ reward }) => <Figure value={reward} />,
    },
    {
      id: 'recorded',
      track: '9rem',
      number: true,
      descendingFirst: true,
      from: 46,
      head: columns.recorded,
      by: ({ summary }) => summary.recorded,
      cell: ({ summary }) => <span className="quiet">{moment(summary.recorded, now)}</span>,
    },
    { id: 'more', track: '2.4rem', head: <span className="unseen">{columns.more}</span>, cell: ({ summary }, active) => <RowMenu episode={summary} active={active} /> },
  ]
}

function ImportButton() {
  const input = useRef<HTMLInputElement>(null)
  const { actions } = useStores()
  const words = t().episodes
  return (
    <>
      <Button onClick={() => input.current?.click()}>
        <FileUp aria-hidden /> {words.import}
      </Button>
      <input
        ref={input}
        className="unseen"
        type="file"
        accept=".json,.jsonl,application/json"
        aria-label={words.importLabel}
        tabIndex={-1}
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file) void actions.importEpisodes(file)
        }}
      />
    </>
  )
}

function List({ episodes }: { episodes: readonly EpisodeSummary[] }) {
  const { actions, library } = useStores()
  const now = useLibrary((state) => state.asOf)
  const digests = useLibrary((state) => state.digests)
  const filters = useLibrary((state) => state.filters)
  const sort = useLibrary((state) => state.sort)
  const shown = useEpisode((state) => state.shown?.key)
  useEffect(() => { void library.getState().readDigests() }, [library, episodes])
  const rows = useMemo(() => episodes.map((summary) => rowOfEpisode(summary, digests.get(summary.key))), [episodes, digests])
  const agents = useMemo(() => [...new Set(rows.map(({ agent = 'agemem' }) => agent))].sort(), [rows])
  const { rows: found, searching } = useFiltered(rows, filters)
  // The time of day is of when the list was read.
  const columns = useMemo(() => columnsOf(now), [now])
  const left = rows.filter(({ key }) => !digests.has(key)).length
  const doing = left > 0 ? t().episodes.readingTexts(left) : searching ? t().table.searching : null
  return (
    <div className="table">
      <FilterBar
        label={t().episodes.search}
        filters={filters}
        onChange={(next) => { library.setState({ filters: next }) }}
        steps={false}
        agents={agents}
        shown={found.length}
        all={rows.length}
        doing={doing}
        onCsv={() => { download('agemem-episodes.csv', new Blob([episodesCsv(found)], { type: 'text/csv' })) }}
      />
      {found.length > 0 ? (
        <DataGrid
          label={t().episodes.label}
          rows={found}
          columns={columns}
          sort={sort}
          onSort={(next) => { library.setState({ sort: next }) }}
          onOpen={({ key }) => void actions.open(key)}
          current={shown ?? null}
        />
      ) : (
        doing === null && <p className="table-nothing quiet">{t().table.nothing}</p>
      )}
    </div>
  )
}

export function Library() {
  const episodes = useLibrary((state) => state.episodes)
  const failure = useLibrary((state) => state.failure)
  const stores = useStores()
  const words = t().episodes
  return (
    <main className="library library-table" id="main" aria-label={words.label}>
      <header>
        <div>
          <h2>{words.title}</h2>
          <p className="quiet">{words.about}</p>
        </div>
        <div className="library-actions">
          <ImportButton />
          <Button disabled={!episodes || episodes.length === 0} onClick={() => void exportAll(stores)}>
            <Download aria-hidden /> {words.exportAll}
          </Button>
          {episodes && episodes.length > 0 && (
            <MoreMenu of={words.exportAll}>
              <MenuHead>{words.exportToShow}</MenuHead>
              <ViewerLines onChoose={(form) => void exportEpisodesToShow(stores, episodes.map(({ key }) => key), form)} />
            </MoreMenu>
          )}
        </div>
      </header>
      {failure !== null && (
        <ReadFailure onRetry={() => void stores.library.getState().refresh()}>{words.notRead(failure)}</ReadFailure>
      )}
      {episodes === null && failure === null && <p className="quiet">{words.reading}</p>}
      {episodes?.length === 0 && (
        <div className="empty">
          <Sketch of="episodes" />
          <h2>{words.nothing.title}</h2>
          <p className="quiet">{words.nothing.about}</p>
          <Button look="primary" onClick={() => { stores.ui.getState().setView('watch') }}>
            {words.nothing.run}
          </Button>
        </div>
      )}
      {episodes && episodes.length > 0 && <List episodes={episodes} />}
    </main>
  )
}
