// Event files by numbers of others: checksums of RFC 3720, a record that TensorBoard's own writer framed, histograms worked by
// hand.
import { fromBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { stepMetrics } from '../../core/training/runs.fixture.ts'
import { EventSchema } from './event_pb.ts'
import { trackioNames } from './metrics.ts'
import { stepRows } from './rows.ts'
import { crc32c, eventFile, framed, histogramOf } from './tensorboard.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** The records of an event file. */
function recordsOf(file: Uint8Array) {
  const view = new DataView(file.buffer, file.byteOffset)
  const events = []
  for (let at = 0; at < file.length; ) {
    const length = Number(view.getBigUint64(at, true))
    events.push(fromBinary(EventSchema, file.subarray(at + 12, at + 12 + length)))
    at += length + 16
  }
  return events
}

describe('an event file', () => {
  it('is framed as TensorBoard 2.21 frames one', () => {
    expect([crc32c(new TextEncoder().encode('123456789')), crc32c(new Uint8Array(32))]).toEqual([0xe3069283, 0x8a9136aa])
    expect(hex(framed(new TextEncoder().encode('agemem')))).toBe('06000000000000007369d5376167656d656d4081c1f8')
  })
  it('has a value of each name and a histogram of what the rollouts got, at its step and time', () => {
    const steps = [stepMetrics(1, 0.25), stepMetrics(2, 0.5)]
    const [version, ...events] = recordsOf(eventFile({ name: 'r', began: 1000, steps, evaluations: [] }))
    expect(version?.what).toEqual({ case: 'fileVersion', value: 'brain.Event:2' })
    expect(events.map(({ step, wallTime }) => [Number(step), wallTime])).toEqual([[1, expect.closeTo(1002.2, 6)], [2, expect.closeTo(1004.4, 6)]])
    const summary = events[1]?.what.case === 'summary' ? events[1].what.value.value : []
    expect(summary.find(({ tag }) => tag === 'reward')?.value).toEqual({ case: 'simpleValue', value: 0.5 })
    const histogram = summary.find(({ tag }) => tag === 'rewards')?.value
    expect(histogram?.case === 'histo' && histogram.value.num).toBe(steps[1]?.groups.reduce((sum, { rewards }) => sum + rewards.length, 0))
  })
  it('counts a histogram in thirty buckets, the last with its end', () => {
    const { bucketLimit, bucket, min, max, num, sum, sumSquares } = histogramOf([0, 1, 29.5, 30])
    expect([min, max, num, sum, sumSquares]).toEqual([0, 30, 4, 60.5, 1 + 29.5 ** 2 + 900])
    expect(bucketLimit).toEqual(Array.from({ length: 31 }, (_, i) => i))
    expect(bucket.map((count, i) => [i, count]).filter(([, count]) => count)).toEqual([[1, 1], [2, 1], [30, 2]])
    expect(histogramOf([0.5, 0.5]).bucket).toEqual([0, 2])
  })
})

describe('names', () => {
  it('are those of TRL, and nothing is said twice', () => {
    const [row] = stepRows({ name: 'r', began: 0, steps: [{ ...stepMetrics(1), kl: 0.5 }], evaluations: [] })
    const names = [...(row?.values.keys() ?? [])]
    expect(names).toEqual(expect.arrayContaining(['reward', 'reward_std', 'frac_reward_zero_std', 'kl', 'entropy', 'clip_ratio/region_mean', 'rewards/task/mean', 'agemem/success']))
    expect(names.filter((name) => /^agemem\/(reward|kl|step|components)\b/.test(name))).toEqual([])
    expect([...(row?.values.values() ?? [])].every(Number.isFinite)).toBe(true)
  })
  it('become shorter in trackio as trackio makes them', () => {
    // trackio 0.43.0: utils.simplify_column_names of the same list.
    expect([...trackioNames(['step', 'reward_std', 'clip_ratio/region_mean', 'clip_ratio/x', 'agemem/groups', 'agemem/grouped']).values()]).toEqual(['step', 'rewardstd', 'clipratio/', 'clipratio/_1', 'agemem/gro', 'agemem/gro_1'])
  })
})
