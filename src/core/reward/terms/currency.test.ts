import { describe, expect, it } from 'vitest'
import { defaultDifficulty, worldTask } from '../../environments/question/sources/world.ts'
import { miraTask, trajectoryOf } from '../../episode/fixture.ts'
import { composite } from '../composite.ts'
import { rewardPresets } from '../presets.ts'
import type { RewardComponents } from '../reward.ts'
import { terms } from '../terms.ts'

const components: RewardComponents = {
  task: 0.3, compression: 0.1, preventive: 1, preservation: 0, storage: 0.7, maintenance: 1, relevance: 0.2, tool_use: 0.9,
  maintenance_attempted: 1, rounds_exceeded: false, context_exceeded: true,
}
const earlier = ['paper', 'paper-unit', 'published-code', 'answer-only'] as const

describe('currency as a term', () => {
  it.each(earlier)('changes no bit of a total under %s', (name) => {
    const { total } = composite(components, rewardPresets[name])
    for (const currency of [-1, 0, 1]) expect(Object.is(composite({ ...components, currency }, rewardPresets[name]).total, total)).toBe(true)
  })
  it('is paid for under supersede, beside the answer', () => {
    expect([-1, 0, 1].map((currency) => composite({ ...components, currency }, rewardPresets.supersede).total)).toEqual([-0.7, 0.3, 1.3])
    expect(composite(components, rewardPresets.supersede).total).toBe(0.3)
  })
  it('pays the present value, takes for a superseded one, and is nothing else', () => {
    const measured = (answer: string) => terms.currency.measure(trajectoryOf({ task: miraTask(), steps: [{ phase: 'answer', says: 'Where does Mira Voss live?', answer }] }))
    expect(['Oslem', 'Tarn', 'Velmora'].map((answer) => measured(answer)).map(({ value, gives }) => [value, gives])).toEqual([[1, 'present'], [-1, 'superseded'], [0, 'neither']])
  })
  it('applies where what is asked for has changed', () => {
    expect(terms.currency.applies(miraTask())).toBe(true)
    const difficulty = { ...defaultDifficulty, two_hop: 0, comparison: 0, update: 0, update_share: 0 }
    expect(terms.currency.applies(worldTask({ seed: 1, index: 0, split: 'train', difficulty }))).toBe(false)
  })
})
