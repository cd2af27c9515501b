// Sampling inside a graph: temperature, min-p, top-k and top-p, with the log-probabilities that training needs.
import { add, and, cast, div, equal, greater, less, lessOrEqual, mul, sub, where } from '../ops/elementwise.ts'
import { pick } from '../ops/indexing.ts'
import { logSumExp, reduceMax, reduceSum, softmax } from '../ops/reduce.ts'
import { reshape } from '../ops/shape.ts'
import { dimAt, type Dim, type Tensor } from '../tensor.ts'

export interface SamplingInputs {
  /** [1]; 0 means greedy. */
  temperature: Tensor
  /** [1]: log min_p; a token is kept whose probability is at least min_p times that of the likeliest. Very negative: off. */
  minLogP: Tensor
  /** int32 [1]; V or more: off. */
  topK: Tensor
  /** [1]; 1: off. */
  topP: Tensor
}

export interface Sampled {
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

/** Logits below the smallest one that top-k and top-p keep become very negative. */
function truncated(logits: Tensor, vocabulary: number, { topK, topP }: Pick<SamplingInputs, 'topK' | 'topP'>): Tensor {
  const { graph } = logits
  const rows = dimAt(logits.shape, 0)
  const [sorted] = graph.node('TopK', [logits, graph.ints([vocabulary])], [
    { dtype: 'float32', shape: logits.shape },
    { dtype: 'int64', shape: logits.shape },
  ])
  if (!sorted) throw new Error('TopK has no values.')
  const probabilities = softmax(sorted)
  // A token is kept while the mass before it is below top_p, so the first always is.
  const before = sub(cumulative(probabilities), probabilities)
  const rank = graph.constant('ranks', 'int32', [1, vocabulary], Int32Array.from({ length: vocabulary }, (_, i) => i))
  const kept = and(less(before, topP), less(rank, topK))
  const smallest = graph.apply(
    'ReduceMin',
    [where(kept, sorted, 3e38), graph.ints([1])],
    { dtype: 'float32', shape: [rows, 1] },
    { keepdims: 1 },
  )
  return where(less(logits, smallest), graph.scalar(-1e9), logits)
}

/**
 * Draws one token a row by inverting the cumulative distribution at u.
 * @param logits [B, V]
 * @param u uniform in [0, 1), [B, 1]
 */
export function sample(logits: Tensor, u: Tensor, vocabulary: number, batch: Dim, inputs: SamplingInputs, truncate: boolean): Sampled {
  const { graph } = logits
  const greedy = equal(inputs.temperature, 0)
  const scaled = div(logits, where(greedy, graph.scalar(1), inputs.temperature))
  const likely = where(less(scaled, add(reduceMax(scaled, [-1]), inputs.minLogP)), graph.scalar(-1e9), scaled)
  const shaped = truncate ? truncated(likely, vocabulary, inputs) : likely
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

