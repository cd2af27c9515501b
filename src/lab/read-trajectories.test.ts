import { describe, expect, it } from 'vitest'
import { miraTask, trajectoryOf } from '../core/episode/fixture.ts'
import { toVersion1 } from '../core/episode/version-1.fixture.ts'
import { longestLine, maxEvents, maxTrajectoryFile, parseTrajectories, readTrajectories } from './read-trajectories.ts'

const one = trajectoryOf({ task: miraTask(), steps: [{ phase: 'answer', answer: 'Oslem' }] })
const two = { ...one, seed: 8 }

describe('parseTrajectories', () => {
  it('reads one object, an array, or one object a line, with or without a byte order mark', () => {
    expect(parseTrajectories(JSON.stringify(one))).toEqual([one])
    expect(parseTrajectories(JSON.stringify(one, null, 2))).toEqual([one])
    expect(parseTrajectories(JSON.stringify([one, two], null, 1))).toEqual([one, two])
    expect(parseTrajectories(`\uFEFF${JSON.stringify(one)}\n\n${JSON.stringify(two)}\n`)).toEqual([one, two])
  })

  it('mends half a character that an earlier release recorded, so that it is read as the policy read it', () => {
    const half = { ...one, failure: 'dog \uD83D', answer: '\uDC15' }
    expect(parseTrajectories(JSON.stringify(half))).toEqual([{ ...one, failure: 'dog \uFFFD', answer: '\uFFFD' }])
  })

  it('names the line and the field of what does not fit', () => {
    expect(() => parseTrajectories('')).toThrow('empty')
    expect(() => parseTrajectories('{"a": 1')).toThrow('The file is not valid JSON')
    expect(() => parseTrajectories(`${JSON.stringify(one)}\n{"schema_version": 1,`)).toThrow('Line 2 is not valid JSON')
    expect(() => parseTrajectories(JSON.stringify({ ...one, schema_version: 3 }))).toThrow(/Record 1 .* schema_version: needs 2 or 1/)
    expect(() => parseTrajectories(JSON.stringify([one, { ...one, steps: [{ ...one.steps[0], phase: 4 }] }]))).toThrow(/Record 2 .* steps\.0\.phase/)
    expect(() => parseTrajectories('[]')).toThrow('no trajectory')
  })

  it('reads records of version 1, and names their fields as they had them', () => {
    const old = toVersion1(one)
    expect(parseTrajectories(`${JSON.stringify(old)}\n${JSON.stringify(two)}\n`)).toEqual([one, two])
    const spoilt = { ...old, steps: [{ ...old.steps[0], stage: 4 }] }
    expect(() => parseTrajectories(JSON.stringify(spoilt))).toThrow(/Record 1 .* steps\.0\.stage/)
  })

  it('refuses records of version 1 whose summaries would be of more text than there is', () => {
    const old = toVersion1(one)
    const [step] = old.steps
    const message = { id: 'c0', role: 'system' as const, kind: 'system' as const, content: 'x'.repeat(2 ** 16), tokens: 1 }
    const summarise = { type: 'stm.summarise' as const, call: 0, span: 'all', removed: [], message: { ...message, id: 'c1', kind: 'summary' as const, content: '' } }
    const steps = Array.from({ length: 1025 }, (_, i) => ({ ...step, before: i === 0 ? [{ type: 'stm.append' as const, call: null, message }] : [], after: [summarise] }))
    expect(() => parseTrajectories(JSON.stringify({ ...old, steps }))).toThrow('Record 1 is not a trajectory of schema version 1 or 2: the whole record: needs summaries of less text.')
  })

  it('refuses a line over the limit before it is parsed', () => {
    const long = `{"a":"${' '.repeat(longestLine)}"}`
    expect(() => parseTrajectories(`${JSON.stringify(one)}\n${long}`)).toThrow('Line 2 has more than 16,777,216 characters, which is the limit.')
  })

  it('refuses an episode with more events than can be replayed', () => {
    const step = one.steps[0]
    if (!step) throw new Error('no step')
    const event = { type: 'stm.reset' as const, call: null, removed: [] }
    const of = (events: number) => JSON.stringify({ ...one, steps: [{ ...step, before: Array.from({ length: events }, () => event), after: [] }] })
    expect(parseTrajectories(of(maxEvents))).toHaveLength(1)
    expect(() => parseTrajectories(of(maxEvents + 1))).toThrow('Record 1 has 20,001 events; 20,000 is the limit')
  })

  it('refuses files over the limit before reading them', async () => {
    const huge = new Blob([new Uint8Array(maxTrajectoryFile + 1)])
    await expect(readTrajectories(huge)).rejects.toThrow('60 MB is the limit')
  })
})
