// One micro-batch: forward, loss, backward, and the gradients added to what earlier micro-batches left.
import { Graph, type Tensor } from '../graph.ts'
import { add, mul, neg } from '../ops/elementwise.ts'
import { reduceSum } from '../ops/reduce.ts'
import { toProgram, type Program } from '../program.ts'
import type { ModelConfig } from '../transformer/config.ts'
import { declareWeights, loraShapes, weightInputs, type LoraConfig, type WeightOptions } from '../transformer/weights.ts'
import { grpoLoss, type GrpoOptions } from './grpo.ts'
import { entropies, logProbabilities } from './score.ts'
import { buildTrunk } from './trunk.ts'

interface MicroBatchShape {
  /** Sequences B, right-padded. */
  batch: number
  /** Tokens of a sequence, N. */
  length: number
  /** Positions that carry loss, M, padded with weight 0. */
  positions: number
}

export interface GradientOptions extends MicroBatchShape {
  loss: { kind: 'grpo'; grpo: GrpoOptions } | { kind: 'cross-entropy' }
  /** Train the adapter, or every parameter. */
  trainable: 'lora' | 'all'
  lora: LoraConfig | null
  weights: Pick<WeightOptions, 'layout' | 'dtype'>
  recompute: boolean
  /** Entropy of each position's distribution: one more pass over the logits. */
  entropy: boolean
}

/** Names and shapes of what is trained. */
export function trainableShapes(config: ModelConfig, options: Pick<GradientOptions, 'trainable' | 'lora' | 'weights'>): Map<string, readonly number[]> {
  if (options.trainable === 'all') {
    if (options.weights.dtype !== 'float32') throw new Error('Training every parameter needs float32 weights. Train an adapter, or widen the weights first.')
    return new Map(weightInputs(config, options.weights.layout))
  }
  if (!options.lora) throw new Error('Training an adapter needs its configuration.')
  return new Map(loraShapes(config, options.lora))
}

export const sumName = (parameter: string) => `sum/${parameter}`

/**
 * Inputs: `ids` int32 [B, N]; `at` int32 [M], places in the flattened hidden states whose next token is scored;
 * `labels` int32 [M]; `weights` [M], Σ over all micro-batches of the step is 1; for GRPO `old_logps`, `ref_logps`,
 * `advantages` [M] and `beta` [1]; the weights, the adapter, and `sum/…` for everything trained (zeros at first).
 * Outputs: `loss` [1], this micro-batch's share; `logps` [M]; `entropy` [M] if asked; for GRPO `policy`, `kl`, `ratio`,
 * `clipped` [M]; `next/sum/…`.
 */
export function gradientProgram(name: string, config: ModelConfig, options: GradientOptions): Program {
  const graph = new Graph(name)
  const { batch, length, positions } = options
  const ids = graph.input('ids', 'int32', [batch, length])
  const at = graph.input('at', 'int32', [positions])
  const labels = graph.input('labels', 'int32', [positions])
  const weightOfToken = graph.input('weights', 'float32', [positions])
  const perToken = (input: string) => graph.input(input, 'float32', [positions])

  const weights = declareWeights(graph, config, { ...options.weights }, options.lora)
  const trunk = buildTrunk(graph, ids, at, length, config, weights, options.recompute)
  const logits = weights.head(trunk.hidden)
  const logps = logProbabilities(logits, labels)

  let loss: Tensor
  const extra: Record<string, Tensor> = {}
  switch (options.loss.kind) {
    case 'cross-entropy':
      loss = reduceSum(neg(mul(weightOfToken, logps)), [0])
      break
    case 'grpo': {
      const [oldLogps, refLogps, advantages] = [perToken('old_logps'), perToken('ref_logps'), perToken('advantages')]
      const beta = graph.input('beta', 'float32', [1])
      const terms = grpoLoss({ logps, oldLogps, refLogps, advantages, weights: weightOfToken, beta }, options.loss.grpo)
      loss = terms.loss
      Object.assign(extra, { policy: terms.policy, kl: terms.kl, ratio: terms.ratio, clipped: terms.clipped })
      break
    }
  }

  const shapes = trainableShapes(config, options)
  const byName = new Map(graph.inputs.map((input) => [input.name, input]))
  const trained = [...shapes.keys()].map((parameter) => {
    const tensor = byName.get(parameter)
    if (!tensor) throw new Error(`${parameter} is trained but the model does not use it.`)
    return tensor
  })
  const gradients = trunk.backward(loss, trained)

  graph.output('loss', loss)
  graph.output('logps', logps)
  if (options.entropy) graph.output('entropy', entropies(logits))
  for (const [output, tensor] of Object.entries(extra)) graph.output(output, tensor)
  for (const [i, tensor] of trained.entries()) {
    const gradient = gradients[i]
    if (!gradient) throw new Error(`${tensor.name} has no gradient.`)
    const sum = graph.input(sumName(tensor.name), 'float32', tensor.shape)
    graph.output(`next/${sumName(tensor.name)}`, add(sum, gradient))
  }
  return toProgram(graph, `${options.loss.kind} loss and gradients of ${options.trainable === 'all' ? 'all parameters' : 'the adapter'}`)
}

/** Log-probabilities (and entropies) of given tokens: the same inputs without loss and gradients. */
export function scoreProgram(name: string, config: ModelConfig, options: MicroBatchShape & { lora: LoraConfig | null; weights: WeightOptions; entropy: boolean; logits?: boolean }): Program {
  const graph = new Graph(name)
  const ids = graph.input('ids', 'int32', [options.batch, options.length])
  const at = graph.input('at', 'int32', [options.positions])
  const labels = graph.input('labels', 'int32', [options.positions])
  const weights = declareWeights(graph, config, options.weights, options.lora)
  const { hidden } = buildTrunk(graph, ids, at, options.length, config, weights, false)
  const logits = weights.head(hidden)
  graph.output('logps', logProbabilities(logits, labels))
  if (options.entropy) graph.output('entropy', entropies(logits))
  if (options.logits) graph.output('logits', logits)
  return toProgram(graph, 'log-probabilities of given tokens')
}
