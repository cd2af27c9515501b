// What went wrong in a run, in words: why it paused, what the newest steps warn of, what could not be saved.
import { DatabaseZap, HardDrive, PauseCircle, TriangleAlert } from 'lucide-react'
import type { Warning } from '../../../core/training/health.ts'
import type { StepMetrics } from '../../../core/training/metrics.ts'
import type { RunRecord } from '../../../core/training/runs.ts'
import { isShipped } from '../../../core/training/shipped-run.ts'
import { useWorkspace, useRuns, useTraining } from '../../state/context.tsx'
import { noteText, warningText } from '../../locales/health.ts'
import { t } from '../../locales/index.ts'
import { Button } from '../../ui/button.tsx'
import { useHeldLocks } from '../../runs/held-locks.ts'
import { goneWords, interruptedWords, isInterrupted } from './run-words.ts'

/** Steps that warnings are shown of: older ones are past. */
const recent = 5

interface Recurring {
  warning: Warning
  /** Steps that had it, newest last. */
  steps: number[]
}

/** The newest warning of each kind in the last steps, with the steps that had it. */
function recurring(steps: readonly StepMetrics[]): Recurring[] {
  const byKind = new Map<Warning['kind'], Recurring>()
  for (const { step, warnings } of steps.slice(-recent)) {
    for (const warning of warnings) byKind.set(warning.kind, { warning, steps: [...(byKind.get(warning.kind)?.steps ?? []), step] })
  }
  return [...byKind.values()]
}

export function Warnings({ run, steps }: { run: RunRecord; steps: readonly StepMetrics[] }) {
  const { openRollouts } = useWorkspace()
  const problem = useTraining((state) => state.problem)
  const unsaved = useTraining((state) => state.unsaved && state.live?.run === run.key)
  const live = useTraining((state) => state.live?.run === run.key)
  const held = useHeldLocks(run)
  const checkpoints = useRuns((state) => state.checkpoints)
  const gone = goneWords(run)
  const words = t().train
  return (
    <div className="train-warnings" aria-live="polite">
      {problem?.run === run.key && (
        <p className="train-warning" data-hue="bad" role="alert">
          <TriangleAlert aria-hidden />
          <span>
            <strong>{words.couldNotGoOn}</strong> {problem.message} {words.finishedKept}
          </span>
        </p>
      )}
      {isInterrupted(run, live ? run.key : null, held) && (
        <p className="train-warning" data-hue="warn">
          <PauseCircle aria-hidden />
          <span>
            <strong>{words.interrupted}</strong> {interruptedWords(run, checkpoints ?? [])}
          </span>
        </p>
      )}
      {gone !== null && !isShipped(run.key) && (
        <p className="train-warning" data-hue="warn">
          <DatabaseZap aria-hidden />
          <span>
            <strong>{words.partsGone}</strong> {gone} {run.status === 'imported' ? words.goneImported : words.goneDeleted}
          </span>
        </p>
      )}
      {run.note !== null && !live && (
        <p className="train-warning" data-hue="warn">
          <PauseCircle aria-hidden />
          <span>
            <strong>{run.status === 'imported' ? words.notWhole : words.pausedByItself}</strong> {noteText(run.note)}
          </span>
        </p>
      )}
      {unsaved && (
        <p className="train-warning" data-hue="warn">
          <HardDrive aria-hidden />
          <span>
            <strong>{words.onlyInMemory}</strong> {words.onlyInMemoryText}
          </span>
        </p>
      )}
      {recurring(steps).map(({ warning, steps: having }) => (
        <p key={warning.kind} className="train-warning" data-hue="warn">
          <TriangleAlert aria-hidden />
          <span>
            {warningText(warning)} <span className="quiet">{words.atSteps(having)}</span>
          </span>
          <Button size="small" onClick={() => { openRollouts(run.key, having.at(-1) ?? 1) }}>
            {words.seeRollouts}
          </Button>
        </p>
      ))}
    </div>
  )
}
