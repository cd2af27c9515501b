// Says of what is on show that it belongs to the run that came with the page: what of it is here, and what to do next.
import { Eye, Package, Play } from 'lucide-react'
import { isShipped, shippedAdapters, shippedRollouts, trainedAdapterKey } from '../../core/training/shipped-run.ts'
import { t } from '../locales/index.ts'
import { useRuns, useUi, useWorkspace } from '../state/context.tsx'
import { shippedRun } from '../state/runs.ts'
import { Button } from '../ui/button.tsx'
import './shipped.css'

/** @param run the run that is on show; of others nothing is said. @param short the label and the way to one's own */
export function ShippedNote({ run, short = false }: { run: string | null; short?: boolean }) {
  const { showRun, playWith } = useWorkspace()
  const record = useRuns(shippedRun)
  const shown = useRuns((state) => state.shown)
  const trained = useRuns((state) => state.checkpoints?.find(({ key }) => key === trainedAdapterKey) ?? null)
  // Under the plan of a new run, its own button stands above.
  const planning = useUi(({ view }) => view === 'train') && shown === null
  const words = t().shipped
  if (!isShipped(run) || !record) return null
  return (
    <section className="shipped-note" aria-label={words.label}>
      <Package aria-hidden />
      <p>
        <strong>{words.title(record.name)}</strong>{' '}
        {!short && words.what(record.config.steps, shippedRollouts, shippedAdapters)}
      </p>
      {!planning && (
        <Button
          size="small"
          look="primary"
          onClick={() => {
            showRun(null)
          }}
        >
          <Play aria-hidden /> {words.trainYours}
        </Button>
      )}
      {!short && trained && (
        <Button
          size="small"
          onClick={() => {
            playWith(trained)
          }}
        >
          <Eye aria-hidden /> {words.watchTrained}
        </Button>
      )}
    </section>
  )
}
