// The tokens of a rollout after an update, reply by reply, and what is said of them. Pure.
import { largestOf, smallestOf } from '../../../core/extremes.ts'
import type { UpdatedToken, UpdateView } from '../../../rpc/training.ts'
import { decimal, signed } from '../../format.ts'
import { t } from '../../locales/index.ts'

/** What colours a token: how its probability moved, or the gradient that moved it. */
export type Shade = 'change' | 'gradient'

export interface Said {
  /** Step of the episode, from 0, and the call whose summary it is. */
  step: number
  call: number | null
  tokens: { token: UpdatedToken; index: number }[]
}

export const changeOf = ({ before, after }: UpdatedToken): number => after - before
const gradientOf = ({ gradient }: UpdatedToken): number => gradient.policy + gradient.kl
export const shadeOf = (token: UpdatedToken, shade: Shade): number => (shade === 'change' ? changeOf(token) : gradientOf(token))

/** Tokens of one reply, or of one summary, stand together. */
export function repliesOf(tokens: readonly UpdatedToken[]): Said[] {
  const replies: Said[] = []
  for (const [index, token] of tokens.entries()) {
    const last = replies.at(-1)
    if (last && last.step === token.step && last.call === token.call) last.tokens.push({ token, index })
    else replies.push({ step: token.step, call: token.call, tokens: [{ token, index }] })
  }
  return replies.sort((a, b) => a.step - b.step || (a.call ?? -1) - (b.call ?? -1))
}

/** Below this a change is none, nats. */
const nothing = 5e-4

export const directionOf = (value: number, least = nothing): 'up' | 'down' | 'none' => (Math.abs(value) < least ? 'none' : value > 0 ? 'up' : 'down')

/** 2.9e-4 with a real minus sign; small as gradients are. */
export const tiny = (value: number): string => (value === 0 ? '0' : `${value < 0 ? '−' : '+'}${Math.abs(value).toExponential(1)}`)

/** "41 tokens became likelier, 12 less likely; the rollout as a whole is 3.67 times as likely as before (log π +1.30)." */
export function summaryOf({ tokens }: UpdateView): string {
  const moved = tokens.map((token) => directionOf(changeOf(token)))
  const [up, down] = [moved.filter((each) => each === 'up').length, moved.filter((each) => each === 'down').length]
  const sum = tokens.reduce((total, token) => total + changeOf(token), 0)
  return t().group.tokens.sentence(up, down, decimal(Math.exp(sum), Math.exp(sum) < 10 ? 2 : 0), signed(sum))
}

/** Every token the same, or between what and what. */
export function gradientWords({ tokens }: UpdateView): string {
  const gradients = tokens.map(({ gradient }) => gradient.policy)
  const [low, high] = [smallestOf(gradients), largestOf(gradients)]
  if (high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high), 1e-30)) return t().group.tokens.sameGradient(tiny(high))
  return t().group.tokens.gradients(tiny(low), tiny(high))
}
