// One micro-batch: forward, loss, backward, and the gradients added to what earlier micro-batches left.
import { Graph, type Tensor } from '../graph.ts'
import { add, mul, neg } from '../ops/elementwise.ts'
import { reduceSum } from '../ops/reduce.ts'
import { concat, reshape } from '../ops/shape.ts'
import { toProgram, type Program } from '../program.ts'
import { plus, ShapeError, type Dim } from '../shape.ts'
import type { ModelConfig } from '../transformer/config.ts'
import { declareWeights, loraShapes, weightInputs, type LoraConfig, type WeightOptions, type Weights } from '../transformer/weights.ts'
import { grpoLoss, type GrpoOptions } from './grpo.ts'
import { pieceCount, scores, scoresWithLoss, type Scores } from './head.ts'
import { tokenLayout, type Cuts, type TokenShape } from './token-layout.ts'
import { tokenAttention } from './token-attention.ts'
import { buildTrunk, embed } from './trunk.ts'

/** Sizes are numbers, or the names that sizesOfMicroBatch() knows: then the program takes any. */
export interface MicroBatchShape extends Pick<TokenShape, 'batch' | 'length'> {
  /** Tokens that all rows continue; 0 or left out: none. */
  prefix?: Dim
  /** Positions that carry loss, M, padded with weight 0. */
  positions: Dim
  /** Where sizes have names: how they are cut, and the positions that a token may stand at. */
  open?: { cuts: Cuts; capacity: number }
  /** The first layer of the program; what it gets is the input `hidden` [T, D]. Left out: the first of all, and it gets `ids`. */
  from?: number
}

export interface GradientOptions extends MicroBatchShape {
  loss: { kind: 'grpo'; grpo: GrpoOptions } | { kind: 'cross-entropy' }
  /** Train the adapter, or every parameter. */
  trainable: 'lora' | 'all'
  lora: LoraConfig | null
  weights: Pick<WeightOptions, 'layout' | 'dtype'>
  /** Layers, from the first on, that are computed once more for their gradient instead of keeping what happened in them. */
  recompute: number
  /** Entropy of each position's distribution: one more pass over the logits. */
  entropy: boolean
}

/** Names and shapes of what is trained, of the layers from the first of the program on. */
export function trainableShapes(config: ModelConfig, options: Pick<GradientOptions, 'trainable' | 'lora' | 'weights' | 'from'>): Map<string, readonly number[]> {
  if (options.trainable === 'all') {
    if (options.from) throw new Error('Training every parameter takes all layers in one program.')
    if (options.weights.dtype !== 'float32') throw new Error('Training every parameter needs float32 weights. Train an adapter, or widen the weights first.')
    return new Map(weightInputs(config, options.weights.layout))
  }
  if (!options.lora) throw new Error('Training an adapter needs its configuration.')
  return new Map(loraShapes(config, options.lora, options.from))
}

export const sumName = (parameter: string) => `sum/${parameter}`

interface Opened {
  graph: Graph
  weights: Weights
  /** What goes into the first layer, [T, D]. */
  input: Tensor
  trunk: ReturnType<typeof buildTrunk>
  labels: Tensor
  pieces: number
}

/** What every program of a micro-batch begins with: its tokens, as they lie and see each other. */
export function openMicroBatch(name: string, config: ModelConfig, { batch, length, prefix = 0, open: sizes }: Omit<MicroBatchShape, 'positions'>, weightOptions: WeightOptions, lora: LoraConfig | null) {
  const graph = new Graph(name, null, { fedSizes: sizes !== undefined })
  const layout = tokenLayout(graph, { batch, length, prefix }, sizes?.cuts ?? { own: 1, shared: 1 }, config.heads / config.kvHeads)
  const capacity = sizes?.capacity ?? plus(prefix, length)
  if (typeof capacity !== 'number') throw new ShapeError('A program of any size needs to know how many positions there are.')
  const weights = declareWeights(graph, config, weightOptions, lora)
  const attention = tokenAttention(graph, config, weights, layout, capacity)
  const hidden = () => graph.input('hidden', 'float32', [layout.tokens, config.hiddenSize])
  return { graph, layout, weights, attention, hidden }
}

/** What scoring and training share: the tokens through the layers. */
function open(name: string, config: ModelConfig, shape: MicroBatchShape, weightOptions: WeightOptions, lora: LoraConfig | null, recompute: number): Opened {
  const { batch, length, prefix = 0, positions, open: sizes, from = 0 } = shape
  const { graph, layout, weights, attention, hidden } = openMicroBatch(name, config, shape, weightOptions, lora)
  const input = from > 0 ? hidden() : embed(graph.input('ids', 'int32', prefix === 0 ? [batch, length] : [layout.tokens]), layout, weights)
  const at = graph.input('at', 'int32', [positions])
  const labels = graph.input('labels', 'int32', [positions])
  const pieces = typeof positions === 'number' ? pieceCount(positions, config.vocabSize) : (sizes?.cuts.pieces ?? 1)
  return { graph, weights, input, trunk: buildTrunk(input, from, at, attention, config, weights, recompute), labels, pieces }
}

/**
 * Inputs: `ids` int32, [B, N] or, where the rows share P tokens, those and then the rows, [P + B·N]; `at` int32 [M], places
 * in the flattened hidden states whose next token is scored; `labels` int32 [M]; `weights` [M], Σ over all micro-batches
 * of the step is 1; for GRPO `old_logps`, `ref_logps`, `advantages` [M] and `beta` [1]; the weights, the adapter, and
 * `sum/…` for everything trained (zeros at first).
 * With `from`, `hidden` [T, D] is in the place of `ids`, and only what its layers use is an input.
 * Outputs: `loss` [1], this micro-batch's share; `logps` [M]; `entropy` [M] if asked; for GRPO `policy`, `kl`, `ratio`,
 * `clipped` [M]; `next/sum/…`; with `from`, `gradient/hidden` [T, D].
 */
