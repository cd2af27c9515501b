import { describe, expect, it } from 'vitest'
import { wouldLose, type Undertakings } from './leaving.ts'

const quiet: Undertakings = { training: { live: null, unsaved: false }, compare: { share: null }, experiments: { live: null }, library: { storage: { kind: 'durable' }, episodes: [] } }
const live = { run: 'r', until: 'end' as const, phase: 'training' as const, loading: null, step: 3, part: 'rollout' as const, share: 0.5 }
const full = { kind: 'memory' as const, reason: 'quota' as const, message: '' }
const episode = { key: 'e', recorded: 0, query: '', source: 'world' as const, policy: 'oracle', seed: 1, status: 'complete' as const, answer: null, expected: '', steps: 1, reward: null }

describe('wouldLose', () => {
  it.each<[string, Partial<Undertakings>, boolean]>([
    ['nothing is under way', {}, false],
    ['a step is computed', { training: { live, unsaved: false } }, true],
    ['the present step is to be the last one', { training: { live: { ...live, phase: 'pausing' }, unsaved: false } }, true],
    ['a model is being loaded for a training', { training: { live: { ...live, phase: 'loading' }, unsaved: false } }, false],
    ['a comparison is played', { compare: { share: 0 } }, true],
    ['an episode is in memory alone', { library: { storage: full, episodes: [{ ...episode, saved: true }, { ...episode, saved: false }] } }, true],
    ['nothing can be written, and nothing was made', { library: { storage: full, episodes: [{ ...episode, saved: true }] } }, false],
    ['a step is in memory alone', { training: { live: null, unsaved: true }, library: { storage: full, episodes: null } }, true],
    ['what was in memory has been written', { training: { live: null, unsaved: true } }, false],
  ])('when %s', (_, patch, expected) => {
    expect(wouldLose({ ...quiet, ...patch })).toBe(expected)
  })
})
