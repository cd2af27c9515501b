// The first visit: three captions while nano plays an episode, then the visitor's turn.
import { useEpisode, useStores, useUi } from '../../state/context.tsx'
import { isLive, position } from '../../state/episode.ts'
import { phaseAt } from '../../ui/phases.ts'
import { Button } from '../../ui/button.tsx'

/** Of the phases of a question, in their order. */
const captions: readonly { title: string; text: string }[] = [
  { title: 'It listens and decides what to keep.', text: 'nano, a small language model on your CPU, plays. Nobody has asked anything yet; what it stores goes to long-term memory.' },
  { title: 'The conversation is wiped. Noise comes in.', text: 'Only long-term memory survived the reset. A trained agent throws out what does not matter.' },
  { title: 'Now the question.', text: 'It looks up what it stored and answers. The bar at the end shows what earned the reward.' },
]

export function Tour() {
  const tour = useUi((state) => state.tour)
  const stage = useEpisode((state) => (state.shown ? phaseAt(state.shown.trajectory, position(state)).number : 1))
  const live = useEpisode((state) => state.waiting || isLive(state.shown))
  const done = useEpisode((state) => state.shown !== null && position(state) === state.shown.trajectory.steps.length - 1)
  const { ui, episode } = useStores()
  if (tour === 'off') return null
  const end = () => { ui.getState().setTour('off') }
  if (tour === 'handover' || (!live && done)) {
    return (
      <aside className="tour" aria-label="Introduction" data-handover="true">
        <p>
          <strong>Your turn: press Train.</strong> nano forgets half of what it hears, and training changes that. Or press Run for another episode; drag along the timeline to see any moment.
        </p>
        <Button
          size="small"
          look="primary"
          onClick={() => {
            end()
            ui.getState().setView('train')
          }}
        >
          Train
        </Button>
        <Button size="small" onClick={end}>
          Got it
        </Button>
      </aside>
    )
  }
  const caption = captions[stage - 1]
  if (!caption) return null
  /** When nothing plays by itself, because the visitor asked for less motion or took over, the captions lead. */
  const next = () => {
    const { shown, seek } = episode.getState()
    if (!shown) return
    const { trajectory } = shown
    const following = trajectory.steps.findIndex((_, index) => phaseAt(trajectory, index).number > stage)
    seek(following < 0 ? Infinity : following)
  }
  return (
    <aside className="tour" aria-label="Introduction" aria-live="polite">
      <span className="tour-count" aria-hidden>
        {stage} / {captions.length}
      </span>
      <p>
        <strong>{caption.title}</strong> {caption.text}
      </p>
      {!live && (
        <Button size="small" onClick={next}>
          Next
        </Button>
      )}
      <Button size="small" look="bare" onClick={end}>
        Skip
      </Button>
    </aside>
  )
}
