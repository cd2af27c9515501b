// What a run is said to have taught: only what chance hardly makes.
import { describe, expect, it } from 'vitest'
import { habitNames } from '../../../core/evaluation/habits.ts'
import type { StepMetrics } from '../../../core/training/metrics.ts'
import { recordOf } from '../../../core/table.ts'
import { evaluationFixture, stepFixture } from '../../state/run-fixture.ts'
import { en, type Words } from '../../locales/en/index.ts'
import type { LearnedFacts } from '../../locales/en/learned.ts'
import { zh } from '../../locales/zh/index.ts'
import { betterFrom, compared, learnedOf } from './learned.ts'

type Counts = Partial<Record<(typeof habitNames)[number], [done: number, of: number]>>
const habits = (counts: Counts): NonNullable<StepMetrics['habits']> => recordOf(habitNames, (name) => ({ done: counts[name]?.[0] ?? 0, of: counts[name]?.[1] ?? 0 }))
const step = (n: number, success: number, counts: Counts = {}) => stepFixture(n, { success, episodes: 32, habits: habits(counts) })
/** So many steps of which each is made by its number. */
const run = (n: number, make: (i: number) => StepMetrics) => ({ steps: Array.from({ length: n }, (_, i) => make(i + 1)), evaluations: [] })

describe('compared', () => {
  it('holds the first steps against the newest', () => {
    // Means 0.2 and 0.8; steps differ by 0.1 at most.
    const samples = [0.1, 0.2, 0.3, 0.7, 0.8, 0.9].map((value) => ({ value, of: 100 }))
    expect(compared(samples)).toMatchObject({ from: expect.closeTo(0.2) as number, to: expect.closeTo(0.8) as number, direction: 'up' })
    expect(compared([...samples].reverse())?.direction).toBe('down')
  })
  it('says nothing of five steps', () => {
    expect(compared([0, 0, 0, 1, 1].map((value) => ({ value, of: 100 })))).toBeNull()
  })
  it('does not take the noise of few trials for a change', () => {
    expect(compared([0, 0, 0, 0, 0, 1].map((value) => ({ value, of: 1 })))?.direction).toBe('same')
    // Steps that agree by accident: 0 of 3 against 2 of 3.
    expect(compared([0, 0, 0, 0.5, 0.5, 0.5].map((value) => ({ value, of: 1 })))?.direction).toBe('same')
  })
  it('claims a change in about one of twenty runs in which nothing changes', () => {
    // A generator of Park and Miller: the same draws every time.
    let state = 7
    const draw = () => (state = (state * 48271) % 2147483647) / 2147483647
    const share = () => Array.from({ length: 32 }, draw).filter((x) => x < 0.3).length / 32
    const claims = Array.from({ length: 400 }, () => compared(Array.from({ length: 16 }, () => ({ value: share(), of: 32 })))).filter((each) => each?.direction !== 'same')
    expect(claims.length / 400).toBeLessThan(0.08)
  })
})

describe('what was learnt', () => {
  const learning = run(16, (i) => step(i, 0.3, { add_fact: [30 + i, 64], update_correction: [i > 8 ? 10 : 1, 32], retrieve_first: [20, 32] }))
  it('is the habits that changed, the clearest first', () => {
    const { findings, right } = learnedOf(learning, [])
    expect(findings?.map(({ kind, direction }) => `${kind} ${direction}`)).toEqual(['updates up', 'facts up'])
    expect(findings?.[0]?.from).toBeCloseTo(1 / 32)
    expect(findings?.[0]?.to).toBeCloseTo(10 / 32)
    expect(right).toMatchObject({ direction: 'same' })
  })
  it('is not told from five steps', () => {
    expect(learnedOf(run(5, (i) => step(i, 0.1 * i)), [])).toEqual({ steps: 5, findings: null, right: null, heldOut: null, usual: null })
  })
  it('is compared with when recorded runs had more right answers', () => {
    // Better from step 13 on: the eight newest must carry it.
    const better = run(24, (i) => step(i, i > 12 ? 0.9 : 0.3))
    const from = betterFrom(better.steps)
    expect(from).toBeGreaterThan(12)
    expect(from).toBeLessThan(20)
    expect(learnedOf(learning, [better, run(24, (i) => step(i, 0.3))]).usual).toBe(from)
    expect(learnedOf(learning, [run(24, (i) => step(i, 0.3))]).usual).toBeNull()
  })
})

/** Numbers stay in one piece; here they are written with usual spaces. */
const spaced = ({ train }: Words, learned: LearnedFacts) => train.learned.sentence(learned).replaceAll('\u00a0', ' ')

describe('held-out tasks', () => {
  it('are told apart by their number: 24 of each', () => {
    const test = (step: number, rate: number) => {
      const evaluation = evaluationFixture(step, 0)
      return { ...evaluation, tasks: 24, summary: { ...evaluation.summary, success_rate: rate } }
    }
    const { steps } = run(8, (i) => step(i, 0.3))
    expect(learnedOf({ steps, evaluations: [test(0, 0.375), test(8, 0.25)] }, []).heldOut).toEqual({ from: 0.375, to: 0.25, direction: 'same' })
    expect(learnedOf({ steps, evaluations: [test(0, 0.25), test(8, 0.75)] }, []).heldOut?.direction).toBe('up')
    expect(learnedOf({ steps, evaluations: [test(0, 0.25)] }, []).heldOut).toBeNull()
  })
})

describe('the sentence', () => {
  const learned = { steps: 12, findings: [{ kind: 'facts', from: 0.52, to: 0.84, direction: 'up' }, { kind: 'updates', from: 0.02, to: 0.31, direction: 'up' }], right: { from: 0.3, to: 0.33, direction: 'same' }, heldOut: null, usual: 20 } as const
  it('says it with numbers', () => {
    expect(spaced(en, { ...learned, findings: [...learned.findings] })).toBe(
      'So far it stores 52 → 84 % of facts, updates 2 → 31 % of corrections. Right answers in training are not clearly better than at the start yet (30 → 33 %), which is usual until about step 20.',
    )
    expect(spaced(zh, { ...learned, findings: [...learned.findings] })).toBe('到目前为止：存储事实 52 → 84 %，更新更正 2 → 31 %。训练中答对的比例还没有明显高于开始时（30 → 33 %），在第 20 步左右之前这很常见。')
  })
  it('holds answers in training against held-out tasks', () => {
    const learnt = { ...learned, findings: [], right: { from: 0.16, to: 0.43, direction: 'up' }, heldOut: { from: 0.38, to: 0.25, direction: 'same' } } as const
    expect(spaced(en, learnt)).toContain('Right answers in training went up: 16 → 43 %. On held-out tasks: 38 → 25 %, which may be chance.')
  })
  it('does not call usual what no longer is, and says when nothing is known', () => {
    expect(spaced(en, { ...learned, steps: 25, findings: [] })).toBe('So far no habit has changed by more than chance. Right answers in training are not clearly better than at the start yet (30 → 33 %); recorded runs were better from about step 20.')
    expect(spaced(en, { steps: 3, findings: null, right: null, heldOut: null, usual: 20 })).toBe('Too early to say what it has learnt: that takes six steps.')
    expect(spaced(en, { ...learned, findings: [], right: { from: 0.3, to: 0.6, direction: 'up' } })).toContain('Right answers in training went up: 30 → 60 %.')
  })
})
