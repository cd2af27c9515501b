// The newest run when it was interrupted: what comes first in Train, before a new one.
import { PauseCircle } from 'lucide-react'
import type { RunRecord } from '../../../core/training/runs.ts'
import { useWorkspace, useRuns, useTraining } from '../../state/context.tsx'
import { t } from '../../locales/index.ts'
import { Button } from '../../ui/button.tsx'
import { useHeldLocks } from '../../runs/held-locks.ts'
import { interruptedWords, isInterrupted } from './run-words.ts'

/** The newest run of this browser's own, when it was interrupted and nothing is under way; else null. */
export function useInterrupted(): RunRecord | null {
  const runs = useRuns((state) => state.runs)
  const live = useTraining((state) => state.live?.run ?? null)
  const held = useHeldLocks(runs)
  const newest = runs?.find(({ status }) => status !== 'imported')
  return newest && live === null && isInterrupted(newest, live, held) ? newest : null
}

/** Said where a new run is planned. */
export function Interrupted() {
  const { runs } = useWorkspace()
  const run = useInterrupted()
  const checkpoints = useRuns((state) => state.checkpoints)
  if (!run) return null
  return (
    <p className="train-warning" data-hue="warn" role="status">
      <PauseCircle aria-hidden />
      <span>
        <strong>{t().train.interruptedNamed(run.name)}</strong> {interruptedWords(run, checkpoints ?? [])}
      </span>
      <Button size="small" onClick={() => void runs.getState().show(run.key)}>
        {t().train.show}
      </Button>
    </p>
  )
}
