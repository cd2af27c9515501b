// Two episodes of the same task played in parallel: one scrubber, two conversations, two memories.
import { ChevronLeft, ChevronRight, Pause, Play } from 'lucide-react'
import { Slider } from 'radix-ui'
import { useEffect, useMemo, useState } from 'react'
import type { Trajectory } from '../../../core/record/trajectory.ts'
import { t } from '../../locales/index.ts'
import { StoresProvider, useStores } from '../../state/context.tsx'
import { rolloutKey } from '../../state/training-workspace.ts'
import { Button } from '../../ui/button.tsx'
import { Conversation } from '../conversation.tsx'
import { DerivedProvider } from '../derived.tsx'
import { LongTerm, LongTermFigure } from '../long-term.tsx'
import { ShortTermFigure } from '../short-term.tsx'
import { momentsOf } from './moments.ts'
import { stillEpisode } from './still-episode.ts'

export interface PairSide {
  name: string
  /** Which of those compared it is. */
  who: number
  trajectory: Trajectory
  /** Key of the recorded episode; left out: it is a rollout of a run or of a comparison. */
  episode?: string
}

interface PaneProps {
  side: PairSide
  at: number
  onSeek: (index: number) => void
}

function Pane({ side: { name, who, trajectory, episode: recorded }, at, onSeek }: PaneProps) {
  const stores = useStores()
  const [episode] = useState(() => stillEpisode(rolloutKey(trajectory), trajectory, onSeek))
  const inner = useMemo(() => ({ ...stores, episode }), [stores, episode])
  const shown = episode.getState().shown
  if (!shown) return null
  return (
    <StoresProvider stores={inner}>
      <DerivedProvider trajectory={trajectory}>
        <section className="pair-pane" aria-label={name}>
          <header>
            <h4>
              <span className="who" data-who={who} /> {name}
            </h4>
            <ShortTermFigure trajectory={trajectory} at={at} />
            <Button size="small" onClick={() => { if (recorded === undefined) stores.workspace.watch(trajectory, at); else void stores.actions.open(recorded, at) }}>
              {t().compare.pair.watch}
            </Button>
          </header>
          <Conversation shown={shown} at={at} />
          <div className="pair-memory" data-hue="ltm">
            <p className="panel-head">
              <span className="panel-title">{t().compare.pair.memory}</span>
              <LongTermFigure trajectory={trajectory} at={at} />
            </p>
            <div className="panel-body" tabIndex={0} role="region" aria-label={t().compare.pair.memoryOf(name)}>
              <LongTerm trajectory={trajectory} at={at} />
            </div>
          </div>
        </section>
      </DerivedProvider>
    </StoresProvider>
  )
}

/** Time for a moment when both play by themselves, ms. */
const pace = 1200

/** Give it a key of the task, so that a new pair begins anew. */
export function Pair({ left, right }: { left: PairSide; right: PairSide }) {
  const moments = useMemo(() => momentsOf([left.trajectory, right.trajectory]), [left.trajectory, right.trajectory])
  const [chosen, setChosen] = useState<number | null>(null)
  const [playing, setPlaying] = useState(false)
  const last = moments.length - 1
  const at = Math.min(chosen ?? last, last)
  const running = playing && at < last
  useEffect(() => {
    if (!running) return
    const timer = setTimeout(() => { setChosen(at + 1) }, pace)
    return () => { clearTimeout(timer) }
  }, [running, at])
  const moment = moments[at]
  if (!moment) return null
  const move = (to: number) => {
    setPlaying(false)
    setChosen(to)
  }
  const seek = (side: number) => (index: number) => {
    const found = moments.findIndex((each) => (each.at[side] ?? -1) >= index)
    move(found < 0 ? last : found)
  }
  const { phase, number, hue, word } = moment.phase
  const words = t().compare.pair
  const place = phase === 'answer' ? words.reply(moment.turn + 1) : words.message(moment.turn + 1)
  return (
    <section className="pair" aria-label={words.label}>
      <div className="pair-scrubber" data-hue={hue}>
        <Button
          shape="icon"
          size="small"
          aria-label={running ? words.pause : words.play}
          onClick={() => {
            setPlaying(!running)
            if (!running && at === last) setChosen(0)
          }}
        >
          {running ? <Pause aria-hidden /> : <Play aria-hidden />}
        </Button>
        <Button look="bare" shape="icon" size="small" aria-label={words.back} disabled={at === 0} onClick={() => { move(at - 1) }}>
          <ChevronLeft aria-hidden />
        </Button>
        <Slider.Root className="slider" value={[at]} min={0} max={last} onValueChange={([next]) => { if (next !== undefined) move(next) }}>
          <Slider.Track className="slider-track">
            <Slider.Range className="slider-range" />
          </Slider.Track>
          <Slider.Thumb className="slider-thumb" aria-label={words.moment} aria-valuetext={words.stage(String(number), place)} />
        </Slider.Root>
        <Button look="bare" shape="icon" size="small" aria-label={words.forward} disabled={at === last} onClick={() => { move(at + 1) }}>
          <ChevronRight aria-hidden />
        </Button>
        <span className="pair-where">
          <span className="stage-mark">{number}</span> {words.where(word, place)}
        </span>
      </div>
      <div className="pair-panes">
        <Pane side={left} at={moment.at[0] ?? 0} onSeek={seek(0)} />
        <Pane side={right} at={moment.at[1] ?? 0} onSeek={seek(1)} />
      </div>
    </section>
  )
}
