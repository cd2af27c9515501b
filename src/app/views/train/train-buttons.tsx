// Train, Pause, Step, Stop, Resume: what happens to a run.
import { Pause, Play, Plus, Square, StepForward } from 'lucide-react'
import type { RunRecord } from '../../../core/training/runs.ts'
import { useWorkspace, useRuns, useTraining, useUi } from '../../state/context.tsx'
import type { Live } from '../../state/training.ts'
import { Button } from '../../ui/button.tsx'
import { Hint } from '../../ui/term.tsx'
import { useInterrupted } from './interrupted.tsx'
import { interruptedWords } from './run-words.ts'

function LiveButtons({ live }: { live: Live }) {
  const { training } = useWorkspace()
  const { pause, stop } = training.getState()
  const ending = live.phase === 'pausing' || live.phase === 'stopping'
  return (
    <>
      <Hint text="Finishes the present step, then rests. Nothing is lost.">
        <Button look="primary" disabled={ending || live.until === 'step'} onClick={pause}>
          <Pause aria-hidden /> {live.phase === 'pausing' ? 'Pausing…' : 'Pause'}
        </Button>
      </Hint>
      <Hint text="Ends now: the present step is given up, every finished one is kept.">
        <Button disabled={live.phase === 'stopping'} onClick={stop}>
          <Square aria-hidden /> {live.phase === 'stopping' ? 'Stopping…' : 'Stop'}
        </Button>
      </Hint>
    </>
  )
}

/** The buttons of a run, or of the plan of a new one when there is none. */
export function TrainButtons({ run }: { run: RunRecord | null }) {
  const { training, runs } = useWorkspace()
  const live = useTraining((state) => state.live)
  const tour = useUi((state) => state.tour === 'handover')
  const { begin, resume, setPlan } = training.getState()
  const shown = useRuns((state) => state.shown)
  const elsewhere = live !== null && live.run !== shown
  const interrupted = useInterrupted()
  const checkpoints = useRuns((state) => state.checkpoints)
  if (live && !elsewhere) {
    return (
      <div className="run-buttons" role="group" aria-label="Training">
        <LiveButtons live={live} />
      </div>
    )
  }
  if (!run) {
    return (
      <div className="run-buttons" role="group" aria-label="Training">
        {interrupted && (
          <Hint text={`“${interrupted.name}” was interrupted. ${interruptedWords(interrupted, checkpoints ?? [])}`}>
            <Button
              look="primary"
              onClick={() => {
                void runs.getState().show(interrupted.key)
                void resume(interrupted.key, 'end')
              }}
            >
              <Play aria-hidden /> Resume “{interrupted.name}”
            </Button>
          </Hint>
        )}
        <Button look={interrupted ? undefined : 'primary'} data-turn={tour} disabled={elsewhere} onClick={() => void begin('end')}>
          <Play aria-hidden /> Train
        </Button>
        <Hint text="One step, then rest.">
          <Button disabled={elsewhere} onClick={() => void begin('step')}>
            <StepForward aria-hidden /> Step
          </Button>
        </Hint>
      </div>
    )
  }
  return (
    <div className="run-buttons" role="group" aria-label="Training">
      {run.status !== 'imported' && (
        <>
          <Hint text={run.steps >= run.config.steps ? 'Goes on beyond the plan, by half of it.' : 'Goes on from the last checkpoint, as if nothing had happened.'}>
            <Button look="primary" disabled={elsewhere} onClick={() => void resume(run.key, 'end')}>
              <Play aria-hidden /> {run.steps >= run.config.steps ? 'Train on' : 'Resume'}
            </Button>
          </Hint>
          <Hint text="One step, then rest.">
            <Button disabled={elsewhere} onClick={() => void resume(run.key, 'step')}>
              <StepForward aria-hidden /> Step
            </Button>
          </Hint>
        </>
      )}
      <Hint text="A new run with this plan, to change and start.">
        <Button
          shape="icon"
          aria-label="New run with this plan"
          onClick={() => {
            setPlan(run.config)
            void runs.getState().show(null)
          }}
        >
          <Plus aria-hidden />
        </Button>
      </Hint>
    </div>
  )
}
