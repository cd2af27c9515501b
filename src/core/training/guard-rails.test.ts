import { describe, expect, it } from 'vitest'
import { checkHealth, type UncheckedMetrics, type Health } from './guard-rails.ts'
import { TableModel } from './fixture.ts'
import { trainingSetup, trainPresets } from './config.ts'
import { oneStep } from './loop.ts'

/** The metrics of a real step, in which nothing is wrong. */
async function healthy(): Promise<UncheckedMetrics> {
  const config = { ...trainPresets.quick, b: 1, k: 2, batching: { tokens: 4096, lengths: [50_000] } }
  const model = new TableModel()
  await model.beginTraining(trainingSetup(config), null)
  const { metrics } = await oneStep({ run: 'r', config, step: 0, before: [] }, model, { now: () => 0 })
  return { ...metrics, kl: 0.01, answered: 1, format_violations: 0, frac_reward_zero_std: 0, updates: { applied: 1, skipped: 0 } }
}
const step = await healthy()
const kinds = (of: UncheckedMetrics, before: readonly Health[] = []) => checkHealth(of, before).warnings.map(({ kind }) => kind)

describe('watch', () => {
  it('says nothing of a healthy step', () => {
    expect(checkHealth(step, [])).toEqual({ warnings: [], pause: null })
  })

  it('warns, in words with the numbers', () => {
    expect(kinds({ ...step, updates: { applied: 0, skipped: 1 } })).toEqual(['not-finite'])
    expect(checkHealth({ ...step, kl: 0.75 }, []).warnings[0]?.message).toContain('KL 0.75')
    expect(kinds({ ...step, frac_reward_zero_std: 1 })).toEqual(['no-variance'])
    expect(checkHealth({ ...step, answered: 0.25 }, []).warnings).toEqual([{ kind: 'no-answers', message: 'Only 25 % of the episodes ended with an answer.' }])
    expect(kinds({ ...step, format_violations: 0.2 })).toEqual(['format'])
    expect(kinds({ ...step, sequences: { ...step.sequences, too_long: 3 } })).toEqual(['too-long'])
  })

  it('pauses at once when the divergence explodes, also beyond numbers', () => {
    expect(checkHealth({ ...step, kl: 7 }, []).pause).toContain('exploded (7.0 nats')
    expect(checkHealth({ ...step, kl: Infinity }, []).pause).toContain('exploded')
  })

  it.each<[string, Partial<UncheckedMetrics>, number]>([
    ['not finite', { updates: { applied: 0, skipped: 1 } }, 3],
    ['stopped answering', { answered: 0 }, 2],
    ['lost the protocol', { format_violations: 0.9 }, 2],
    ['No group had any variance', { frac_reward_zero_std: 1 }, 5],
  ])('%s: after so many steps in a row, and not again at the next', (_, wrong, patience) => {
    const bad = { ...step, ...wrong }
    const paused = (times: number) => checkHealth(bad, [step, ...Array.from({ length: times - 1 }, () => bad)]).pause !== null
    expect(Array.from({ length: 2 * patience }, (_each, i) => paused(i + 1))).toEqual(
      Array.from({ length: 2 * patience }, (_each, i) => i + 1 === patience || i + 1 === 2 * patience),
    )
    // A good step in between, and patience begins anew.
    expect(checkHealth(bad, [...Array.from({ length: patience - 1 }, () => bad), step]).pause).toBeNull()
  })
})