export function gradientProgram(name: string, config: ModelConfig, options: GradientOptions): Program {
  const { positions, from = 0 } = options
  if (from > 0 && options.recompute > 0) throw new Error('The layers before the first are computed twice, or some of those in the program: not both.')
  const { graph, weights, input, trunk, labels, pieces } = open(name, config, options, options.weights, options.lora, options.recompute)
  const perToken = (input: string) => graph.input(input, 'float32', [positions])
  const weightOfToken = perToken('weights')
  const extra = new Map<'policy' | 'kl' | 'ratio' | 'clipped', Tensor[]>()
  const lossOf = lossOfPiece(graph, options.loss, weightOfToken, perToken, extra)

  const shapes = trainableShapes(config, options)
  const scoring = { hidden: trunk.hidden, labels, weights, entropy: options.entropy }
  let scored: Scores & { loss: Tensor }
  let seed: readonly [Tensor, Tensor]
  if (options.trainable === 'lora') {
    const found = scoresWithLoss({ ...scoring, pieces }, lossOf)
    scored = found
    seed = [trunk.hidden, found.gradient]
  } else {
    // The head is trained too: its gradient is derived with the rest, in one piece.
    const plain = scores({ ...scoring, pieces: 1 })
    scored = { ...plain, loss: lossOf(plain.logps, (x) => x) }
    seed = [scored.loss, reshape(graph.scalar(1), scored.loss.shape)]
  }

  const trained = inputsNamed(graph, shapes.keys())
  const gradients = trunk.backward([seed], from > 0 ? [...trained, input] : trained)

  graph.output('loss', scored.loss)
  graph.output('logps', scored.logps)
  if (scored.entropy) graph.output('entropy', scored.entropy)
  for (const [output, [first, ...rest]] of extra) if (first) graph.output(output, rest.length === 0 ? first : concat([first, ...rest], 0, positions))
  addToSums(graph, trained, gradients)
  const ofInput = gradients[trained.length]
  if (ofInput) graph.output('gradient/hidden', ofInput)
  return toProgram(graph, `${options.loss.kind} loss and gradients of ${options.trainable === 'all' ? 'all parameters' : 'the adapter'}`)
}

/** The inputs of a graph that are trained. @throws Error naming one that is not there */
export function inputsNamed(graph: Graph, names: Iterable<string>): Tensor[] {
  const byName = new Map(graph.inputs.map((input) => [input.name, input]))
  return [...names].map((name) => {
    const tensor = byName.get(name)
    if (!tensor) throw new Error(`${name} is trained but the model does not use it.`)
    return tensor
  })
}

/** Declares the sums of what is trained as inputs, and gives out those that these gradients are added to. */
export function addToSums(graph: Graph, trained: readonly Tensor[], gradients: readonly Tensor[]): void {
  for (const [i, tensor] of trained.entries()) {
    const gradient = gradients[i]
    if (!gradient) throw new Error(`${tensor.name} has no gradient.`)
    const sum = graph.input(sumName(tensor.name), 'float32', tensor.shape)
    graph.output(`next/${sumName(tensor.name)}`, add(sum, gradient))
  }
}

/** Declares what the loss is fed with. @param extra where its terms are put, piece by piece */
function lossOfPiece(graph: Graph, loss: GradientOptions['loss'], weights: Tensor, perToken: (input: string) => Tensor, extra: Map<'policy' | 'kl' | 'ratio' | 'clipped', Tensor[]>): (logps: Tensor, cut: (x: Tensor) => Tensor) => Tensor {
  switch (loss.kind) {
    case 'cross-entropy':
      return (logps, cut) => reduceSum(neg(mul(cut(weights), logps)), [0])
    case 'grpo': {
      const [oldLogps, refLogps, advantages] = [perToken('old_logps'), perToken('ref_logps'), perToken('advantages')]
      const beta = graph.input('beta', 'float32', [1])
      return (logps, cut) => {
        const batch = { logps, oldLogps: cut(oldLogps), refLogps: cut(refLogps), advantages: cut(advantages), weights: cut(weights), beta }
        const { loss: sum, policy, kl, ratio, clipped } = grpoLoss(batch, loss.grpo)
        for (const [name, part] of [['policy', policy], ['kl', kl], ['ratio', ratio], ['clipped', clipped]] as const) extra.set(name, [...(extra.get(name) ?? []), part])
        return sum
      }
    }
  }
}

/** Log-probabilities (and entropies) of given tokens: the same inputs without loss and gradients. */
export function scoreProgram(name: string, config: ModelConfig, options: MicroBatchShape & { lora: LoraConfig | null; weights: WeightOptions; entropy: boolean; logits?: boolean }): Program {
  const { graph, weights, trunk, labels, pieces } = open(name, config, options, options.weights, options.lora, 0)
  const found = scores({ hidden: trunk.hidden, labels, weights, entropy: options.entropy, pieces: options.logits ? 1 : pieces })
  graph.output('logps', found.logps)
  if (found.entropy) graph.output('entropy', found.entropy)
  if (options.logits && found.logits) graph.output('logits', found.logits)
  return toProgram(graph, 'log-probabilities of given tokens')
}
