// The conversation up to the moment on show, by stage, the current step in view, the outcome at its end.
import { useLayoutEffect, useRef, type ReactNode } from 'react'
import type { EpisodeEvent, Step, Trajectory } from '../../core/record/trajectory.ts'
import { t } from '../locales/index.ts'
import { isLive, type Shown } from '../state/episode.ts'
import { useStores } from '../state/context.tsx'
import { Term } from '../ui/term.tsx'
import { phasesOf, type PhaseLook } from '../ui/phases.ts'
import { useDerived } from './derived.tsx'
import { flyChanges } from './flight.ts'
import { LiveReply } from '../ui/live-reply.tsx'
import { Outcome } from './outcome.tsx'
import { StepBlock } from './step-block.tsx'
import { ReplyTokens } from './tokens.tsx'

const messageIds = (events: readonly EpisodeEvent[]): string[] => events.flatMap((event) => (event.type === 'stm.append' ? [event.message.id] : []))

/** The newest step belongs in view: its top when it is taller than the pane, else the very end. */
function bringIntoView(pane: HTMLElement, index: number) {
  const step = pane.querySelector<HTMLElement>(`[data-step="${index}"]`)
  if (!step) {
    pane.scrollTop = 0
    return
  }
  const end = pane.scrollHeight - pane.clientHeight
  const headed = step.offsetTop - 40
  pane.scrollTop = Math.min(end, headed)
}

interface StageGroupProps {
  look: PhaseLook
  /** The reset that took all of it is behind the moment on show. */
  cleared: boolean
  steps: { step: Step; index: number; gone: string }[]
  at: number
  onChoose: (index: number) => void
  /** The tokens of the present step's reply, or the way to see them. */
  tokens: ReactNode
}

function StageGroup({ look: { number, hue, title, term }, cleared, steps, at, onChoose, tokens }: StageGroupProps) {
  return (
    <section className="stage-group" data-hue={hue} aria-label={t().episode.conversation.stage(number, title)}>
      <h3 className="stage-heading">
        <span className="stage-mark" aria-hidden>
          {number}
        </span>
        <Term name={term} plain>
          {title}
        </Term>
        {cleared && <span className="stage-cleared">{t().episode.conversation.cleared}</span>}
      </h3>
      <ol>
        {steps.map(({ step, index, gone }) => (
          <StepBlock key={index} step={step} index={index} current={index === at} gone={gone} onChoose={onChoose} tokens={index === at ? tokens : null} />
        ))}
      </ol>
    </section>
  )
}

/** Steps up to the moment, with what each has lost by then. */
function useShownSteps(trajectory: Trajectory, at: number) {
  const { departed } = useDerived()
  return trajectory.steps.slice(0, at + 1).map((step, index) => ({
    step,
    index,
    gone: messageIds([...step.before, ...step.after])
      .filter((id) => (departed.get(id)?.step ?? Infinity) <= at)
      .join(' '),
  }))
}

export function Conversation({ shown, at }: { shown: Shown; at: number }) {
  const pane = useRef<HTMLDivElement>(null)
  const last = useRef(at)
  const { episode } = useStores()
  const { trajectory } = shown
  const steps = useShownSteps(trajectory, at)
  const reset = steps.findLastIndex(({ step }) => step.before.some(({ type }) => type === 'stm.reset'))
  const tokens = <ReplyTokens trajectory={trajectory} at={at} />
  const atEnd = at === trajectory.steps.length - 1 && !isLive(shown)

  useLayoutEffect(() => {
    if (!pane.current) return
    bringIntoView(pane.current, at)
    const forward = at === last.current + 1
    last.current = at
    if (!forward) return
    // A frame later, when the other panes have brought what changed into view.
    const frame = requestAnimationFrame(() => {
      if (pane.current) flyChanges(pane.current, at)
    })
    return () => { cancelAnimationFrame(frame) }
  }, [at, atEnd])

  return (
    <div className="conversation-pane" ref={pane} tabIndex={0} role="region" aria-label={t().episode.conversation.region}>
      <div className="conversation">
        {phasesOf(trajectory).map((look) => {
          const own = steps.filter(({ step }) => step.phase === look.phase)
          const cleared = (own.at(-1)?.index ?? reset) < reset
          return own.length > 0 && <StageGroup key={look.phase} look={look} cleared={cleared} steps={own} at={at} onChoose={episode.getState().seek} tokens={tokens} />
        })}
        {isLive(shown) && at === trajectory.steps.length - 1 && <LiveReply />}
        {atEnd && <Outcome trajectory={trajectory} />}
      </div>
    </div>
  )
}
