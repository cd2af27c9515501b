// The runs that are kept: open one, lay a second one over it, rename, export, delete.
import { Download, Eye, EyeOff, FileUp, Layers2, PackageOpen, Pencil, Plus, Trash2 } from 'lucide-react'
import { useRef, useState, type KeyboardEvent } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { lockOfRun, type RunRecord } from '../../core/training/runs.ts'
import { isShipped } from '../../core/training/shipped-run.ts'
import { moment } from '../format.ts'
import { t } from '../locales/index.ts'
import { namesOf } from '../../core/table.ts'
import { metricsTitles } from '../../rpc/exchange.ts'
import { useWorkspace, useRuns, useStores, useTraining } from '../state/context.tsx'
import { ownRuns } from '../state/runs.ts'
import { Button } from '../ui/button.tsx'
import { MenuLine, MenuLines, MoreMenu } from '../ui/more-menu.tsx'
import { ReadFailure } from '../ui/read-failure.tsx'
import { Hint } from '../ui/term.tsx'
import { furthest } from './framework-export.ts'
import { FrameworkLines } from './framework-lines.tsx'
import { useHeldLocks } from './held-locks.ts'
import { exportMetrics, exportRun, exportTrajectories } from './run-export.ts'
import { importRun } from './run-import.ts'
import { exportRunToShow } from './shown-export.ts'
import { ViewerLines } from './shown-lines.tsx'

function RunMenu({ run, live, onRename }: { run: RunRecord; live: boolean; onRename: () => void }) {
  const words = t().runs
  const stores = useStores()
  const busy = useTraining((state) => state.live !== null)
  const adapter = useRuns((state) => furthest(state.checkpoints ?? [], run.key))
  return (
    <MoreMenu of={run.name}>
      {!isShipped(run.key) && <MenuLine name={words.rename} icon={Pencil} disabled={live} onChoose={onRename} />}
      <MenuLine name={words.exportRun} icon={Download} onChoose={() => void exportRun(stores, run)} />
      {!run.supervised && <MenuLine name={words.exportTrajectories} icon={Download} onChoose={() => void exportTrajectories(stores, run)} />}
      {!run.supervised && <MenuLine name={words.exportMetrics} icon={Download} onChoose={() => void exportMetrics(stores, run)} />}
      {!run.supervised && (
        <MenuLines name={words.showTrajectories} icon={PackageOpen}>
          <ViewerLines onChoose={(form) => void exportRunToShow(stores, run, form)} />
        </MenuLines>
      )}
      {!run.supervised && (
        <MenuLines name={words.showMetrics} icon={PackageOpen}>
          {namesOf(metricsTitles).map((form) => <MenuLine key={form} name={metricsTitles[form]} icon={PackageOpen} onChoose={() => void exportRunToShow(stores, run, form)} />)}
        </MenuLines>
      )}
      {!run.supervised && <FrameworkLines run={run} checkpoint={adapter} disabled={busy} />}
      <MenuLine name={isShipped(run.key) ? t().shipped.hide : words.remove} icon={isShipped(run.key) ? EyeOff : Trash2} disabled={live} onChoose={() => { stores.workspace.removeRun(run) }} />
    </MoreMenu>
  )
}

/** A name that is being typed; Enter takes it, Escape leaves it as it was. */
export function NameField({ name, label, onDone }: { name: string; label: string; onDone: (name: string | null) => void }) {
  const [text, setText] = useState(name)
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Enter') onDone(text)
    if (event.key === 'Escape') onDone(null)
  }
  return <input className="name-field" aria-label={label} autoFocus value={text} maxLength={80} onFocus={(event) => { event.target.select() }} onChange={(event) => { setText(event.target.value) }} onKeyDown={key} onBlur={() => { onDone(text) }} />
}

