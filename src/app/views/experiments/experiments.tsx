// The Experiments view: the paper's tables and figures as a list, and one of them with our numbers beside the paper's.
import { Download, FolderOpen, Trash2 } from 'lucide-react'
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { experimentNamed, experimentNames, type ExperimentName } from '../../../core/experiments/experiments.ts'
import { exported, exportForms, type ExportForm } from '../../../core/experiments/export.ts'
import { experimentResultSchema, sameTasks, type ExperimentResult } from '../../../core/experiments/result.ts'
import { plannedCells } from '../../../core/experiments/run.ts'
import { tableOf } from '../../../core/experiments/table.ts'
import { messageOf } from '../../../core/error-message.ts'
import { mustFit } from '../../../core/fit.ts'
import { download } from '../../download.ts'
import { moment } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { useOtherSources } from '../../sentence/language-models.tsx'
import { useExperiments, useModel, useStores, useWorkspace } from '../../state/context.tsx'
import { Breadcrumb } from '../../ui/breadcrumb.tsx'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/select.tsx'
import { CellEpisodes } from './cell-episodes.tsx'
import { Curves } from './curves.tsx'
import { Progress, RunHere } from './run-here.tsx'
import { ResultTable, type ChosenCell } from './table.tsx'
import './experiments.css'

/** The table of the paper, what it is about, and what there is of it here. */
function Listed({ name }: { name: ExperimentName }) {
  const { experiments } = useWorkspace()
  const made = useExperiments((state) => state.kept?.filter(({ experiment }) => experiment === name).length ?? 0)
  const running = useExperiments((state) => state.live?.experiment === name)
  const words = t().experiments
  const { title, about, mirrors } = words.titles[name]
  const newest = useExperiments((state) => state.kept?.find(({ experiment }) => experiment === name)?.key ?? null)
  return (
    <li>
      <button type="button" className="experiment-card" onClick={() => void experiments.getState().open({ name, key: running ? newest : null })}>
        <span className="experiment-mirrors">{mirrors}</span>
        <span className="experiment-title">{title}</span>
        <span className="quiet experiment-about">{about}</span>
        {(made > 0 || running) && <span className="experiment-state">{running ? words.list.running : words.list.made(made)}</span>}
      </button>
    </li>
  )
}

function List() {
  const words = t().experiments.list
  return (
    <section className="experiment-list" aria-labelledby="experiments-list">
      <h2 id="experiments-list">{words.title}</h2>
      <p className="quiet">{words.about}</p>
      <ol>
        {experimentNames.map((name) => (
          <Listed key={name} name={name} />
        ))}
      </ol>
      <Take />
    </section>
  )
}

/** A result from a file, as agemem experiment writes it. */
function Take() {
  const { workspace, ui } = useStores()
  const input = useRef<HTMLInputElement>(null)
  const id = useId()
  const words = t().experiments.results
  const take = async (file: File | undefined) => {
    if (!file) return
    try {
      await workspace.experiments.getState().take(await file.text())
    } catch (error) {
      ui.getState().notify({ tone: 'error', topic: 'experiment-file', text: messageOf(error) })
    }
  }
  return (
    <p>
      <input ref={input} id={id} type="file" accept=".json,application/json" hidden aria-label={words.take} onChange={(event) => void take(event.target.files?.[0])} />
      <Button size="small" onClick={() => { input.current?.click() }}>
        <FolderOpen aria-hidden /> {words.take}
      </Button>
    </p>
  )
}

const types: Readonly<Record<ExportForm, string>> = { json: 'application/json', csv: 'text/csv', md: 'text/markdown', tex: 'application/x-tex' }

function Exports({ name, result }: { name: ExperimentName; result: ExperimentResult }) {
  const words = t().experiments.export
  const save = (form: ExportForm) => {
    const content = exported(form, experimentNamed(name), mustFit(experimentResultSchema, result))
    download(`agemem-${name}.${form}`, new Blob([content], { type: types[form] }))
  }
  return (
    <div className="experiment-exports" role="group" aria-label={words.label}>
      <span className="quiet">
        <Download aria-hidden /> {words.label}
      </span>
      {exportForms.map((form) => (
        <Button key={form} size="small" onClick={() => { save(form) }}>
          {words[form]}
        </Button>
      ))}
    </div>
  )
}

