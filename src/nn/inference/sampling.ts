// Sampling inside a graph: temperature and min-p, with the log-probabilities that training needs.
import { add, cast, div, equal, greater, less, lessOrEqual, log, maximum, minimum, mul, sub, where } from '../ops/elementwise.ts'
import { pick } from '../ops/indexing.ts'
import { logSoftmax, reduceMax, reduceSum, softmax } from '../ops/reduce.ts'
import { reshape, slice } from '../ops/shape.ts'
import type { Tensor } from '../graph.ts'
import { dimAt, sizeAt, type Dim } from '../shape.ts'

interface SamplingInputs {
  /** [1]; 0 means greedy. */
  temperature: Tensor
  /** [1]: log min_p; a token is kept whose probability is at least min_p times that of the likeliest. Very negative: off. */
  minLogP: Tensor
}

interface Sampled {
  /** int32 [B] */
  ids: Tensor
  /** log-probability under the distribution that was sampled from, [B]. */
  sampledLogps: Tensor
  /** log-probability at temperature 1 over the whole vocabulary, [B]: log π of the paper. */
  logps: Tensor
}

function cumulative(x: Tensor): Tensor {
  return x.graph.apply('CumSum', [x, x.graph.scalar(1, 'int32')], { dtype: x.dtype, shape: x.shape })
}

/** Entries of a row that are at most x[B, 1], int32 [B]. */
const passed = (entries: Tensor, x: Tensor): Tensor => reduceSum(cast(lessOrEqual(entries, x), 'int32'), [-1], false)

/** The last column of x[B, n], [B, 1]. */
const last = (x: Tensor): Tensor => slice(x, -1, sizeAt(x.shape, -1) - 1, sizeAt(x.shape, -1))

/** As much of a sum as a share in [0, 1] makes, and less than all of it: what has the last of it is found. */
const shareOf = (sum: Tensor, share: Tensor): Tensor => minimum(mul(share, sum), mul(sum, 1 - 2 ** -23))

/** How many entries are summed at once: those of a block that is not drawn are never looked at one by one. */
const blockSize = 64

/**
 * The first entry at which the sum of p[B, V] from the left is beyond the share u of the whole, int32 [B]; it is not 0 there.
 * Where V is whole blocks first the block is found, and then the entry within it.
 */
function invert(p: Tensor, u: Tensor, batch: Dim): Tensor {
  const vocabulary = sizeAt(p.shape, -1)
  const count = vocabulary / blockSize
  if (!Number.isInteger(count)) {
    const cdf = cumulative(p)
    return passed(cdf, shareOf(last(cdf), u))
  }
  const { graph } = p
  const rows = reshape(p, [batch, count, blockSize])
  const sums = reduceSum(rows, [-1], false)
  const cdf = cumulative(sums)
  const target = shareOf(last(cdf), u)
  const block = passed(cdf, target)
  const before = sub(pick(cdf, block), pick(sums, block))
  const share = div(sub(target, reshape(before, [batch, 1])), reshape(pick(sums, block), [batch, 1]))
  const place = graph.apply('GatherND', [rows, cast(reshape(block, [batch, 1]), 'int64')], { dtype: p.dtype, shape: [batch, blockSize] }, { batch_dims: 1 })
  const within = cumulative(place)
  return add(mul(block, blockSize), passed(within, shareOf(last(within), maximum(share, 0))))
}

/**
 * Draws one token a row by inverting the cumulative distribution at u.
 * @param logits [B, V]
 * @param u uniform in [0, 1), [B, 1]
 */
export function sample(logits: Tensor, u: Tensor, batch: Dim, inputs: SamplingInputs): Sampled {
  const { graph } = logits
  const greedy = equal(inputs.temperature, 0)
  const scaled = div(logits, where(greedy, graph.scalar(1), inputs.temperature))
  const shaped = where(less(scaled, add(reduceMax(scaled, [-1]), inputs.minLogP)), graph.scalar(-1e9), scaled)
  const p = softmax(shaped)
  const best = graph.apply('ArgMax', [logits], { dtype: 'int64', shape: [batch] }, { axis: -1, keepdims: 0 })
  const ids = where(greedy, cast(best, 'int32'), invert(p, u, batch))
  return { ids, sampledLogps: where(greedy, graph.scalar(0), log(pick(p, ids))), logps: pick(logSoftmax(logits), ids) }
}

/** True where a row's token is one of the stop ids (int32 [S]; padded with −1). */
export function isOneOf(ids: Tensor, stops: Tensor, batch: Dim): Tensor {
  const hits = cast(equal(reshape(ids, [batch, 1]), reshape(stops, [1, dimAt(stops.shape, 0)])), 'int32')
  return greater(reduceMax(hits, [-1], false), 0)
}

