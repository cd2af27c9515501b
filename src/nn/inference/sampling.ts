// Sampling inside a graph: temperature and min-p, with the log-probabilities that training needs.
import { add, cast, div, equal, greater, less, lessOrEqual, mul, sub, where } from '../ops/elementwise.ts'
import { pick } from '../ops/indexing.ts'
import { logSumExp, reduceMax, reduceSum, softmax } from '../ops/reduce.ts'
import { reshape } from '../ops/shape.ts'
import type { Tensor } from '../graph.ts'
import { dimAt, type Dim } from '../shape.ts'

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
  const cdf = cumulative(softmax(shaped))
  // The last entries of a float32 sum may stay a little below 1; scaling u by the total keeps the draw inside.
  const total = reduceMax(cdf, [-1])
  const passed = reduceSum(cast(lessOrEqual(cdf, mul(u, total)), 'int32'), [-1], false)
  const best = graph.apply('ArgMax', [logits], { dtype: 'int64', shape: [batch] }, { axis: -1, keepdims: 0 })
  const ids = where(greedy, cast(best, 'int32'), passed)
  const norm = (x: Tensor) => sub(pick(x, ids), reshape(logSumExp(x), [batch]))
  return { ids, sampledLogps: where(greedy, graph.scalar(0), norm(shaped)), logps: norm(logits) }
}

/** True where a row's token is one of the stop ids (int32 [S]; padded with −1). */
export function isOneOf(ids: Tensor, stops: Tensor, batch: Dim): Tensor {
  const hits = cast(equal(reshape(ids, [batch, 1]), reshape(stops, [1, dimAt(stops.shape, 0)])), 'int32')
  return greater(reduceMax(hits, [-1], false), 0)
}