/** Model, judge, seeds, limits: what the numbers follow from. */
function Settings({ name, result }: { name: ExperimentName; result: ExperimentResult }) {
  const words = t().experiments.settings
  const { plan, model, judge, cells, trainings, machine } = result
  const names: Readonly<Record<string, string>> = t().experiments.data
  const steps = [...new Set(trainings.map((each) => each.steps))]
  const open = plannedCells(experimentNamed(name), plan).length - cells.length
  const incomplete = cells.reduce((sum, cell) => sum + cell.incomplete, 0)
  const parts = [
    words.model(model.name, model.sha256),
    ...(plan.start ? [words.start(plan.start.name)] : []),
    words.judge(judge),
    words.seeds(plan.seeds, plan.tasks),
    words.limits(plan.settings.t_max, plan.settings.temperature),
    ...(steps.length === 0 ? [] : [words.trained(steps)]),
    machine,
    ...sameTasks(result).map(({ data, tasks }) => words.sameTasks(names[data] ?? data, tasks)),
    ...(open > 0 ? [words.open(open)] : []),
    ...(incomplete > 0 ? [words.incomplete(incomplete)] : []),
  ]
  return (
    <p className="quiet experiment-settings" aria-label={words.label}>
      {parts.join(' · ')}
    </p>
  )
}

/** Results of this experiment: the one that came with the page, and those that were made here. */
function Results({ name, at }: { name: ExperimentName; at: string | null }) {
  const { experiments, now } = useWorkspace()
  const kept = useExperiments((state) => state.kept)
  const own = kept?.filter(({ experiment }) => experiment === name) ?? []
  const came = useExperiments((state) => state.came)
  const others = came?.others.filter(({ experiment }) => experiment === name) ?? []
  const words = t().experiments.results
  if (own.length + others.length === 0) return null
  const { open, remove } = experiments.getState()
  const link = (key: string | null, text: string) => (
    <li key={key}>
      <button type="button" className="link" aria-current={at === key} onClick={() => void open({ name, key })}>
        {text}
      </button>
    </li>
  )
  return (
    <section className="experiment-results" aria-label={words.title}>
      <ul>
        {came?.results.includes(name) && link(null, others.length === 0 ? words.shipped : words.shippedOf('nano'))}
        {others.map(({ file, model }) => link(file, words.shippedOf(model)))}
        {own.map(({ key, created }) => (
          <li key={key}>
            <button type="button" className="link" aria-current={at === key} onClick={() => void open({ name, key })}>
              {moment(created, now())}
            </button>{' '}
            <Button look="bare" shape="icon" size="small" aria-label={words.remove(moment(created, now()))} title={words.remove(moment(created, now()))} onClick={() => void remove(key)}>
              <Trash2 aria-hidden />
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function One({ name, at }: { name: ExperimentName; at: string | null }) {
  const { experiments, sourceOf } = useWorkspace()
  const result = useExperiments((state) => state.result)
  const loading = useExperiments((state) => state.loading)
  const nano = useModel((state) => state.nanoSource)
  const others = useOtherSources()
  const [model, setModel] = useState<string>(nano.name)
  const [chosen, setChosen] = useState<ChosenCell | null>(null)
  const experiment = experimentNamed(name)
  const table = useMemo(() => tableOf(experiment, result), [experiment, result])
  const words = t().experiments
  const { title, about, mirrors } = words.titles[name]
  const sources = [nano, ...others]
  const source = sources.find((each) => each.name === model) ?? nano
  const row = table.rows.find(({ arm }) => arm.name === chosen?.arm)
  const place = table.columns.findIndex((column) => column.name === chosen?.column)
  const [column, cell] = [table.columns[place], row?.cells[place]]
  return (
    <article className="experiment" aria-labelledby="experiment-title">
      <Breadcrumb label={words.label} crumbs={[{ text: words.back, onGo: () => void experiments.getState().open(null) }, { text: mirrors }]} />
      <h2 id="experiment-title">{title}</h2>
      <p className="quiet">{about}</p>
      <Results name={name} at={at} />
      {loading ? (
        <p role="status">{words.loading}</p>
      ) : (
        <>
          {result ? <Settings name={name} result={result} /> : <p className="quiet">{words.results.paperOnly}</p>}
          <ResultTable experiment={experiment} table={table} label={words.table.label(title)} chosen={chosen} onChoose={setChosen} />
          <p className="quiet experiment-legend">{words.table.legend}</p>
          {row && column && cell && cell.cells.length > 0 && result && <CellEpisodes row={row} column={column} cell={cell} source={sourceOf(result.model.name)} onClose={() => { setChosen(null) }} />}
          {result && experiment.curves && <Curves trainings={result.trainings} />}
          {result && <Exports name={name} result={result} />}
        </>
      )}
      {sources.length > 1 && <Select label={words.run.label} value={source.name} choices={sources.map((each) => ({ value: each.name, name: each.name }))} onChange={setModel} />}
      <RunHere name={name} result={result} source={source} />
    </article>
  )
}

export function ExperimentsView() {
  const { experiments } = useWorkspace()
  const at = useExperiments((state) => state.at)
  const failure = useExperiments((state) => state.failure)
  const words = t().experiments
  useEffect(() => { void experiments.getState().refresh() }, [experiments])
  return (
    <main className="experiments" id="main" aria-label={words.label}>
      {failure !== null && (
        <p className="field-error" role="alert">
          {failure}
        </p>
      )}
      <Progress />
      {at ? <One key={at.name} name={at.name} at={at.key} /> : <List />}
    </main>
  )
}
