// The recorded episodes: open, export, import, delete.
import { Download, FileUp, Trash2 } from 'lucide-react'
import { useRef } from 'react'
import type { EpisodeSummary } from '../../../rpc/contracts.ts'
import { integer, moment, signed } from '../../format.ts'
import { useEpisode, useLibrary, useStores } from '../../state/context.tsx'
import { Button } from '../../ui/button.tsx'
import { Sketch } from '../../ui/sketch.tsx'
import { MenuLine, MoreMenu } from '../../ui/more-menu.tsx'
import { ReadFailure } from '../../ui/read-failure.tsx'
import { exportAll, exportOne } from './export.ts'

const sourceNames: Readonly<Record<string, string>> = { world: 'made-up world', hotpotqa: 'HotpotQA', musique: 'MuSiQue', scenario: 'scenario' }

function RowMenu({ episode }: { episode: EpisodeSummary }) {
  const stores = useStores()
  return (
    <MoreMenu of={episode.query}>
      <MenuLine name="Export as JSON" icon={Download} onChoose={() => void exportOne(stores, episode.key)} />
      <MenuLine name="Delete" icon={Trash2} onChoose={() => void stores.actions.remove(episode.key)} />
    </MoreMenu>
  )
}

function Row({ episode, now, shown }: { episode: EpisodeSummary; now: number; shown: boolean }) {
  const { actions } = useStores()
  return (
    <tr aria-current={shown ? 'true' : undefined}>
      <td className="episode-query">
        <button type="button" onClick={() => void actions.open(episode.key)}>
          {episode.query}
        </button>
        <span className="quiet">
          {sourceNames[episode.source]}
          {!episode.saved && ' · not saved'}
        </span>
      </td>
      <td className="episode-policy">{episode.policy}</td>
      <td className="episode-answer">
        {episode.answer === null ? <span className="quiet">{episode.status === 'partial' ? 'stopped' : 'no answer'}</span> : <span className="wrote">{episode.answer}</span>}
      </td>
      <td className="number">{integer(episode.steps)}</td>
      <td className="number">{episode.reward === null ? '–' : signed(episode.reward)}</td>
      <td className="quiet number episode-time">{moment(episode.recorded, now)}</td>
      <td>
        <RowMenu episode={episode} />
      </td>
    </tr>
  )
}

function ImportButton() {
  const input = useRef<HTMLInputElement>(null)
  const { actions } = useStores()
  return (
    <>
      <Button onClick={() => input.current?.click()}>
        <FileUp aria-hidden /> Import
      </Button>
      <input
        ref={input}
        className="unseen"
        type="file"
        accept=".json,.jsonl,application/json"
        aria-label="Import episodes"
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
  const now = useLibrary((state) => state.asOf)
  const shown = useEpisode((state) => state.shown?.key)
  return (
    <table className="episodes">
      <thead>
        <tr>
          <th scope="col">Question</th>
          <th scope="col">Policy</th>
          <th scope="col">Answer</th>
          <th scope="col" className="number">
            Steps
          </th>
          <th scope="col" className="number" title="With the paper’s weights">
            Reward
          </th>
          <th scope="col" className="number episode-time">
            Recorded
          </th>
          <th scope="col">
            <span className="unseen">More</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {episodes.map((each) => (
          <Row key={each.key} episode={each} now={now} shown={each.key === shown} />
        ))}
      </tbody>
    </table>
  )
}

export function Library() {
  const episodes = useLibrary((state) => state.episodes)
  const failure = useLibrary((state) => state.failure)
  const stores = useStores()
  return (
    <main className="library" id="main" aria-label="Recorded episodes">
      <header>
        <div>
          <h2>Recorded episodes</h2>
          <p className="quiet">Kept in this browser, on this computer.</p>
        </div>
        <div className="library-actions">
          <ImportButton />
          <Button disabled={!episodes || episodes.length === 0} onClick={() => void exportAll(stores)}>
            <Download aria-hidden /> Export all
          </Button>
        </div>
      </header>
      {failure !== null && (
        <ReadFailure onRetry={() => void stores.library.getState().refresh()}>
          The list could not be read. {failure}
        </ReadFailure>
      )}
      {episodes === null && failure === null && <p className="quiet">Reading the list…</p>}
      {episodes?.length === 0 && (
        <div className="empty">
          <Sketch of="episodes" />
          <h2>No episode is recorded yet</h2>
          <p className="quiet">Every episode that you run is kept here. You can also import a file that this page exported.</p>
          <Button look="primary" onClick={() => { stores.ui.getState().setView('watch') }}>
            Go and run one
          </Button>
        </div>
      )}
      {episodes && episodes.length > 0 && <List episodes={episodes} />}
    </main>
  )
}
