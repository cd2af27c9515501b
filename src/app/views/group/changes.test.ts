// Sentences about new weights, on groups worked by hand.
import { describe, expect, it } from 'vitest'
import type { RescoredGroup, ScoredGroup } from '../../../core/training/rescore.ts'
import { changesOf, changeWords } from './changes.ts'

const group = (advantages: number[], ranks: number[]): ScoredGroup => ({ advantages, ranks, rewards: [], mean: 0, std: 1, zero_variance: false })
const under = (advantages: number[], ranks: number[], changed: number[]): RescoredGroup => ({ ...group(advantages, ranks), changed })

const then = group([0.3, 0.9, -1.2], [2, 1, 3])

describe('changesOf', () => {
  it('counts rollouts from 1', () => {
    expect(changesOf(then, under([-0.2, 0.9, -0.7], [3, 1, 2], [0]))).toEqual({ sign: [1], rank: [1, 3] })
  })
})

describe('changeWords', () => {
  it('says when nothing changes', () => {
    expect(changeWords(then, under([0.2, 1, -1.2], [2, 1, 3], []))).toBe('No rollout changes its sign or its rank.')
  })
  it('says who changed sign, from what to what, and who changed places besides', () => {
    expect(changeWords(then, under([-0.2, 0.9, -0.7], [3, 1, 2], [0]))).toBe('Rollout 1 changed sign: 1 from +0.30 to −0.20. Rollout 3 changed rank.')
    expect(changeWords(then, under([-0.2, -0.1, 0.3], [3, 2, 1], [0, 1, 2]))).toBe('Rollouts 1, 2 and 3 changed sign: 1 from +0.30 to −0.20, 2 from +0.90 to −0.10, 3 from −1.20 to +0.30.')
    expect(changeWords(then, under([0.9, 0.3, -1.2], [1, 2, 3], []))).toBe('No rollout changes its sign. Rollouts 1 and 2 changed rank.')
  })
  it('says when nothing is left to learn', () => {
    expect(changeWords(then, { ...under([0, 0, 0], [1, 1, 1], [0, 1, 2]), zero_variance: true })).toContain('teach nothing')
  })
})
