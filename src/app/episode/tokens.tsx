// The tokens of a reply, coloured by how unexpected each was; on hover its probability and what else the model
// considered. The model is asked when somebody looks.
import { Binary } from 'lucide-react'
import { useEffect, useState } from 'react'
import { conversationOf } from '../../core/policy/conversation.ts'
import { contextAt } from '../../core/record/replay.ts'
import { playerIn } from '../../core/record/setup.ts'
import type { Step, Trajectory } from '../../core/record/trajectory.ts'
import type { ModelSource } from '../../core/policy/model.ts'
import type { TokenView } from '../../core/policy/token-view.ts'
import { useModel, useStores, useUi, useWebLlm, useWeights } from '../state/context.tsx'
import { liveModels, liveSource, sourcesOf } from '../state/weights.ts'
import { percent } from '../format.ts'
import { t } from '../locales/index.ts'
import { Button } from '../ui/button.tsx'
import { messageOf } from '../../core/error-message.ts'
import { Explained } from '../ui/explained.tsx'

/** −log p from which a token has the full colour, nats. */
const surprising = 4

/** Spaces and line breaks as something to see and to point at. */
const visible = (text: string) => text.replaceAll('\n', '⏎').replace(/^ $/, '␣')

/** The model that wrote the episode, when it can be asked. */
function useSource({ setup }: Trajectory): ModelSource | null {
  const nano = useModel((state) => state.nanoSource)
  const own = useModel((state) => state.ownSource)
  const kept = useWeights((state) => state.kept)
  const name = playerIn(setup.policy)
  const models = useWebLlm((state) => state.models)
  const cached = useWebLlm((state) => state.cached)
  return [...sourcesOf({ nanoSource: nano, ownSource: own }, kept), ...liveModels({ models, cached }).map(liveSource)].find((each) => each.name === name) ?? null
}

type Views = { of: string; views: TokenView[] } | { of: string; failure: string } | null

/** What the model thinks of the step's tokens; null until it has answered. */
function useViews(source: ModelSource | null, trajectory: Trajectory, index: number): Views {
  const { model } = useStores()
  const [views, setViews] = useState<Views>(null)
  const ids = trajectory.steps[index]?.reply.token_ids
  const of = `${trajectory.id.run}/${trajectory.id.task}/${trajectory.id.rollout}/${index}`
  useEffect(() => {
    if (!source || !ids) return
    let wanted = true
    const conversation = conversationOf(contextAt(trajectory, index, 'prompt'))
    model
      .getState()
      .inspect(source, conversation, ids)
      .then(
        (found) => { if (wanted) setViews({ of, views: found }) },
        (error: unknown) => { if (wanted) setViews({ of, failure: messageOf(error) }) },
      )
    return () => { wanted = false }
  }, [model, source, trajectory, index, ids, of])
  return views?.of === of ? views : null
}

function Token({ view, recorded }: { view: TokenView; recorded: number }) {
  const words = t().episode.tokens
  const colour = Math.min(1, -recorded / surprising)
  const card = (
    <>
      <strong className="wrote">{visible(view.text)}</strong>
      <p>{words.likely(percent(Math.exp(recorded)), recorded.toFixed(2))}</p>
      <ol aria-label={words.others}>
        {view.alternatives.map((other, i) => (
          <li key={i} data-chosen={other.text === view.text}>
            <span className="wrote">{visible(other.text)}</span>
            <span className="token-bar" style={{ inlineSize: `${Math.max(1, 100 * Math.exp(other.logprob))}%` }} />
            <span className="number">{percent(Math.exp(other.logprob))}</span>
          </li>
        ))}
      </ol>
      <p className="quiet">{words.entropy(view.entropy.toFixed(2))}</p>
    </>
  )
  return (
    <Explained card={card} className="token-card">
      <span className="token" tabIndex={0} style={{ '--surprise': `${Math.round(70 * colour)}%` }}>
        {visible(view.text)}
      </span>
    </Explained>
  )
}

function TokenStrip({ trajectory, step, index }: { trajectory: Trajectory; step: Step; index: number }) {
  const source = useSource(trajectory)
  const views = useViews(source, trajectory, index)
  const { logprobs } = step.reply
  const words = t().episode.tokens
  if (!source) return <p className="quiet token-note">{words.notLoaded(trajectory.policy)}</p>
  if (!views) return <p className="quiet token-note">{words.asking}</p>
  if ('failure' in views) return <p className="field-error">{views.failure}</p>
  return (
    <p className="tokens wrote" aria-label={words.strip}>
      {views.views.map((view, i) => (
        <Token key={i} view={view} recorded={logprobs?.[i] ?? view.logprob} />
      ))}
    </p>
  )
}

/** Under the reply of the step on show, when a language model wrote it. */
export function ReplyTokens({ trajectory, at }: { trajectory: Trajectory; at: number }) {
  const open = useUi((state) => state.tokens)
  const { ui } = useStores()
  const step = trajectory.steps[at]
  if (!step?.reply.token_ids) return null
  return (
    <div className="reply-tokens">
      <Button size="small" look="bare" aria-pressed={open} title={t().episode.tokens.title} onClick={() => { ui.getState().setTokens(!open) }}>
        <Binary aria-hidden /> {t().episode.tokens.toggle(step.reply.tokens)}
      </Button>
      {open && <TokenStrip trajectory={trajectory} step={step} index={at} />}
    </div>
  )
}
