// Run, Pause, Step, Stop: what happens to the live episode.
import { Pause, Play, Square, StepForward } from 'lucide-react'
import { t } from '../locales/index.ts'
import { useEpisode, useStores, useUi, useWebLlm } from '../state/context.tsx'
import { isLive } from '../state/episode.ts'
import { Button } from '../ui/button.tsx'
import { GroupButton } from './group-button.tsx'

/** Ends the loading of a WebLLM model. It ends with the piece that is under way: programs for the card are compiled to their end. */
export function StopLoading() {
  const { webllm } = useStores()
  const stopping = useWebLlm((state) => state.card.state === 'loading' && state.card.stopping)
  return (
    <Button disabled={stopping} onClick={() => void webllm.getState().stopLoading()}>
      <Square aria-hidden /> {stopping ? t().sentence.run.stopping : t().sentence.run.stopLoading}
    </Button>
  )
}

export function RunButtons() {
  const { actions, episode } = useStores()
  const phase = useEpisode((state) => (isLive(state.shown) ? state.shown?.phase : null))
  const waiting = useEpisode((state) => state.waiting)
  const turn = useUi((state) => state.tour === 'handover')
  const words = t().sentence.run
  if (phase !== null && phase !== undefined) {
    return (
      <div className="run-buttons" role="group" aria-label={words.region}>
        {phase === 'paused' ? (
          <Button look="primary" onClick={() => { episode.getState().resume() }}>
            <Play aria-hidden /> {words.resume}
          </Button>
        ) : (
          <Button look="primary" onClick={() => { episode.getState().pause() }}>
            <Pause aria-hidden /> {words.pause}
          </Button>
        )}
        <Button onClick={() => { actions.step() }}>
          <StepForward aria-hidden /> {words.step}
        </Button>
        <Button shape="icon" aria-label={words.stop} title={words.stop} onClick={() => { episode.getState().stop() }}>
          <Square aria-hidden />
        </Button>
      </div>
    )
  }
  return (
    <div className="run-buttons" role="group" aria-label={words.region}>
      <Button look="primary" data-turn={turn} disabled={waiting} title={words.runTitle} onClick={() => void actions.run()}>
        <Play aria-hidden /> {words.run}
      </Button>
      <Button disabled={waiting} title={words.stepTitle} onClick={() => { actions.step() }}>
        <StepForward aria-hidden /> {words.step}
      </Button>
      <GroupButton />
    </div>
  )
}
