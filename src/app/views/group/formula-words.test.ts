import { describe, expect, it } from 'vitest'
import { advantageForms, groupAdvantages } from '../../../core/training/advantages.ts'
import { filledFormula, tellingTerms } from './formula-words.ts'

const terms = [
  { name: 'task', weight: 1 / 3, values: [0, 1, 1, 0] },
  { name: 'memory', weight: 1 / 3, values: [0.5, 0.5, 0.6, 0.2] },
  { name: 'penalty', weight: 1, values: [0, 0, 0, 0] },
]
const rewards = [0, 1, 2, 3].map((i) => terms.reduce((sum, { weight, values }) => sum + weight * (values[i] ?? 0), 0))

/** What a formula as the page writes it comes to: brackets, + − · / and decimals. */
function value(text: string): number {
  const tokens = [...text.replaceAll('−', '-').matchAll(/\d+(?:\.\d+)?(?:e-?\d+)?|[-+·/()]/g)].map(([token]) => token)
  let at = 0
  const factor = (): number => {
    const token = tokens[at++]
    if (token === '-') return -factor()
    if (token !== '(') return Number(token)
    const inner = sum()
    at++
    return inner
  }
  const product = (): number => {
    let result = factor()
    while (tokens[at] === '·' || tokens[at] === '/') result = tokens[at++] === '·' ? result * factor() : result / factor()
    return result
  }
  const sum = (): number => {
    let result = product()
    while (tokens[at] === '+' || tokens[at] === '-') result += tokens[at++] === '+' ? product() : -product()
    return result
  }
  return sum()
}

describe('filledFormula', () => {
  it.each(advantageForms)('%s: comes to the advantage of each rollout', (form) => {
    const options = { form, epsilon: 1e-4 }
    const group = groupAdvantages(rewards, options, terms)
    for (const [rollout, advantage] of group.advantages.entries()) {
      expect(value(filledFormula({ ...group, rewards: rewards.map((total) => ({ total })) }, rollout, options))).toBeCloseTo(advantage, 2)
    }
  })
  it('leaves out terms in which all rollouts are alike', () => {
    const group = groupAdvantages(rewards, { form: 'decoupled', epsilon: 1e-4 }, terms)
    expect(tellingTerms(group).map(({ name }) => name)).toEqual(['task', 'memory'])
  })
})
