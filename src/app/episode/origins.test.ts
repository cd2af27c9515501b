import { describe, expect, it } from 'vitest'
import { filter, miraTask, retrieve, summarise, trajectoryOf } from '../../core/episode/fixture.ts'
import { contextAt, tokensAfter } from '../../core/record/replay.ts'
import { originsAt } from './origins.ts'

const trajectory = trajectoryOf({
  task: miraTask(),
  steps: [
    { phase: 'resist', says: 'Jon Voss lives in Velmora.', calls: [filter('Jon Voss')] },
    { phase: 'resist', says: 'It rains.', calls: [summarise('Rain.')] },
    { phase: 'answer', says: 'Where does Mira Voss live?', calls: [retrieve('Mira', ['m1', 'Mira Voss lives in Oslem.'])] },
    { phase: 'answer', answer: 'Oslem', tokens: 900 },
  ],
})

describe('originsAt', () => {
  it('adds up to the tokens in use, at every step', () => {
    for (const index of trajectory.steps.keys()) {
      const sum = originsAt(trajectory, index).reduce((all, { tokens }) => all + tokens, 0)
      expect(sum).toBe(tokensAfter(trajectory, index))
    }
  })

  it('counts messages by who put them there', () => {
    const tokens = new Map(originsAt(trajectory, 2).map(({ origin, tokens: n }) => [origin, n]))
    const context = contextAt(trajectory, 2, 'after')
    const of = (kinds: string[]) => context.filter(({ kind }) => kinds.includes(kind)).reduce((sum, each) => sum + each.tokens, 0)
    expect(tokens.get('results')).toBe(of(['result']))
    expect(tokens.get('replies')).toBe(of(['reply']))
    expect(tokens.get('summaries')).toBe(of(['summary']))
    expect(tokens.get('messages')).toBe(of(['message', 'query']))
    expect(tokens.has('memories')).toBe(false)
  })

  it('gives what belongs to no message to the system prompt', () => {
    // The last prompt held 900 tokens, of which the messages of the fixture are few.
    const [system] = originsAt(trajectory, 3)
    expect(system?.origin).toBe('system')
    expect(system?.tokens).toBeGreaterThan(800)
  })
})
