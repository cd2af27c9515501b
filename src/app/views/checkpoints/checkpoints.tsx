// The adapters that are kept: play with one, compare it, train on from it, rename, export, import, delete.
import { Download, Eye, FileUp, PackageOpen, Pencil, Play, Scale, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import type { CheckpointRecord } from '../../../core/training/runs.ts'
import { isShipped } from '../../../core/training/shipped-run.ts'
import { t } from '../../locales/index.ts'
import { integer, moment, signed, wholePercent } from '../../format.ts'
import { useWorkspace, useConfig, useRuns, useStores, useTraining } from '../../state/context.tsx'
import { runOf } from '../../state/runs.ts'
import { exportForFramework, type Framework } from '../../runs/framework-export.ts'
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
  const exportFor = (framework: Framework) => () => { if (run) void exportForFramework(stores, framework, run, checkpoint) }
  return (
    <MoreMenu of={checkpoint.name}>
      <MenuLine name="Compare with the base model" icon={Scale} onChoose={() => { compareWithBase(checkpoint) }} />
      <MenuLine name="Begin a new run from it" icon={Play} onChoose={() => { trainFrom(checkpoint) }} />
      <MenuLine name="Export for PEFT (zip)" icon={Download} disabled={busy} onChoose={() => void exportAdapter(stores, checkpoint)} />
      {run && <MenuLine name="Export for TRL (zip)" icon={PackageOpen} disabled={busy} onChoose={exportFor('trl')} />}
      {run && <MenuLine name="Export for Trinity-RFT (zip)" icon={PackageOpen} disabled={busy} onChoose={exportFor('trinity')} />}
      {!isShipped(checkpoint.run) && <MenuLine name="Rename" icon={Pencil} onChoose={onRename} />}
      {!isShipped(checkpoint.run) && <MenuLine name="Delete" icon={Trash2} onChoose={() => { removeCheckpoint(checkpoint) }} />}
    </MoreMenu>
  )
}

/** A mean with its interval, in one line. */
function Held({ value, interval: [low, high], show }: { value: number; interval: readonly [number, number]; show: (value: number) => string }) {
  return (
    <span title="95 % interval">
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
  return (
    <tr aria-current={playing ? 'true' : undefined}>
      <th scope="row" className="checkpoint-name">
        {naming ? (
          <NameField
            name={checkpoint.name}
            label="Name of the checkpoint"
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
            'imported'
          ) : (
            <button type="button" className="link" onClick={() => { showRun(checkpoint.run) }}>
              {run?.name ?? 'a run'}
            </button>
          )}
          {isShipped(checkpoint.run) && ` · ${t().shipped.label}`}
          {playing && ' · plays in Watch'}
        </span>
      </th>
      <td className="number">{checkpoint.run === null ? '–' : integer(checkpoint.step)}</td>
      <td className="checkpoint-model">
        {checkpoint.model}
        <span className="quiet"> r {checkpoint.lora.rank}</span>
      </td>
      <td className="number">{summary ? <Held value={summary.reward.total} interval={summary.intervals.reward.total} show={signed} /> : <span className="quiet">not tested</span>}</td>
      <td className="number">{summary && <Held value={summary.success_rate} interval={summary.intervals.success_rate} show={wholePercent} />}</td>
      <td className="number quiet checkpoint-time">{moment(checkpoint.created, now())}</td>
      <td>
        <div className="checkpoint-actions">
          <Hint text="The model plays with this adapter in Watch.">
            <Button size="small" aria-label={`Play with “${checkpoint.name}” in Watch`} onClick={() => { playWith(checkpoint) }}>
              <Eye aria-hidden /> Watch
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
  return (
    <>
      <Hint text={busy ? 'Pause the training first.' : 'A zip of adapter_config.json and adapter_model.safetensors, or both files.'}>
        <Button disabled={busy} onClick={() => input.current?.click()}>
          <FileUp aria-hidden /> Import
        </Button>
      </Hint>
      <input
        ref={input}
        className="unseen"
        type="file"
        multiple
        accept=".zip,.json,.safetensors"
        aria-label="Import an adapter"
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
  return (
    <table className="episodes checkpoints-table">
      <thead>
        <tr>
          <th scope="col">Checkpoint</th>
          <th scope="col" className="number">
            Step
          </th>
          <th scope="col">
            <Term name="lora" plain>
              Model
            </Term>
          </th>
          <th scope="col" className="number">
            <Term name="heldOut" plain>
              Held-out reward
            </Term>
          </th>
          <th scope="col" className="number">
            Right answers
          </th>
          <th scope="col" className="number checkpoint-time">
            Kept
          </th>
          <th scope="col">
            <span className="unseen">Actions</span>
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
  return (
    <main className="library" id="main" aria-label="Checkpoints">
      <header>
        <div>
          <h2>Checkpoints</h2>
          <p className="quiet">Adapters that training made, or that you brought. They work with PEFT in Python, too.</p>
        </div>
        <div className="library-actions">
          <ImportAdapter />
        </div>
      </header>
      {failure !== null && (
        <ReadFailure onRetry={() => void workspace.runs.getState().refresh()}>
          The list could not be read. {failure}
        </ReadFailure>
      )}
      {checkpoints === null && failure === null && <p className="quiet">Reading the list…</p>}
      {checkpoints?.length === 0 && (
        <div className="empty">
          <Sketch of="checkpoints" />
          <h2>No adapter is kept yet</h2>
          <p className="quiet">Training keeps its adapter every few steps. One that you trained elsewhere on the same model can be imported.</p>
          <Button look="primary" onClick={() => { ui.getState().setView('train') }}>
            Go and train
          </Button>
        </div>
      )}
      {checkpoints && checkpoints.length > 0 && <List checkpoints={checkpoints} />}
    </main>
  )
}
