// What the step's update did to the tokens of the chosen rollout: the gradient of each, and how likely it was before and
// after. Computed when somebody looks.
import { Binary } from 'lucide-react'
import { useEffect, useState, type KeyboardEvent } from 'react'
import type { Trajectory } from '../../../core/record/trajectory.ts'
import { largestOf } from '../../../core/extremes.ts'
import type { UpdatedToken, UpdateView } from '../../../rpc/training.ts'
import { decimal, percent, signed } from '../../format.ts'
import { t } from '../../locales/index.ts'
import { useWorkspace, useGroup, useRuns, useTraining } from '../../state/context.tsx'
import { runOf } from '../../state/runs.ts'
import { Select } from '../../ui/select.tsx'
import { Button } from '../../ui/button.tsx'
import { Term } from '../../ui/term.tsx'
import { phaseAt } from '../../ui/phases.ts'
import { changeOf, directionOf, gradientWords, repliesOf, shadeOf, summaryOf, tiny, type Said, type Shade } from './update-view.ts'
import { messageOf } from '../../../core/error-message.ts'
import { Explained } from '../../ui/explained.tsx'

/** Spaces and line breaks as something to see and to point at. */
const visible = (text: string) => text.replaceAll('\n', '⏎').replace(/^ $/, '␣')

type Found = { of: string; share: number } | { of: string; view: UpdateView } | { of: string; failure: string }

/** The update of a step as the lab computes it; null before it has begun. */
function useUpdate(run: string, step: number, rollout: number): Found | null {
  const { backend, sourceOf } = useWorkspace()
  const record = useRuns((state) => runOf(state, run))
  const [found, setFound] = useState<Found | null>(null)
  const of = `${run}/${step}/${rollout}`
  const model = record?.model
  useEffect(() => {
    if (model === undefined) return
    const source = sourceOf(model)
    let wanted = true
    const tell = (next: Found) => { if (wanted) setFound(next) }
    const ask = async () => {
      if (!source) throw new Error(t().group.tokens.noModel(model))
      return backend.lab().training.viewUpdate({ run, step, rollout, source }, (share) => { tell({ of, share }) })
    }
    ask().then(
      (view) => { tell({ of, view }) },
      (error: unknown) => { tell({ of, failure: messageOf(error) }) },
    )
    return () => { wanted = false }
  }, [backend, sourceOf, model, run, step, rollout, of])
  return found?.of === of ? found : null
}

function Card({ token }: { token: UpdatedToken }) {
  const { before, after, advantage, weight, gradient } = token
  const words = t().group.tokens.card
  return (
    <>
      <strong className="wrote">{visible(token.text)}</strong>
      <dl>
        <dt>{words.before}</dt>
        <dd>
          {decimal(before, 3)} ({percent(Math.exp(before))})
        </dd>
        <dt>{words.after}</dt>
        <dd>
          {decimal(after, 3)} ({percent(Math.exp(after))}), {signed(changeOf(token), 3)}
        </dd>
        <dt>{words.gradient}</dt>
        <dd>
          A · w · ρ = {signed(advantage)} · {weight.toExponential(1)} · 1 = {tiny(gradient.policy)}
        </dd>
        {gradient.kl !== 0 && (
          <>
            <dt>{words.kl}</dt>
            <dd>{words.towards(tiny(gradient.kl))}</dd>
          </>
        )}
      </dl>
      <p className="quiet">{words.about}</p>
    </>
  )
}

interface TokenProps {
  token: UpdatedToken
  index: number
  shade: Shade
  largest: number
  /** The one that Tab comes to. */
  entry: boolean
}

function Token({ token, index, shade, largest, entry }: TokenProps) {
  const value = shadeOf(token, shade)
  const direction = directionOf(value, shade === 'change' ? undefined : 0)
  const words = t().group.tokens
  const said = words.token(visible(token.text), words.change[directionOf(changeOf(token))], decimal(token.before, 2), decimal(token.after, 2), tiny(token.gradient.policy))
  const share = largest > 0 ? Math.min(1, Math.abs(value) / largest) : 0
  return (
    <Explained card={<Card token={token} />} className="token-card">
      <span
        className="token updated-token"
        role="img"
        tabIndex={entry ? 0 : -1}
        data-token={index}
        data-sign={direction}
        style={{ '--share': `${Math.round(8 + 37 * share)}%` }}
        aria-label={said}
      >
        {visible(token.text)}
      </span>
    </Explained>
  )
}

