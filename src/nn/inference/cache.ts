// The key-value cache as a program sees it: one past of keys and values a layer, padded to a common length.
import type { Graph, Tensor } from '../graph.ts'
import { less } from '../ops/elementwise.ts'
import { reshape } from '../ops/shape.ts'
import type { Dim } from '../shape.ts'
import { maskFrom } from '../transformer/causal.ts'
import type { Stretch } from '../transformer/attention.ts'
import type { ModelConfig } from '../transformer/config.ts'

export const cacheNames = (layer: number) => ({ keys: `past_keys.${layer}`, values: `past_values.${layer}` })
export const newNames = (layer: number) => ({ keys: `new_keys.${layer}`, values: `new_values.${layer}` })

/** Positions whose keys lie together, transposed: as many as a row of a product reads from near by. */
export const keyBlock = 64

interface Past {
  /** Valid positions of each row, int32 [B]. */
  lengths: Tensor
  /** What every layer sees of its past. */
  stretch(layer: number): Stretch
}

/** 0, 1 … size−1 of a dimension that may be known only at run time, int32 [size]. */
export function indices(of: Tensor, axis: number, size: Dim): Tensor {
  const { graph } = of
  if (typeof size === 'number') return graph.constant('indices', 'int32', [size], Int32Array.from({ length: size }, (_, i) => i))
  const end = graph.apply('Gather', [graph.apply('Shape', [of], { dtype: 'int64', shape: [of.shape.length] }), graph.scalar(axis, 'int64')], { dtype: 'int64', shape: [] }, { axis: 0 })
  const end32 = graph.apply('Cast', [end], { dtype: 'int32', shape: [] }, { to: 6 })
  return graph.apply('Range', [graph.scalar(0, 'int32'), end32, graph.scalar(1, 'int32')], { dtype: 'int32', shape: [size] })
}

/**
 * Declares the past as inputs: `past_lengths` int32 [B], and for each layer `past_keys.i`
 * [B, KV, P / keyBlock, hd, keyBlock], transposed block by block, and `past_values.i` [B, KV, P, hd]. A row's positions from its length on are padding and are never seen.
 */
export function declarePast(graph: Graph, config: ModelConfig, batch: Dim, span: Dim): Past {
  const lengths = graph.input('past_lengths', 'int32', [batch])
  const layers = Array.from({ length: config.layers }, (_, layer) => {
    const names = cacheNames(layer)
    return {
      keys: graph.input(names.keys, 'float32', [batch, config.kvHeads, `${span} blocks`, config.headDim, keyBlock]),
      values: graph.input(names.values, 'float32', [batch, config.kvHeads, span, config.headDim]),
    }
  })
  const [first] = layers
  if (!first) throw new Error('The model has no layers.')
  const places = reshape(indices(first.values, 2, span), [1, 1, 1, span])
  const mask = maskFrom(less(places, reshape(lengths, [batch, 1, 1, 1])))
  return {
    lengths,
    stretch(layer) {
      const past = layers[layer]
      if (!past) throw new Error(`The model has no layer ${layer}.`)
      return { ...past, blocked: true, mask }
    },
  }
}

/** The updated cache of a program that keeps it on the device. */
export const nextCacheNames = (layer: number) => ({ keys: `next_keys.${layer}`, values: `next_values.${layer}` })
