// Forward and backward through the layers, with or without keeping what happens inside them.
import { gradientsFrom, vectorJacobian } from '../gradients.ts'
import type { Tensor } from '../graph.ts'
import { add, mul } from '../ops/elementwise.ts'
import { gatherRows, zeros } from '../ops/indexing.ts'
import { rmsNorm } from '../ops/normalisation.ts'
import { reshape } from '../ops/shape.ts'
import { anySize, dimAt } from '../shape.ts'
import type { ModelConfig } from '../transformer/config.ts'
import { feedForward } from '../transformer/model.ts'
import type { Weights } from '../transformer/weights.ts'
import type { Attention } from './token-attention.ts'
import type { TokenLayout } from './token-layout.ts'

interface Trunk {
  /** Final hidden states [M, D] of the rows asked for, after the last norm. */
  hidden: Tensor
  /** The gradients of these tensors, which were used in the trunk or after it, from given gradients of tensors after it. */
  backward(seeds: readonly (readonly [Tensor, Tensor])[], wrt: readonly Tensor[]): Tensor[]
}

/** The same values, but ready only after `signal` is: keeps onnxruntime from beginning something before its time. */
export function after(x: Tensor, signal: Tensor): Tensor {
  const { graph } = signal
  const flat = reshape(signal, [signal.shape.every((dim) => typeof dim === 'number') ? signal.shape.reduce<number>((n, dim) => n * Number(dim), 1) : anySize])
  const one = graph.apply('Slice', [flat, graph.ints([0]), graph.ints([1]), graph.ints([0])], { dtype: signal.dtype, shape: [1] })
  return add(x, mul(one, 0))
}

/**
 * One layer on the residual stream x[T, D].
 * @param at int32 [M]: only these rows go on after the attention, which is all that mixes rows. Then the layer gives
 *   [M, D]; of the last one, nobody asks for more.
 */
export function block(x: Tensor, layer: number, config: ModelConfig, weights: Weights, attention: Attention, at: Tensor | null): Tensor {
  const select = (rows: Tensor) => (at ? gatherRows(rows, at) : rows)
  return x.graph.scoped(`layers.${layer}`, () => {
    const path = `model.layers.${layer}`
    const attended = rmsNorm(x, weights.parameter(`${path}.input_layernorm.weight`), config.rmsNormEps)
    const [q, k, v] = weights.project(attended, layer, 'attention')
    if (!q || !k || !v) throw new Error('The attention has no projections.')
    const [out] = weights.project(select(attention(layer, q, k, v)), layer, 'output')
    if (!out) throw new Error('The attention has no output.')
    const middle = add(select(x), out)
    const fed = rmsNorm(middle, weights.parameter(`${path}.post_attention_layernorm.weight`), config.rmsNormEps)
    return add(middle, feedForward(fed, layer, weights))
  })
}

/** What goes into the first layer, [T, D], of ids int32 [T], or [B, N] where nothing is shared. */
export function embed(ids: Tensor, { tokens }: TokenLayout, weights: Weights): Tensor {
  const rows = gatherRows(weights.parameter('model.embed_tokens.weight'), ids)
  return reshape(rows, [tokens, dimAt(rows.shape, -1)])
}

/**
 * Hidden states through the layers.
 * @param embedded what goes into the first of them, [T, D]
 * @param from the first of them; those before it are not this trunk's
 * @param at int32 [M], the tokens whose hidden states are scored: the last layer's feed-forward network works on these alone
 * @param recompute of so many layers, from the first on, keep the input alone, and build the layer once more for its gradient:
 *   memory for about a third more work in each (Chen et al. 2016). Those behind them keep all, and have let go of it by then
 */
export function buildTrunk(embedded: Tensor, from: number, at: Tensor, attention: Attention, config: ModelConfig, weights: Weights, recompute: number): Trunk {
  const build = (input: Tensor, layer: number) => block(input, layer, config, weights, attention, layer === config.layers - 1 ? at : null)

  const inputs: Tensor[] = []
  let x = embedded
  for (let layer = from; layer < config.layers; layer++) {
    inputs.push(x)
    x = build(x, layer)
  }
  const last = x
  const hidden = rmsNorm(last, weights.parameter('model.norm.weight'), config.rmsNormEps)

  return {
    hidden,
    backward(seeds, wrt) {
      if (recompute === 0) return gradientsFrom(seeds, wrt)
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
      const pull = (from: readonly (readonly [Tensor, Tensor])[], input: Tensor | null): Tensor | null => {
        const found = vectorJacobian(from, input ? [...wrt, input] : wrt, input)
        collect(found.slice(0, wrt.length))
        return input ? (found[wrt.length] ?? null) : null
      }
      let flowing = pull(seeds, inputs[recompute] ?? last)
      for (let layer = Math.min(recompute, config.layers) - 1; layer >= 0 && flowing; layer--) {
        const input = inputs[layer]
        if (!input) break
        const again = after(input, flowing)
        const output = again.graph.scoped('again', () => build(again, layer))
        flowing = pull([[output, flowing]], again)
      }
      if (flowing && embedded.node) pull([[embedded, flowing]], null)
      return wrt.map((tensor) => sums.get(tensor) ?? zeros(tensor, tensor.shape))
    },
  }
}