/** Arrow keys go from token to token, Home and End to the ends. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const tokens = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-token]')]
  const at = tokens.findIndex((token) => token === document.activeElement)
  if (at < 0) return
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tokens.length - 1 }[event.key]
  if (to === undefined) return
  event.preventDefault()
  tokens[to]?.focus()
}

function Reply({ said: { step, call, tokens }, trajectory, ...rest }: { said: Said; trajectory: Trajectory } & Pick<TokenProps, 'shade' | 'largest'>) {
  const { number, hue, word } = phaseAt(trajectory, step)
  const words = t().group.tokens
  return (
    <li className="updated-reply" data-hue={hue}>
      <span className="updated-where">
        {words.where(String(number), word, step + 1)}
        {call !== null && words.summary}
      </span>
      <p className="tokens wrote">
        {tokens.map(({ token, index }) => (
          <Token key={index} token={token} index={index} entry={index === 0} {...rest} />
        ))}
      </p>
    </li>
  )
}

function Tokens({ view, trajectory }: { view: UpdateView; trajectory: Trajectory }) {
  const [shade, setShade] = useState<Shade>('change')
  const words = t().group.tokens
  const largest = largestOf(view.tokens.map((token) => Math.abs(shadeOf(token, shade))))
  return (
    <>
      <div className="updated-head">
        <p>
          {summaryOf(view)} {gradientWords(view)}
          {view.madeAgain > 0 && <span className="quiet">{words.madeAgain(view.madeAgain)}</span>}
        </p>
        <Select
          label={words.shade.label}
          value={shade}
          choices={[
            { value: 'change', name: words.shade.change },
            { value: 'gradient', name: words.shade.gradient },
          ]}
          onChange={setShade}
        />
      </div>
      <p className="updated-key" aria-hidden>
        <span className="token updated-token" data-sign="up" style={{ '--share': '40%' }}>
          {words.change.up}
        </span>{' '}
        <span className="token updated-token" data-sign="down" style={{ '--share': '40%' }}>
          {words.change.down}
        </span>{' '}
        <span className="quiet">{words.key}</span>
      </p>
      <ol className="updated-replies" aria-label={words.list} onKeyDown={moveFocus}>
        {repliesOf(view.tokens).map((said) => (
          <Reply key={`${said.step}/${said.call ?? ''}`} said={said} trajectory={trajectory} shade={shade} largest={largest} />
        ))}
      </ol>
    </>
  )
}

function Update({ run, step, rollout, trajectory }: { run: string; step: number; rollout: number; trajectory: Trajectory }) {
  const found = useUpdate(run, step, rollout)
  const words = t().group.tokens
  if (!found) return <p className="quiet">{words.asking}</p>
  if ('failure' in found) return <p className="field-error">{found.failure}</p>
  if ('share' in found) return <p className="quiet">{words.again(Math.round(100 * found.share))}</p>
  if (found.view.idle) return <p className="quiet">{words.idle}</p>
  if (found.view.tokens.length === 0) return <p className="quiet">{words.tooLong}</p>
  return <Tokens view={found.view} trajectory={trajectory} />
}

/** @param index of the rollout among those of the step; @param shown as the page counts it, from 1 */
export function UpdateTokens({ index, shown, trajectory }: { index: number; shown: number; trajectory: Trajectory }) {
  const { group } = useWorkspace()
  const at = useGroup((state) => state.at)
  const open = useGroup((state) => state.tokens)
  const busy = useTraining((state) => state.live !== null)
  const words = t().group.tokens
  if (!at || !trajectory.steps.some(({ reply }) => reply.token_ids)) return null
  return (
    <section className="updated" aria-label={words.label}>
      <div className="updated-title">
        <Button size="small" aria-pressed={open} title={words.openKey} onClick={() => { group.getState().showTokens(!open) }}>
          <Binary aria-hidden /> {words.open(shown)}
        </Button>
        <Term name="tokenGradient" plain>
          <span className="quiet">{words.about}</span>
        </Term>
      </div>
      {open && (busy ? <p className="quiet">{words.busy}</p> : <Update run={at.run} step={at.step} rollout={index} trajectory={trajectory} />)}
    </section>
  )
}
