// What the step's update did to the tokens of the chosen rollout: the gradient of each, and how likely it was before and
// after. Computed when somebody looks.
import { Binary } from 'lucide-react'
import { Tooltip } from 'radix-ui'
import { useEffect, useState, type KeyboardEvent } from 'react'
import type { Trajectory } from '../../../core/record/trajectory.ts'
import { largestOf } from '../../../core/extremes.ts'
import type { UpdatedToken, UpdateView } from '../../../rpc/training.ts'
import { decimal, percent, signed } from '../../format.ts'
import { useWorkspace, useGroup, useRuns, useTraining } from '../../state/context.tsx'
import { runOf } from '../../state/runs.ts'
import { Select } from '../../ui/select.tsx'
import { Button } from '../../ui/button.tsx'
import { Term } from '../../ui/term.tsx'
import { phaseAt } from '../../ui/phases.ts'
import { changeOf, directionOf, gradientWords, repliesOf, shadeOf, summaryOf, tiny, type Said, type Shade } from './update-view.ts'
import { messageOf } from '../../../core/error-message.ts'
import { placeOverPage } from '../../ui/over.ts'

/** Spaces and line breaks as something to see and to point at. */
const visible = (text: string) => text.replaceAll('\n', '⏎').replace(/^ $/, '␣')

const changeWords = { up: 'likelier', down: 'less likely', none: 'unchanged' } as const

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
      if (!source) throw new Error(`This run trained ${model}, which is not loaded here. Choose that model in the sentence of Watch first.`)
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
  return (
    <>
      <strong className="wrote">{visible(token.text)}</strong>
      <dl>
        <dt>log π before</dt>
        <dd>
          {decimal(before, 3)} ({percent(Math.exp(before))})
        </dd>
        <dt>log π after</dt>
        <dd>
          {decimal(after, 3)} ({percent(Math.exp(after))}), {signed(changeOf(token), 3)}
        </dd>
        <dt>gradient</dt>
        <dd>
          A · w · ρ = {signed(advantage)} · {weight.toExponential(1)} · 1 = {tiny(gradient.policy)}
        </dd>
        {gradient.kl !== 0 && (
          <>
            <dt>KL term</dt>
            <dd>{tiny(gradient.kl)}, towards the base model</dd>
          </>
        )}
      </dl>
      <p className="quiet">Eq. 6: the slope of ρA − βD by this token’s log π where the update begins, times its weight in the mean. What it came to depends on all other tokens, too.</p>
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
  const share = largest > 0 ? Math.min(1, Math.abs(value) / largest) : 0
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>
        <span
          className="token updated-token"
          role="img"
          tabIndex={entry ? 0 : -1}
          data-token={index}
          data-sign={direction}
          style={{ '--share': `${Math.round(8 + 37 * share)}%` }}
          aria-label={`${visible(token.text)}: ${changeWords[directionOf(changeOf(token))]}, log π ${decimal(token.before, 2)} to ${decimal(token.after, 2)}, gradient ${tiny(token.gradient.policy)}`}
        >
          {visible(token.text)}
        </span>
      </Tooltip.Trigger>
      <Tooltip.Portal container={placeOverPage()}>
        <Tooltip.Content className="hover-card token-card" sideOffset={6} collisionPadding={12}>
          <Card token={token} />
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
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
  return (
    <li className="updated-reply" data-hue={hue}>
      <span className="updated-where">
        {number} {word}, step {step + 1}
        {call !== null && ', summary'}
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
  const largest = largestOf(view.tokens.map((token) => Math.abs(shadeOf(token, shade))))
  return (
    <>
      <div className="updated-head">
        <p>
          {summaryOf(view)} {gradientWords(view)}
          {view.madeAgain > 0 && <span className="quiet"> The adapter after this step is not kept; the updates of {view.madeAgain === 1 ? 'one step' : `${view.madeAgain} steps`} were made again for it.</span>}
        </p>
        <Select
          label="What colours a token"
          value={shade}
          choices={[
            { value: 'change', name: 'coloured by what changed' },
            { value: 'gradient', name: 'coloured by the gradient' },
          ]}
          onChange={setShade}
        />
      </div>
      <p className="updated-key" aria-hidden>
        <span className="token updated-token" data-sign="up" style={{ '--share': '40%' }}>
          likelier
        </span>{' '}
        <span className="token updated-token" data-sign="down" style={{ '--share': '40%' }}>
          less likely
        </span>{' '}
        <span className="quiet">the stronger the colour, the more. Tab, then ← → go from token to token.</span>
      </p>
      <ol className="updated-replies" aria-label="Tokens of this rollout" onKeyDown={moveFocus}>
        {repliesOf(view.tokens).map((said) => (
          <Reply key={`${said.step}/${said.call ?? ''}`} said={said} trajectory={trajectory} shade={shade} largest={largest} />
        ))}
      </ol>
    </>
  )
}

function Update({ run, step, rollout, trajectory }: { run: string; step: number; rollout: number; trajectory: Trajectory }) {
  const found = useUpdate(run, step, rollout)
  if (!found) return <p className="quiet">Asking the model…</p>
  if ('failure' in found) return <p className="field-error">{found.failure}</p>
  if ('share' in found) return <p className="quiet">Making the adapter after this step again: {Math.round(100 * found.share)} %…</p>
  if (found.view.idle) return <p className="quiet">All rewards of this group were the same: the update left it out.</p>
  if (found.view.tokens.length === 0) return <p className="quiet">No token of this rollout carried loss: its replies were too long for a sequence.</p>
  return <Tokens view={found.view} trajectory={trajectory} />
}

/** @param index of the rollout among those of the step; @param shown as the page counts it, from 1 */
export function UpdateTokens({ index, shown, trajectory }: { index: number; shown: number; trajectory: Trajectory }) {
  const { group } = useWorkspace()
  const at = useGroup((state) => state.at)
  const open = useGroup((state) => state.tokens)
  const busy = useTraining((state) => state.live !== null)
  if (!at || !trajectory.steps.some(({ reply }) => reply.token_ids)) return null
  return (
    <section className="updated" aria-label="What the update did to tokens">
      <div className="updated-title">
        <Button size="small" aria-pressed={open} title="Tokens (T)" onClick={() => { group.getState().showTokens(!open) }}>
          <Binary aria-hidden /> Tokens of rollout {shown}
        </Button>
        <Term name="tokenGradient" plain>
          <span className="quiet">the gradient of each in this step’s update, and what came of it</span>
        </Term>
      </div>
      {open && (busy ? <p className="quiet">The model is being trained: pause the training, and its tokens can be looked at.</p> : <Update run={at.run} step={at.step} rollout={index} trajectory={trajectory} />)}
    </section>
  )
}
