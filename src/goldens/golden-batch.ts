// The recorded batch as the feeds of our programs: one value a scored token, and the aggregation as token weights.
import type { HostTensor } from '../runtime/runtime.ts'
import type { Aggregation, Golden } from './golden-file.ts'

/** A token that the policy sampled: row b, position t of input_ids. */
export interface ActionToken {
  row: number
  position: number
  /** Its share of the loss; they sum to 1 over the batch. */
  weight: number
}

/** Tensors that change from micro-batch to micro-batch; those of a supervised loss are a part of them. */
type BatchFeeds = Record<'ids' | 'at' | 'labels' | 'weights' | 'old_logps' | 'ref_logps' | 'advantages', HostTensor>

export const floats = (data: Float32Array, shape: readonly number[] = [data.length]): HostTensor => ({ dtype: 'float32', shape, data })
const ints = (data: Int32Array, shape: readonly number[] = [data.length]): HostTensor => ({ dtype: 'int32', shape, data })

/** Length N of the padded sequences. */
export function paddedLength(golden: Golden): number {
  return golden.input_ids[0]?.length ?? 0
}

/**
 * The action tokens row by row. token_mean: weight 1/Σm. sequence_mean_token_mean: 1/(B·Σ_t m_b), so that every
 * sequence counts the same.
 */
export function actionTokens(golden: Golden, aggregation: Aggregation): ActionToken[] {
  const rows = golden.action_mask.map((mask) => mask.flatMap((sampled, position) => (sampled === 1 ? [position] : [])))
  const total = rows.reduce((sum, positions) => sum + positions.length, 0)
  return rows.flatMap((positions, row) => {
    const weight = aggregation === 'token_mean' ? 1 / total : 1 / (rows.length * positions.length)
    return positions.map((position) => ({ row, position, weight }))
  })
}

/**
 * Feeds for some sequences. The hidden state before a token scores it, hence position − 1.
 * @param rows the sequences of this micro-batch
 * @param positions size M of the program; the places left over get weight 0
 */
export function batchFeeds(golden: Golden, rows: readonly number[], tokens: readonly ActionToken[], positions: number): BatchFeeds {
  const length = paddedLength(golden)
  const here = tokens.filter(({ row }) => rows.includes(row))
  if (here.length > positions) throw new Error(`${here.length} action tokens do not fit into ${positions} places.`)
  const fill = (value: (token: ActionToken) => number) => {
    const data = new Float32Array(positions)
    for (const [i, token] of here.entries()) data[i] = value(token)
    return data
  }
  const logp = (table: readonly (readonly number[])[]) => floats(fill(({ row, position }) => table[row]?.[position - 1] ?? 0))
  return {
    ids: ints(Int32Array.from(rows.flatMap((row) => golden.input_ids[row] ?? [])), [rows.length, length]),
    at: ints(Int32Array.from(fill(({ row, position }) => rows.indexOf(row) * length + position - 1))),
    labels: ints(Int32Array.from(fill(({ row, position }) => golden.input_ids[row]?.[position] ?? 0))),
    weights: floats(fill(({ weight }) => weight)),
    old_logps: logp(golden.old_logps),
    ref_logps: logp(golden.ref_logps),
    advantages: floats(fill(({ row }) => golden.advantages[row] ?? 0)),
  }
}

/** Feeds that score every position of every sequence: row b·N + t has label ids[b][t+1], or 0 at the end. */
export function everyPosition(rows: readonly (readonly number[])[]): Record<'ids' | 'at' | 'labels', HostTensor> {
  const length = rows[0]?.length ?? 0
  const ids = rows.flat()
  return {
    ids: ints(Int32Array.from(ids), [rows.length, length]),
    at: ints(Int32Array.from(ids.keys())),
    labels: ints(Int32Array.from(ids, (_, i) => (i % length === length - 1 ? 0 : (ids[i + 1] ?? 0)))),
  }
}
