// Reverse-mode differentiation while a graph is built: walks the nodes backwards and adds the nodes of the gradient.
import { add } from './ops/elementwise.ts'
import { zeros } from './ops/indexing.ts'
import { reshape } from './ops/shape.ts'
import { rules } from './rules.ts'
import type { Node, Tensor } from './graph.ts'
import { sameShape, showShape } from './shape.ts'

export class NoGradientError extends Error {
  override readonly name = 'NoGradientError'
  constructor(readonly op: string) {
    super(`The operator ${op} has no derivative. Add a rule beside it, or wrap its result in stopGradient().`)
  }
}

/** Tensors that depend on one of `wrt` through operators that pass gradients on. */
function dependents(nodes: readonly Node[], wrt: readonly Tensor[]): Set<Tensor> {
  const found = new Set<Tensor>(wrt)
  for (const node of nodes) {
    if (node.op !== 'Identity' && node.inputs.some((input) => input !== null && found.has(input))) {
      for (const output of node.outputs) if (output.dtype.startsWith('float')) found.add(output)
    }
  }
  return found
}

/**
 * Gradients of a scalar loss with respect to tensors of the same graph, added to that graph. Only what lies between
 * the loss and `wrt` is differentiated: frozen weights cost nothing. A tensor that the loss does not depend on has
 * gradient zero.
 * @param loss one element
 * @throws NoGradientError when an operator on the way has no rule
 */
export function gradients(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  if (loss.shape.some((dim) => dim !== 1)) throw new Error(`The loss must be one number, not ${showShape(loss.shape)}.`)
  return gradientsFrom([[loss, reshape(loss.graph.scalar(1), loss.shape)]], wrt)
}

/** The same from given gradients of several tensors: the vector-Jacobian product. */
export function gradientsFrom(seeds: readonly (readonly [Tensor, Tensor])[], wrt: readonly Tensor[]): Tensor[] {
  return vectorJacobian(seeds, wrt).map((gradient, i) => {
    const tensor = wrt[i]
    if (gradient) return gradient
    if (!tensor) throw new Error('gradientsFrom: a tensor is missing.')
    return zeros(tensor, tensor.shape)
  })
}

/**
 * The same, with null where nothing flows to a tensor.
 * @param boundary gradients reach this tensor and go no further back
 */
export function vectorJacobian(seeds: readonly (readonly [Tensor, Tensor])[], wrt: readonly Tensor[], boundary: Tensor | null = null): (Tensor | null)[] {
  const [first] = seeds
  if (!first) throw new Error('There is nothing to differentiate.')
  const { graph } = first[0]
  // Nodes are added in an order in which inputs come first, so the list read backwards is a valid order.
  const nodes = [...graph.nodes]
  const reach = dependents(nodes, wrt)
  const found = new Map<Tensor, Tensor>()
  const accumulate = (tensor: Tensor, gradient: Tensor) => {
    if (!sameShape(tensor.shape, gradient.shape)) {
      throw new Error(`The gradient of ${tensor.name} ${showShape(tensor.shape)} came out as ${showShape(gradient.shape)}.`)
    }
    const known = found.get(tensor)
    found.set(tensor, known ? add(known, gradient) : gradient)
  }
  for (const [tensor, gradient] of seeds) accumulate(tensor, gradient)

  for (const node of nodes.toReversed()) {
    const [y] = node.outputs
    if (!y || y === boundary || !node.outputs.some((output) => found.has(output) && reach.has(output))) continue
    graph.scoped(`grad/${y.name}`, () => {
      for (const [input, gradient] of backwards(node, found, reach)) accumulate(input, gradient)
    })
  }
  return wrt.map((tensor) => found.get(tensor) ?? null)
}

function backwards(node: Node, found: ReadonlyMap<Tensor, Tensor>, reach: ReadonlySet<Tensor>): [Tensor, Tensor][] {
  const rule = rules[node.op]
  const [y] = node.outputs
  if (!rule || !y) throw new NoGradientError(node.op)
  // Of an operator with several results, those that the loss does not depend on have gradient zero.
  const dys = node.outputs.map((output) => found.get(output) ?? zeros(output, output.shape))
  const [a, b, c] = node.inputs
  const parts = rule({ node, inputs: [a ?? y, b ?? y, c ?? y], y, dy: dys[0] ?? y, dys })
  return node.inputs.flatMap((input, i): [Tensor, Tensor][] => {
    const part = parts[i]
    return input && reach.has(input) && part ? [[input, part()]] : []
  })
}
