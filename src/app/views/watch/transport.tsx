// The foot of the view: play controls, the scrubber, speed, and the reward once it is known.
import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight, Pause, Play } from 'lucide-react'
import { useEffect } from 'react'
import { decimal, signed } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { useEpisode, useStores } from '../../state/context.tsx'
import { isLive, position, speedNames, speeds, type Shown } from '../../state/episode.ts'
import { Button } from '../../ui/button.tsx'
import { Fill } from '../../ui/fill.tsx'
import { phaseAt } from '../../ui/phases.ts'
import { Hint, Term } from '../../ui/term.tsx'
import { describeStep } from '../../episode/changes.ts'
import { judgedBy } from '../../episode/judged.ts'
import { RewardBar } from '../../episode/reward-bar.tsx'
import { WhatIf } from './what-if.tsx'
import { Scrubber } from './scrubber.tsx'
import { useScored } from '../../episode/scored.ts'

/** Playing a record at `max` still shows every step. */
const leastPlaybackMs = 60

function usePlayback() {
  const playing = useEpisode((state) => state.playing)
  const speed = useEpisode((state) => state.speed)
  const { episode } = useStores()
  useEffect(() => {
    if (!playing) return
    const timer = setInterval(() => { episode.getState().advance() }, Math.max(leastPlaybackMs, speeds[speed]))
    return () => { clearInterval(timer) }
  }, [playing, speed, episode])
}

function Controls({ shown, at }: { shown: Shown; at: number }) {
  const { episode, actions } = useStores()
  const playing = useEpisode((state) => state.playing)
  const last = shown.trajectory.steps.length - 1
  const running = playing || shown.phase === 'running' || shown.phase === 'starting'
  const { seek } = episode.getState()
  const words = t().watch.timeline
  return (
    <div className="controls" role="group" aria-label={words.playback}>
      <Button look="bare" shape="icon" aria-label={words.first} title={words.withKey(words.first, 'Home')} disabled={at <= 0} onClick={() => { seek(0) }}>
        <ChevronFirst aria-hidden />
      </Button>
      <Button look="bare" shape="icon" aria-label={words.back} title={words.withKey(words.back, '←')} disabled={at <= 0} onClick={() => { actions.move(-1) }}>
        <ChevronLeft aria-hidden />
      </Button>
      <Button shape="icon" aria-label={running ? words.pause : words.play} title={words.withKey(running ? words.pauseTitle : words.play, words.space)} onClick={() => { actions.togglePlay() }}>
        {running ? <Pause aria-hidden /> : <Play aria-hidden />}
      </Button>
      <Button look="bare" shape="icon" aria-label={words.forward} title={words.withKey(words.forward, '→')} disabled={at >= last && shown.phase !== 'paused'} onClick={() => { actions.move(1) }}>
        <ChevronRight aria-hidden />
      </Button>
      <Button look="bare" shape="icon" aria-label={words.last} title={words.withKey(words.last, 'End')} disabled={at >= last} onClick={() => { seek(last) }}>
        <ChevronLast aria-hidden />
      </Button>
      {!isLive(shown) && <WhatIf trajectory={shown.trajectory} at={at} />}
    </div>
  )
}

function Speed() {
  const speed = useEpisode((state) => state.speed)
  const { episode } = useStores()
  const words = t().watch.timeline
  return (
    <label className="speed">
      <span className="unseen">{words.speed}</span>
      <select
        value={speed}
        onChange={(event) => {
          const chosen = speedNames.find((name) => name === event.target.value)
          if (chosen) episode.getState().setSpeed(chosen)
        }}
        title={words.speed}
      >
        {speedNames.map((name) => (
          <option key={name} value={name}>
            {name === 'max' ? words.speeds.max : name}
          </option>
        ))}
      </select>
    </label>
  )
}

function Result({ shown }: { shown: Shown }) {
  const { episode } = useStores()
  const scored = useScored(shown.trajectory)
  const words = t().watch.timeline
  if (!scored) {
    const phase = isLive(shown) ? (shown.phase === 'paused' ? words.paused : words.playing) : shown.trajectory.status === 'running' ? words.playing : words.noReward
    return <div className="result quiet">{phase}</div>
  }
  return (
    <div className="result">
      <Hint text={words.toOutcome}>
        <button type="button" className="result-bar" aria-label={words.showOutcome} onClick={() => { episode.getState().seek(shown.trajectory.steps.length - 1) }}>
          <RewardBar scored={scored} />
        </button>
      </Hint>
      <span className="number">
        <Term name="judge" plain value={scored.verdict ? `${decimal(scored.verdict.score)}, ${judgedBy(scored.verdict)}` : words.noAnswer}>
          <span className="quiet">J</span> {scored.verdict ? decimal(scored.verdict.score) : '–'}
        </Term>
      </span>
      <span className="number">
        <Term name="reward" plain value={signed(scored.reward.total, 3)}>
          <span className="quiet">R</span> <strong>{signed(scored.reward.total)}</strong>
        </Term>
      </span>
    </div>
  )
}

export function Transport() {
  usePlayback()
  const shown = useEpisode((state) => state.shown)
  const playing = useEpisode((state) => state.playing)
  const at = useEpisode(position)
  if (!shown || shown.trajectory.steps.length === 0) return null
  const { trajectory } = shown
  const words = t().watch.timeline
  return (
    <footer className="transport" aria-label={words.region}>
      <Controls shown={shown} at={at} />
      <Scrubber trajectory={trajectory} at={at} growing={isLive(shown)} />
      <div className="transport-end">
        <p className="where">
          <span>
            <Fill words={words.where} slots={{ at: <strong>{at + 1}</strong>, of: trajectory.steps.length }} />
          </span>
          <Speed />
        </p>
        <Result shown={shown} />
      </div>
      <p className="unseen" aria-live="polite">
        {shown.phase === 'running' || playing ? '' : words.now(at, trajectory.steps.length, phaseAt(trajectory, at).number, describeStep(trajectory, at))}
      </p>
    </footer>
  )
}
