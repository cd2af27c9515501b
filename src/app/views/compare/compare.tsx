// The Compare view: before and after training, on the same held-out tasks with the same seeds.
import { useEffect } from 'react'
import { checkpointName } from '../../../core/training/runs.ts'
import { shippedRunKey, trainedAdapterKey } from '../../../core/training/shipped-run.ts'
import { useCompare, useRuns, useWorkspace, useStores, useTraining } from '../../state/context.tsx'
import { ShippedNote } from '../../runs/shipped-note.tsx'
import { ownRuns, shippedRun } from '../../state/runs.ts'
import { Button } from '../../ui/button.tsx'
import { Sketch } from '../../ui/sketch.tsx'
import { Episodes } from './episodes.tsx'
import { ResultTable } from './result-table.tsx'
import { CompareSentence } from './setup.tsx'
import type { CompareResult } from '../../state/compare.ts'
import { ToolTable } from './tool-table.tsx'

function Results({ result }: { result: CompareResult }) {
  const checkpoints = useRuns((state) => state.checkpoints)
  const nameOf = (key: string | null) => (key === null ? 'base model' : (checkpoints?.find((each) => each.key === key)?.name ?? 'checkpoint'))
  const participants = result.compared.map(({ adapter, evaluation }) => ({ name: nameOf(adapter), evaluation }))
  const policies = result.compared.map(({ adapter, trajectories }) => ({ name: nameOf(adapter), trajectories }))
  const [base, ...others] = participants
  return (
    <>
      <section className="compare-result" aria-label="Before and after">
        <ResultTable participants={participants} />
      </section>
      {base && others.map((other) => <ToolTable key={other.name} base={base} other={other} />)}
      <Episodes policies={policies} />
    </>
  )
}

/** Before anybody has trained here: what training changed in the run that came with the page, as it was evaluated then. */
function ShippedComparison() {
  const { runs, compare } = useWorkspace()
  const record = useRuns(shippedRun)
  const none = useRuns((state) => ownRuns(state)?.length === 0)
  const data = useRuns((state) => state.data[shippedRunKey])
  const wanted = record !== null && none
  useEffect(() => {
    if (!wanted) return
    void runs.getState().read([shippedRunKey])
    if (compare.getState().setup.first === null) compare.getState().set({ first: trainedAdapterKey })
  }, [runs, compare, wanted])
  const evaluations = data?.state === 'ready' ? data.evaluations : []
  const [first, last] = [evaluations[0], evaluations.at(-1)]
  if (!wanted || !first || !last || first === last) return null
  const base = { name: 'base model', evaluation: first }
  const other = { name: checkpointName(last.step), evaluation: last }
  return (
    <>
      <ShippedNote run={shippedRunKey} short />
      <section className="compare-result" aria-label="Before and after">
        <ResultTable participants={[base, other]} />
      </section>
      <ToolTable base={base} other={other} />
    </>
  )
}

function Nothing() {
  const { ui } = useStores()
  const { training } = useWorkspace()
  const checkpoints = useRuns((state) => state.checkpoints)
  const busy = useTraining((state) => state.live !== null)
  const empty = checkpoints?.length === 0
  return (
    <div className="empty">
      <Sketch of="compare" />
      <h2>What did training change?</h2>
      <p className="quiet">The model before, and after: the same tasks, which training has never seen, the same seeds. Every number with its 95 % interval, every episode side by side.</p>
      {empty && (
        <Button look="primary" onClick={() => { ui.getState().setView('train') }}>
          {busy ? 'To the training under way' : `Train ${training.getState().source.name} first`}
        </Button>
      )}
      {!empty && <p className="quiet">Choose a checkpoint in the sentence above, then press Compare.</p>}
    </div>
  )
}

export function CompareView() {
  const result = useCompare((state) => state.result)
  const share = useCompare((state) => state.share)
  const failure = useCompare((state) => state.failure)
  return (
    <>
      <CompareSentence />
      <main className="compare" id="main" aria-label="Before and after">
        {failure !== null && (
          <p className="field-error" role="alert">
            The comparison could not be made. {failure}
          </p>
        )}
        {share !== null && (
          <p className="compare-progress" role="status">
            <progress value={share} max={1} aria-label="Progress" /> Playing held-out tasks, {Math.round(100 * share)} %
          </p>
        )}
        {result ? <Results result={result} /> : share === null && (
          <>
            <Nothing />
            <ShippedComparison />
          </>
        )}
      </main>
    </>
  )
}