function RunLine({ run, elsewhere }: { run: RunRecord; elsewhere: boolean }) {
  const { runs, now } = useWorkspace()
  const shown = useRuns((state) => state.shown === run.key)
  const over = useRuns((state) => state.over.includes(run.key))
  const several = useRuns((state) => state.shown !== null && state.shown !== run.key)
  const live = useTraining((state) => state.live?.run === run.key)
  const [naming, setNaming] = useState(false)
  const words = t().runs
  const interrupted = run.status === 'running' && !live && !elsewhere
  return (
    <li className="run-line" aria-current={shown ? 'true' : undefined}>
      {naming ? (
        <NameField
          name={run.name}
          label={t().runs.nameOfRun}
          onDone={(name) => {
            setNaming(false)
            if (name !== null) void runs.getState().rename(run.key, name)
          }}
        />
      ) : (
        <button type="button" className="run-open" onClick={() => void runs.getState().show(run.key)}>
          <span className="run-name">{run.name}</span>
          <span className={interrupted ? 'run-interrupted' : 'quiet'} data-hue={interrupted ? 'warn' : undefined}>
            {words.line(isShipped(run.key) ? words.status.finished : live ? words.training : elsewhere ? words.trainingElsewhere : words.status[run.status], run.steps, run.config.steps)}
          </span>
          <span className="quiet">{isShipped(run.key) ? t().shipped.label : moment(run.created, now())}</span>
        </button>
      )}
      {several && !run.supervised && (
        <Hint text={over ? words.takeOffHint : words.layOverHint}>
          <Button look="bare" shape="icon" size="small" aria-pressed={over} aria-label={words.layOver(run.name)} onClick={() => void runs.getState().layOver(run.key, !over)}>
            <Layers2 aria-hidden />
          </Button>
        </Hint>
      )}
      <RunMenu run={run} live={live || elsewhere} onRename={() => { setNaming(true) }} />
    </li>
  )
}

function ImportRun() {
  const input = useRef<HTMLInputElement>(null)
  const stores = useStores()
  return (
    <>
      <Hint text={t().runs.importHint}>
        <Button look="bare" shape="icon" size="small" aria-label={t().runs.importRun} onClick={() => input.current?.click()}>
          <FileUp aria-hidden />
        </Button>
      </Hint>
      <input
        ref={input}
        className="unseen"
        type="file"
        accept=".zip,application/zip"
        aria-label={t().runs.importRun}
        tabIndex={-1}
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file) void importRun(stores, file)
        }}
      />
    </>
  )
}

export function RunsList() {
  const { runs } = useWorkspace()
  const all = useRuns((state) => state.runs)
  const failure = useRuns((state) => state.failure)
  const own = useRuns(useShallow(ownRuns))
  const hidden = useRuns((state) => state.shippedHidden)
  const planning = useRuns((state) => state.shown === null)
  const held = useHeldLocks(all)
  const words = t().runs
  return (
    <aside className="runs" aria-label={words.title}>
      <header>
        <h2 className="label">{words.title}</h2>
        <ImportRun />
      </header>
      <Button size="small" className="runs-new" aria-pressed={planning} onClick={() => void runs.getState().show(null)}>
        <Plus aria-hidden /> {words.newRun}
      </Button>
      {failure !== null && (
        <ReadFailure onRetry={() => void runs.getState().refresh()}>
          {words.unread(failure)}
        </ReadFailure>
      )}
      {all === null && failure === null && <p className="quiet">{words.reading}</p>}
      {own?.length === 0 && <p className="quiet runs-none">{words.none}</p>}
      <ol>
        {all?.map((run) => (
          <RunLine key={run.key} run={run} elsewhere={run.status === 'running' && held.has(lockOfRun(run.key))} />
        ))}
      </ol>
      {hidden && (
        <Button size="small" look="bare" onClick={() => void runs.getState().hideShipped(false)}>
          <Eye aria-hidden /> {t().shipped.showAgain}
        </Button>
      )}
    </aside>
  )
}
