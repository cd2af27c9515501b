// A run as TensorBoard's event files: records in TFRecord frames, with a masked CRC-32C of each length and of each record
// (tensorboard/summary/writer/record_writer.py of 2.21.0).
import { create, toBinary } from '@bufbuild/protobuf'
import { EventSchema, HistogramProtoSchema, Summary_ValueSchema, SummarySchema, type Event, type Summary_Value } from './event_pb.ts'
import { evaluationRows, stepRows, type MetricRow, type RunMetrics } from './rows.ts'

/** Castagnoli's polynomial, reversed. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  return crc
})

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (table[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

/** So that a checksum of data with checksums in it is none of theirs. */
const masked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0

/** Length, its checksum, the record, its checksum. */
export function framed(record: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(record.length + 16)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(record.length), true)
  view.setUint32(8, masked(crc32c(bytes.subarray(0, 8))), true)
  bytes.set(record, 12)
  view.setUint32(12 + record.length, masked(crc32c(record)), true)
  return bytes
}

/** Buckets of a histogram: TensorBoard draws no more. */
const buckets = 30

export function histogramOf(values: readonly number[]) {
  const [min, max] = [Math.min(...values), Math.max(...values)]
  const width = (max - min) / buckets
  const limits = width === 0 ? [max] : Array.from({ length: buckets }, (_, i) => (i === buckets - 1 ? max : min + (i + 1) * width))
  const counts = limits.map(() => 0)
  for (const value of values) {
    const at = width === 0 ? 0 : Math.min(buckets - 1, Math.floor((value - min) / width))
    counts[at] = (counts[at] ?? 0) + 1
  }
  // The bucket on the left of the first one ends where that begins, and is empty: else it is drawn from −∞.
  const edge = width === 0 ? min - Math.max(1e-6, Math.abs(min) * 1e-6) : min
  return create(HistogramProtoSchema, {
    min,
    max,
    num: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    sumSquares: values.reduce((sum, value) => sum + value * value, 0),
    bucketLimit: [edge, ...limits],
    bucket: [0, ...counts],
  })
}

const scalar = (tag: string, simpleValue: number): Summary_Value => create(Summary_ValueSchema, { tag, value: { case: 'simpleValue', value: simpleValue } })
const histogram = (tag: string, values: readonly number[]): Summary_Value[] => (values.length === 0 ? [] : [create(Summary_ValueSchema, { tag, value: { case: 'histo', value: histogramOf(values) } })])

function eventOf({ step, time, values }: MetricRow, more: readonly Summary_Value[] = []): Event {
  const value = [...[...values].map(([tag, each]) => scalar(tag, each)), ...more]
  return create(EventSchema, { wallTime: time, step: BigInt(step), what: { case: 'summary', value: create(SummarySchema, { value }) } })
}

/** Of the rollouts of each step, and their means; evaluations at their steps. */
export function eventFile(run: RunMetrics): Uint8Array<ArrayBuffer> {
  const groups = new Map(run.steps.map((of) => [of.step, of.groups]))
  const events = [
    create(EventSchema, { wallTime: run.began, what: { case: 'fileVersion', value: 'brain.Event:2' } }),
    ...stepRows(run).map((row) => {
      const of = groups.get(row.step) ?? []
      return eventOf(row, [...histogram('rewards', of.flatMap(({ rewards }) => rewards)), ...histogram('advantages', of.flatMap(({ advantages }) => advantages))])
    }),
    ...evaluationRows(run).map((row) => eventOf(row)),
  ]
  const frames = events.map((event) => framed(toBinary(EventSchema, event)))
  const bytes = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const frame of frames) {
    bytes.set(frame, at)
    at += frame.length
  }
  return bytes
}
