// The adapters that are kept: play with one, compare it, train on from it, rename, export, import, delete.
import { Download, Eye, FileUp, Pencil, Play, Scale, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import type { CheckpointRecord } from '../../../core/training/runs.ts'
import { isShipped } from '../../../core/training/shipped-run.ts'
import { t } from '../../locales/index.ts'
import { integer, moment, signed, wholePercent } from '../../format.ts'
import { useWorkspace, useConfig, useRuns, useStores, useTraining } from '../../state/context.tsx'
import { runOf } from '../../state/runs.ts'
import { FrameworkLines } from '../../runs/framework-lines.tsx'
import { NameField } from '../../runs/runs-list.tsx'
import { Button } from '../../ui/button.tsx'
import { Sketch } from '../../ui/sketch.tsx'
import { MenuLine, MoreMenu } from '../../ui/more-menu.tsx'
import { ReadFailure } from '../../ui/read-failure.tsx'
import { Hint, Term } from '../../ui/term.tsx'
import { exportAdapter, importAdapter } from '../../runs/adapter-actions.ts'

function CheckpointMenu({ checkpoint, onRename }: { checkpoint: CheckpointRecord; onRename: () => void }) {
  const stores = useStores()
  const { compareWithBase, trainFrom, removeCheckpoint } = stores.workspace
  const busy = useTraining((state) => state.live !== null)
  const run = useRuns((state) => runOf(state, checkpoint.run))
  const words = t().checkpoints.menu
  return (
    <MoreMenu of={checkpoint.name}>
      <MenuLine name={words.compare} icon={Scale} onChoose={() => { compareWithBase(checkpoint) }} />
      <MenuLine name={words.train} icon={Play} onChoose={() => { trainFrom(checkpoint) }} />
      <MenuLine name={words.exportFor('PEFT')} icon={Download} disabled={busy} onChoose={() => void exportAdapter(stores, checkpoint)} />
      {run && <FrameworkLines run={run} checkpoint={checkpoint} disabled={busy} />}
      {!isShipped(checkpoint.run) && <MenuLine name={words.rename} icon={Pencil} onChoose={onRename} />}
      {!isShipped(checkpoint.run) && <MenuLine name={words.remove} icon={Trash2} onChoose={() => { removeCheckpoint(checkpoint) }} />}
    </MoreMenu>
  )
}

/** A mean with its interval, in one line. */
function Held({ value, interval: [low, high], show }: { value: number; interval: readonly [number, number]; show: (value: number) => string }) {
  return (
    <span title={t().checkpoints.interval}>
      {show(value)} <span className="quiet">{`${show(low)}…${show(high)}`}</span>
    </span>
  )
}


function Row({ checkpoint }: { checkpoint: CheckpointRecord }) {
  const { runs, showRun, playWith, now } = useWorkspace()
  const [naming, setNaming] = useState(false)
  const run = useRuns((state) => runOf(state, checkpoint.run))
  const playing = useConfig((state) => state.adapter === checkpoint.key)
  const summary = checkpoint.evaluation?.summary
  const words = t().checkpoints
  return (
    <tr aria-current={playing ? 'true' : undefined}>
      <th scope="row" className="checkpoint-name">
        {naming ? (
          <NameField
            name={checkpoint.name}
            label={words.nameOf}
            onDone={(name) => {
              setNaming(false)
              if (name !== null) void runs.getState().renameCheckpoint(checkpoint.key, name)
            }}
          />
        ) : (
          <span>{checkpoint.name}</span>
        )}
        <span className="quiet">
          {checkpoint.run === null ? (
            words.imported
          ) : (
            <button type="button" className="link" onClick={() => { showRun(checkpoint.run) }}>
              {run?.name ?? words.aRun}
            </button>
          )}
          {isShipped(checkpoint.run) && ` · ${t().shipped.label}`}
          {playing && ` · ${words.playing}`}
        </span>
      </th>
      <td className="number checkpoint-step">{checkpoint.run === null ? '–' : integer(checkpoint.step)}</td>
      <td className="checkpoint-model">
        {checkpoint.model}
        <span className="quiet"> r {checkpoint.lora.rank}</span>
      </td>
      <td className="number">{summary ? <Held value={summary.reward.total} interval={summary.intervals.reward.total} show={signed} /> : <span className="quiet">{words.notTested}</span>}</td>
      <td className="number">{summary && <Held value={summary.success_rate} interval={summary.intervals.success_rate} show={wholePercent} />}</td>
      <td className="number quiet checkpoint-time">{moment(checkpoint.created, now())}</td>
      <td>
        <div className="checkpoint-actions">
          <Hint text={words.watchHint}>
            <Button size="small" aria-label={words.watchOne(checkpoint.name)} onClick={() => { playWith(checkpoint) }}>
              <Eye aria-hidden /> <span>{words.watch}</span>
            </Button>
          </Hint>
          <CheckpointMenu checkpoint={checkpoint} onRename={() => { setNaming(true) }} />
        </div>
      </td>
    </tr>
  )
}

function ImportAdapter() {
  const input = useRef<HTMLInputElement>(null)
  const stores = useStores()
  const busy = useTraining((state) => state.live !== null)
  const words = t().checkpoints
  return (
    <>
      <Hint text={busy ? words.pauseFirst : words.importHint}>
        <Button disabled={busy} onClick={() => input.current?.click()}>
          <FileUp aria-hidden /> {words.import}
        </Button>
      </Hint>
      <input
        ref={input}
        className="unseen"
        type="file"
        multiple
        accept=".zip,.json,.safetensors"
        aria-label={words.importLabel}
        tabIndex={-1}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          event.target.value = ''
          if (files.length > 0) void importAdapter(stores, files)
        }}
      />
    </>
  )
}

