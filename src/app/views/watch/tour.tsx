// The introduction on the first visit: what happens, in captions that point at it, while a task is played before and
// after training; then it is the visitor's turn.
import { Pause, Play, SkipForward } from 'lucide-react'
import { whyOf } from '../../../core/evaluation/why.ts'
import type { Trajectory } from '../../../core/record/trajectory.ts'
import { bestTotal } from '../../../core/reward/composite.ts'
import { useScored } from '../../episode/scored.ts'
import { whySentence } from '../../episode/why-words.ts'
import { decimal, signed } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { useEpisode, useStores, useTour, useUi } from '../../state/context.tsx'
import { isLive, position } from '../../state/episode.ts'
import { Button } from '../../ui/button.tsx'
import { phaseAt } from '../../ui/phases.ts'
import { Spotlight } from '../../ui/spotlight.tsx'

const stages = ['build', 'resist', 'answer'] as const

/** What a caption speaks of, the first that is on show: in a narrow window the memories are tabs. */
const places: Record<(typeof stages)[number] | 'ended', string> = {
  build: '.memories [data-hue="ltm"], .memory-tabs',
  resist: '.memories [data-hue="stm"], .memory-tabs',
  answer: '.conversation',
  ended: '.outcome .reward',
}

function Handover({ onEnd }: { onEnd: () => void }) {
  const { ui } = useStores()
  const { handover, label, buttons } = t().tour
  return (
    <aside className="tour" aria-label={label} data-handover="true">
      <p>
        <strong>{handover.title}</strong> {handover.text}
      </p>
      <Button
        size="small"
        look="primary"
        onClick={() => {
          onEnd()
          ui.getState().setView('train')
        }}
      >
        {buttons.train}
      </Button>
      <Button size="small" onClick={onEnd}>
        {buttons.done}
      </Button>
    </aside>
  )
}

/** Why it ended so, and what that was worth. */
function Ended({ trajectory }: { trajectory: Trajectory }) {
  const play = useTour((state) => state.play)
  const scored = useScored(trajectory)
  const { ended, reward } = t().tour
  if (!scored) return null
  const why = whyOf(trajectory, scored.reward.task)
  const worth = reward(signed(scored.reward.total), decimal(bestTotal(scored.weights)))
  return (
    <p>
      <strong>{ended[play]}</strong> {whySentence(why, trajectory)} {worth}
    </p>
  )
}

/** Where the tour is: the stage, or the end of a play. */
function useStation(): keyof typeof places {
  return useEpisode((state) => {
    if (!state.shown) return 'build'
    const { trajectory } = state.shown
    if (!isLive(state.shown) && position(state) === trajectory.steps.length - 1) return 'ended'
    return stages[phaseAt(trajectory, position(state)).number - 1] ?? 'answer'
  })
}

function Caption({ at, trajectory }: { at: keyof typeof places; trajectory: Trajectory | null }) {
  const play = useTour((state) => state.play)
  if (at === 'ended') return trajectory && <Ended trajectory={trajectory} />
  const { title, text } = t().tour[play][at]
  return (
    <p>
      <strong>{title}</strong> {text}
    </p>
  )
}

export function Tour() {
  const phase = useUi((state) => state.tour)
  const paused = useTour((state) => state.paused)
  const play = useTour((state) => state.play)
  const trajectory = useEpisode((state) => state.shown?.trajectory ?? null)
  const at = useStation()
  const { tour } = useStores()
  const { next, toggle, end } = tour.getState()
  const { label, buttons, plays } = t().tour
  if (phase === 'off') return null
  if (phase === 'handover') return <Handover onEnd={end} />
  return (
    <>
      <Spotlight on={places[at]} />
      <aside className="tour" aria-label={label} aria-live="polite">
        <span className="tour-count">{plays[play]}</span>
        <Caption at={at} trajectory={trajectory} />
        <Button size="small" onClick={toggle}>
          {paused ? <Play aria-hidden /> : <Pause aria-hidden />} {paused ? buttons.play : buttons.pause}
        </Button>
        <Button size="small" onClick={next}>
          <SkipForward aria-hidden /> {buttons.next}
        </Button>
        <Button size="small" look="bare" onClick={end}>
          {buttons.skip}
        </Button>
      </aside>
    </>
  )
}
