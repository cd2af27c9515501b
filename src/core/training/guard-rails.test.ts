import { describe, expect, it } from 'vitest'
import { checkHealth, type UncheckedMetrics, type Health } from './guard-rails.ts'
import type { Pause } from './health.ts'
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

  it('warns, with the numbers', () => {
    expect(kinds({ ...step, updates: { applied: 0, skipped: 1 } })).toEqual(['not-finite'])
    expect(checkHealth({ ...step, kl: 0.75 }, []).warnings).toEqual([{ kind: 'kl', kl: 0.75 }])
    expect(kinds({ ...step, frac_reward_zero_std: 1 })).toEqual(['no-variance'])
    expect(checkHealth({ ...step, answered: 0.25 }, []).warnings).toEqual([{ kind: 'no-answers', answered: 0.25 }])
    expect(checkHealth({ ...step, format_violations: 0.2 }, []).warnings).toEqual([{ kind: 'format', format_violations: 0.2 }])
    expect(checkHealth({ ...step, sequences: { ...step.sequences, too_long: 3 } }, []).warnings).toEqual([{ kind: 'too-long', too_long: 3 }])
  })

  it('pauses at once when the divergence explodes, also beyond numbers', () => {
    expect(checkHealth({ ...step, kl: 7 }, []).pause).toEqual({ kind: 'kl', kl: 7 })
    expect(checkHealth({ ...step, kl: Infinity }, []).pause).toMatchObject({ kind: 'kl' })
  })

  it.each<[Partial<UncheckedMetrics>, Pause, number]>([
    [{ updates: { applied: 0, skipped: 1 } }, { kind: 'not-finite', steps: 3 }, 3],
    [{ answered: 0 }, { kind: 'no-answers', answered: 0 }, 2],
    [{ format_violations: 0.9 }, { kind: 'format', format_violations: 0.9 }, 2],
    [{ frac_reward_zero_std: 1 }, { kind: 'no-variance', steps: 5 }, 5],
  ])('%j: %j after so many steps in a row, and not again at the next', (wrong, pause, patience) => {
    const bad = { ...step, ...wrong }
    const paused = (times: number) => checkHealth(bad, [step, ...Array.from({ length: times - 1 }, () => bad)]).pause
    expect(Array.from({ length: 2 * patience }, (_each, i) => paused(i + 1))).toEqual(
      Array.from({ length: 2 * patience }, (_each, i) => (i + 1 === patience || i + 1 === 2 * patience ? pause : null)),
    )
    // A good step in between, and patience begins anew.
    expect(checkHealth(bad, [...Array.from({ length: patience - 1 }, () => bad), step]).pause).toBeNull()
  })
})
