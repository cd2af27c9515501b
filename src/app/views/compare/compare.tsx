// The Compare view: policies on the same held-out tasks with the same seeds, what came out, and what came out earlier.
import { Download, Trash2 } from 'lucide-react'
import { useEffect } from 'react'
import { shippedRunKey } from '../../../core/training/shipped-run.ts'
import { download } from '../../download.ts'
import { moment } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { useCompare, useRuns, useWorkspace } from '../../state/context.tsx'
import type { CompareResult } from '../../state/compare.ts'
import { ShippedNote } from '../../runs/shipped-note.tsx'
import { ownRuns, runOf, shippedRun } from '../../state/runs.ts'
import { Breadcrumb } from '../../ui/breadcrumb.tsx'
import { Button } from '../../ui/button.tsx'
import { Sketch } from '../../ui/sketch.tsx'
import { AnswerTable } from './answer-table.tsx'
import { comparisonCsv } from './comparison-csv.ts'
import { Episodes } from './episodes.tsx'
import { ResultTable } from './result-table.tsx'
import { CompareSentence } from './setup.tsx'
import { ToolTable } from './tool-table.tsx'

/** Which tasks, of which run, and when. */
function From({ result: { comparison, saved, trajectories } }: { result: CompareResult }) {
  const { compare, showRun, now } = useWorkspace()
  const run = useRuns((state) => runOf(state, comparison.run))
  const words = t().compare
  const crumbs = [
    { text: words.result.title, onGo: () => void compare.getState().open(null) },
    ...(run ? [{ text: words.result.ofRun(run.name), title: words.result.toRun, onGo: () => { showRun(run.key) } }] : []),
    { text: words.result.tasks(comparison.tasks, comparison.seed) },
  ]
  return (
    <div className="compare-from">
      <Breadcrumb label={words.result.from} crumbs={crumbs}>
        {saved ? moment(comparison.created, now()) : words.kept.notSaved}
      </Breadcrumb>
      <Button size="small" onClick={() => { download(`agemem-comparison-${comparison.key}.csv`, new Blob([comparisonCsv(comparison, trajectories)], { type: 'text/csv' })) }}>
        <Download aria-hidden /> {words.result.csv}
      </Button>
    </div>
  )
}

function Results({ result }: { result: CompareResult }) {
  const { participants } = result.comparison
  const policies = participants.map(({ name }, who) => ({ name, trajectories: result.trajectories[who] ?? [] }))
  const [base, ...others] = participants
  return (
    <>
      <From result={result} />
      <section className="compare-result" aria-label={t().compare.result.label}>
        <ResultTable participants={participants} />
      </section>
      <AnswerTable policies={policies} />
      <Episodes policies={policies} />
      {base && others.map((other, i) => <ToolTable key={i} base={base} other={other} />)}
    </>
  )
}

/** Before anybody has trained here: what training changed in the run that came with the page, as it was evaluated then. */
function ShippedComparison() {
  const { runs } = useWorkspace()
  const record = useRuns(shippedRun)
  const none = useRuns((state) => ownRuns(state)?.length === 0)
  const kept = useCompare((state) => state.kept?.length ?? 0)
  const data = useRuns((state) => state.data[shippedRunKey])
  const wanted = record !== null && none && kept === 0
  useEffect(() => { if (wanted) void runs.getState().read([shippedRunKey]) }, [runs, wanted])
  const evaluations = data?.state === 'ready' ? data.evaluations : []
  const [first, last] = [evaluations[0], evaluations.at(-1)]
  if (!wanted || !first || !last || first === last) return null
  const words = t().compare.players
  const base = { name: words.base(record.model), evaluation: first }
  const other = { name: words.trained(record.model, last.step), evaluation: last }
  return (
    <>
      <ShippedNote run={shippedRunKey} short />
      <section className="compare-result" aria-label={t().compare.result.label}>
        <ResultTable participants={[base, other]} />
      </section>
      <ToolTable base={base} other={other} />
    </>
  )
}

/** Comparisons that were made earlier. */
function Kept() {
  const { compare, now } = useWorkspace()
  const kept = useCompare((state) => state.kept)
  const shown = useCompare((state) => state.result?.comparison.key)
  const words = t().compare.kept
  const others = kept?.filter(({ key }) => key !== shown) ?? []
  if (others.length === 0) return null
  return (
    <section className="compare-kept" aria-labelledby="compare-kept">
      <h3 id="compare-kept">{words.title}</h3>
      <ul>
        {others.map(({ key, participants, tasks, created }) => (
          <li key={key}>
            <button type="button" className="link" onClick={() => void compare.getState().open(key)}>
              {words.line(participants.map(({ name }) => name), tasks)}
            </button>{' '}
            <span className="quiet">{moment(created, now())}</span>{' '}
            <Button look="bare" shape="icon" size="small" aria-label={words.remove} title={words.remove} onClick={() => void compare.getState().remove(key)}>
              <Trash2 aria-hidden />
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Nothing() {
  const words = t().compare.nothing
  return (
    <div className="empty">
      <Sketch of="compare" />
      <h2>{words.title}</h2>
      <p className="quiet">{words.about}</p>
      <p className="quiet">{words.how}</p>
    </div>
  )
}

export function CompareView() {
  const { compare } = useWorkspace()
  const result = useCompare((state) => state.result)
  const share = useCompare((state) => state.share)
  const failure = useCompare((state) => state.failure)
  const words = t().compare
  useEffect(() => { void compare.getState().refresh() }, [compare])
  return (
    <>
      <CompareSentence />
      <main className="compare" id="main" aria-label={words.label}>
        {failure !== null && (
          <p className="field-error" role="alert">
            {failure}
          </p>
        )}
        {share !== null && (
          <p className="compare-progress" role="status">
            <progress value={share} max={1} aria-label={words.progress} /> {words.playing(Math.round(100 * share))}
          </p>
        )}
        {result ? <Results key={result.comparison.key} result={result} /> : share === null && (
          <>
            <Nothing />
            <ShippedComparison />
          </>
        )}
        <Kept />
      </main>
    </>
  )
}
