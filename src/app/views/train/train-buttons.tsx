// Train, Pause, Step, Stop, Resume: what happens to a run.
import { Pause, Play, Plus, Square, StepForward } from 'lucide-react'
import type { RunRecord } from '../../../core/training/runs.ts'
import { useWorkspace, useRuns, useTraining, useUi } from '../../state/context.tsx'
import { t } from '../../locales/index.ts'
import type { Live } from '../../state/training.ts'
import { Button } from '../../ui/button.tsx'
import { Hint } from '../../ui/term.tsx'
import { useInterrupted } from './interrupted.tsx'
import { interruptedWords } from './run-words.ts'

function LiveButtons({ live }: { live: Live }) {
  const { training } = useWorkspace()
  const { pause, stop } = training.getState()
  const words = t().train
  const ending = live.phase === 'pausing' || live.phase === 'stopping'
  return (
    <>
      <Hint text={words.pauseHint}>
        <Button look="primary" disabled={ending || live.until === 'step'} onClick={pause}>
          <Pause aria-hidden /> {live.phase === 'pausing' ? words.pausing : words.pause}
        </Button>
      </Hint>
      <Hint text={words.stopHint}>
        <Button disabled={live.phase === 'stopping'} onClick={stop}>
          <Square aria-hidden /> {live.phase === 'stopping' ? words.stopping : words.stop}
        </Button>
      </Hint>
    </>
  )
}

/** The buttons of a run, or of the plan of a new one when there is none. */
export function TrainButtons({ run }: { run: RunRecord | null }) {
  const { training, runs } = useWorkspace()
  const words = t().train
  const live = useTraining((state) => state.live)
  const tour = useUi((state) => state.tour === 'handover')
  const { begin, resume, setPlan } = training.getState()
  const shown = useRuns((state) => state.shown)
  const elsewhere = live !== null && live.run !== shown
  const interrupted = useInterrupted()
  const checkpoints = useRuns((state) => state.checkpoints)
  if (live && !elsewhere) {
    return (
      <div className="run-buttons" role="group" aria-label={words.training}>
        <LiveButtons live={live} />
      </div>
    )
  }
  if (!run) {
    return (
      <div className="run-buttons" role="group" aria-label={words.training}>
        {interrupted && (
          <Hint text={`${words.interruptedNamed(interrupted.name)} ${interruptedWords(interrupted, checkpoints ?? [])}`}>
            <Button
              look="primary"
              onClick={() => {
                void runs.getState().show(interrupted.key)
                void resume(interrupted.key, 'end')
              }}
            >
              <Play aria-hidden /> {words.resumeNamed(interrupted.name)}
            </Button>
          </Hint>
        )}
        <Button look={interrupted ? undefined : 'primary'} data-turn={tour} disabled={elsewhere} onClick={() => void begin('end')}>
          <Play aria-hidden /> {words.trainButton}
        </Button>
        <Hint text={words.stepHint}>
          <Button disabled={elsewhere} onClick={() => void begin('step')}>
            <StepForward aria-hidden /> {words.step}
          </Button>
        </Hint>
      </div>
    )
  }
  return (
    <div className="run-buttons" role="group" aria-label={words.training}>
      {run.status !== 'imported' && (
        <>
          <Hint text={run.steps >= run.config.steps ? words.trainOnHint : words.resumeHint}>
            <Button look="primary" disabled={elsewhere} onClick={() => void resume(run.key, 'end')}>
              <Play aria-hidden /> {run.steps >= run.config.steps ? words.trainOn : words.resume}
            </Button>
          </Hint>
          <Hint text={words.stepHint}>
            <Button disabled={elsewhere} onClick={() => void resume(run.key, 'step')}>
              <StepForward aria-hidden /> {words.step}
            </Button>
          </Hint>
        </>
      )}
      {!run.supervised && <Hint text={words.newRunHint}>
        <Button
          shape="icon"
          aria-label={words.newRunSamePlan}
          onClick={() => {
            setPlan(run.config)
            void runs.getState().show(null)
          }}
        >
          <Plus aria-hidden />
        </Button>
      </Hint>}
    </div>
  )
}