function List({ checkpoints }: { checkpoints: readonly CheckpointRecord[] }) {
  const { columns } = t().checkpoints
  return (
    <table className="episodes checkpoints-table">
      <thead>
        <tr>
          <th scope="col">{columns.name}</th>
          <th scope="col" className="number checkpoint-step">
            {columns.step}
          </th>
          <th scope="col" className="checkpoint-model">
            <Term name="lora" plain>
              {columns.model}
            </Term>
          </th>
          <th scope="col" className="number">
            <Term name="heldOut" plain>
              {columns.reward}
            </Term>
          </th>
          <th scope="col" className="number">
            {columns.right}
          </th>
          <th scope="col" className="number checkpoint-time">
            {columns.kept}
          </th>
          <th scope="col">
            <span className="unseen">{columns.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {checkpoints.map((checkpoint) => (
          <Row key={checkpoint.key} checkpoint={checkpoint} />
        ))}
      </tbody>
    </table>
  )
}

export function CheckpointsView() {
  const { ui, workspace } = useStores()
  const checkpoints = useRuns((state) => state.checkpoints)
  const failure = useRuns((state) => state.failure)
  const words = t().checkpoints
  return (
    <main className="library" id="main" aria-label={words.title}>
      <header>
        <div>
          <h2>{words.title}</h2>
          <p className="quiet">{words.about}</p>
        </div>
        <div className="library-actions">
          <ImportAdapter />
        </div>
      </header>
      {failure !== null && (
        <ReadFailure onRetry={() => void workspace.runs.getState().refresh()}>
          {words.notRead(failure)}
        </ReadFailure>
      )}
      {checkpoints === null && failure === null && <p className="quiet">{words.reading}</p>}
      {checkpoints?.length === 0 && (
        <div className="empty">
          <Sketch of="checkpoints" />
          <h2>{words.nothing.title}</h2>
          <p className="quiet">{words.nothing.about}</p>
          <Button look="primary" onClick={() => { ui.getState().setView('train') }}>
            {words.nothing.train}
          </Button>
        </div>
      )}
      {checkpoints && checkpoints.length > 0 && <List checkpoints={checkpoints} />}
    </main>
  )
}
