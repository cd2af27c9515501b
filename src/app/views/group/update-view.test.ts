// Words about an update, on tokens made by hand.
import { describe, expect, it } from 'vitest'
import type { UpdatedToken, UpdateView } from '../../../rpc/training.ts'
import { directionOf, gradientWords, repliesOf, summaryOf, tiny } from './update-view.ts'

const token = (step: number, call: number | null, before: number, after: number, policy = 1e-4): UpdatedToken => ({ text: 'a', step, call, before, after, advantage: 0.5, weight: 2e-4, gradient: { policy, kl: 0 } })
const view = (...tokens: UpdatedToken[]): UpdateView => ({ tokens, idle: false, madeAgain: 0 })

describe('repliesOf', () => {
  it('puts replies and summaries apart, in the order of the episode', () => {
    const replies = repliesOf([token(0, null, 0, 0), token(0, null, 0, 0), token(2, null, 0, 0), token(1, 0, 0, 0)])
    expect(replies.map(({ step, call, tokens }) => [step, call, tokens.map(({ index }) => index)])).toEqual([[0, null, [0, 1]], [1, 0, [3]], [2, null, [2]]])
  })
})

describe('summaryOf', () => {
  it('counts what moved and says by how much the whole did', () => {
    expect(summaryOf(view(token(0, null, -1, -0.5), token(0, null, -1, -0.9), token(0, null, -1, -1.25), token(0, null, -1, -1)))).toBe('2 tokens became likelier, 1 less likely; the rollout as a whole is 1.42 times as likely as before (log π +0.35).')
  })
})

describe('gradientWords', () => {
  it('says when all have the same gradient, and else between what they are', () => {
    expect(gradientWords(view(token(0, null, 0, 0), token(1, null, 0, 0)))).toContain('Every token has the gradient +1.0e-4')
    expect(gradientWords(view(token(0, null, 0, 0, -2e-4), token(1, null, 0, 0)))).toBe('The gradients of the tokens are between −2.0e-4 and +1.0e-4.')
  })
})

describe('directionOf and tiny', () => {
  it('know nothing from something', () => {
    expect([directionOf(0.0001), directionOf(0.01), directionOf(-0.01)]).toEqual(['none', 'up', 'down'])
    expect([tiny(0), tiny(-0.00029)]).toEqual(['0', '−2.9e-4'])
  })
})
