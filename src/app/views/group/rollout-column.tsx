// One rollout of a group as a column: rank, reward, advantage, and what it did in each stage.
import { Check, CircleCheck, CircleX, Eye, X } from 'lucide-react'
import { memo } from 'react'
import type { Trajectory } from '../../../core/record/trajectory.ts'
import { signed } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { WhyShort } from '../../episode/why-line.tsx'
import { Button } from '../../ui/button.tsx'
import { Hint, Term } from '../../ui/term.tsx'
import { firstOfPhase } from '../../state/episode.ts'
import { AdvantageBar } from './advantage-bar.tsx'
import { RewardStrip, type RewardPart } from './reward-strip.tsx'
import type { RolloutView } from './rollout-view.ts'
import { ToolStrip } from './tool-strip.tsx'

/** What the weights in force make of it. */
interface Standing {
  total: number
  rank: number
  /** Its rank in training. */
  rankThen: number
  advantage: number
  advantageThen: number
  largest: number
  parts: RewardPart[]
  scale: { low: number; high: number }
}

interface ColumnProps {
  /** From 0. */
  index: number
  trajectory: Trajectory
  view: RolloutView
  standing: Standing
  chosen: boolean
  onChoose: (index: number) => void
  onWatch: (trajectory: Trajectory, step?: number) => void
}

/** What does not change with the weights. */
const Doings = memo(function Doings({ trajectory, view, onWatch }: Pick<ColumnProps, 'trajectory' | 'view' | 'onWatch'>) {
  const words = t().group.columns
  const first = (phase: string) => firstOfPhase(trajectory, phase)
  return (
    <>
      {view.phases.map(({ look: { phase, number, hue, word, title }, marks }) => (
        <div key={phase} role="group" className="column-stage" data-hue={hue} aria-label={words.stage(String(number), title)}>
          <button type="button" className="column-stage-name" disabled={first(phase) < 0} title={words.openStage} onClick={() => { onWatch(trajectory, first(phase)) }}>
            {number} {word}
          </button>
          <ToolStrip marks={marks} />
          {phase === 'build' && (
            <ul className="column-stored" aria-label={words.stored}>
              {view.stored.map(({ id, content, good, why }) => (
                <li key={id} data-good={good} title={`${content} (${why})`}>
                  {good ? <Check aria-label={words.worth} /> : <X aria-label={words.notWorth} />}
                  <span className="wrote">{content}</span>
                </li>
              ))}
              {view.stored.length === 0 && <li className="quiet">{words.storedNothing}</li>}
            </ul>
          )}
          {phase === 'resist' && <p className="column-cleared">{view.cleared}</p>}
          {phase === 'answer' && (
            <p className="column-answer" data-right={view.right}>
              {view.right ? <CircleCheck aria-label={words.right} /> : <CircleX aria-label={words.wrong} />}
              {view.answer === null ? <span className="quiet">{words.noAnswer}</span> : <span className="wrote" title={view.answer}>{view.answer}</span>}
              {view.judge !== null && <span className="quiet column-judge" title={words.judged(view.judge)}>{words.byModel}</span>}
            </p>
          )}
          {phase === 'answer' && <WhyShort trajectory={trajectory} />}
        </div>
      ))}
    </>
  )
})

export function RolloutColumn({ index, trajectory, view, standing, chosen, onChoose, onWatch }: ColumnProps) {
  const { total, rank, rankThen, advantage, advantageThen, largest, parts, scale } = standing
  const words = t().group.columns
  const turned = Math.sign(advantage) !== Math.sign(advantageThen)
  return (
    <li className="column" data-chosen={chosen} data-turned={turned} aria-label={words.one(index + 1)}>
      <header className="column-head">
        <button type="button" className="column-number" aria-pressed={chosen} title={words.choose(index + 1)} onClick={() => { onChoose(index) }}>
          {index + 1}
        </button>
        <Term name="rank" plain value={words.rank(rank, rankThen)}>
          <span className="column-rank" data-moved={rank !== rankThen}>
            #{rank}
            {rank !== rankThen && <span className="quiet"> ({rankThen})</span>}
          </span>
        </Term>
        <strong className="column-reward number">{signed(total)}</strong>
      </header>
      <AdvantageBar value={advantage} largest={largest} then={advantageThen} />
      <RewardStrip parts={parts} scale={scale} total={total} />
      <Doings trajectory={trajectory} view={view} onWatch={onWatch} />
      <footer>
        <Hint text={words.watchHint}>
          <Button size="small" aria-label={words.watchOne(index + 1)} onClick={() => { onWatch(trajectory) }}>
            <Eye aria-hidden /> {words.watch}
          </Button>
        </Hint>
      </footer>
    </li>
  )
}
