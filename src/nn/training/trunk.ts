// Forward and backward through the layers, with or without keeping what happens inside them.
import { gradientsFrom, vectorJacobian } from '../gradients.ts'
import type { Graph, Tensor } from '../graph.ts'
import { add, mul } from '../ops/elementwise.ts'
import { gatherRows, zeros } from '../ops/indexing.ts'
import { rmsNorm } from '../ops/normalisation.ts'
import { reshape, slice } from '../ops/shape.ts'
import { sizeOf } from '../shape.ts'
import { causalMask } from '../transformer/causal.ts'
import type { ModelConfig } from '../transformer/config.ts'
import { block, rotaryTables, type Keep, type Positions } from '../transformer/model.ts'
import type { Weights } from '../transformer/weights.ts'

interface Trunk {
  /** Final hidden states [M, D] of the rows asked for, after the last norm. */
  hidden: Tensor
  /** Given a loss, the gradients of these tensors, which were used in the trunk or after it. */
  backward(loss: Tensor, wrt: readonly Tensor[]): Tensor[]
}

/** The same values, but ready only after `signal` is: keeps onnxruntime from recomputing a layer before its time. */
function after(x: Tensor, signal: Tensor): Tensor {
  const one = slice(reshape(signal, [sizeOf(signal.shape)]), 0, 0, 1)
  return add(x, mul(one, 0))
}

/**
 * Token ids [B, N] (int32, right-padded) through all layers.
 * @param at int32 [M], rows of the flattened hidden states that are scored: the last layer's feed-forward network works
 *   on these alone
 * @param recompute keep only each layer's input, and build the layer once more for its gradient: memory for about a
 *   third more work (Chen et al. 2016)
 */
export function buildTrunk(graph: Graph, ids: Tensor, at: Tensor, length: number, config: ModelConfig, weights: Weights, recompute: boolean): Trunk {
  const mask = causalMask(graph, length)
  const first = graph.constant('first_position', 'int64', [1], BigInt64Array.of(0n))
  const positions: Positions = { ids: first, ...rotaryTables(graph, config, length) }
  const keep: Keep = (_, keys, values) => [{ keys, values, mask, causal: true }]
  const build = (input: Tensor, layer: number) => block(input, layer, config, weights, positions, keep, layer === config.layers - 1 ? at : null)
  const embedded = gatherRows(weights.parameter('model.embed_tokens.weight'), ids)

  const inputs: Tensor[] = []
  let x = embedded
  for (let layer = 0; layer < config.layers; layer++) {
    inputs.push(x)
    x = build(x, layer)
  }
  const last = x
  const hidden = rmsNorm(last, weights.parameter('model.norm.weight'), config.rmsNormEps)

  return {
    hidden,
    backward(loss, wrt) {
      const one = reshape(graph.scalar(1), loss.shape)
      if (!recompute) return gradientsFrom([[loss, one]], wrt)
      // The same tensor may get gradient from several places (a tied embedding does), so sums are kept by tensor.
      const sums = new Map<Tensor, Tensor>()
      const collect = (gradients: readonly (Tensor | null)[]) => {
        for (const [i, gradient] of gradients.entries()) {
          const tensor = wrt[i]
          if (!tensor || !gradient) continue
          const known = sums.get(tensor)
          sums.set(tensor, known ? add(known, gradient) : gradient)
        }
      }
      const pull = (seeds: readonly (readonly [Tensor, Tensor])[], input: Tensor | null): Tensor | null => {
        const found = vectorJacobian(seeds, input ? [...wrt, input] : wrt, input)
        collect(found.slice(0, wrt.length))
        return input ? (found[wrt.length] ?? null) : null
      }
      let flowing = pull([[loss, one]], last)
      for (let layer = config.layers - 1; layer >= 0 && flowing; layer--) {
        const input = inputs[layer]
        if (!input) break
        const again = after(input, flowing)
        const output = graph.scoped('again', () => build(again, layer))
        flowing = pull([[output, flowing]], again)
      }
      if (flowing && embedded.node) pull([[embedded, flowing]], null)
      return wrt.map((tensor) => sums.get(tensor) ?? zeros(tensor, tensor.shape))
    },
  }
}
