// What the policy thought of given tokens, from their hidden states, in pieces of rows: a vocabulary of 50,000 makes the
// logits of 1,000 tokens 200 MB, and their gradient as much again, so one piece is done before the next begins.
import { gradients } from '../gradients.ts'
import type { Tensor } from '../graph.ts'
import { add, div, mul, neg } from '../ops/elementwise.ts'
import { gatherRows } from '../ops/indexing.ts'
import { concat, reshape, split } from '../ops/shape.ts'
import { dimAt, type Dim } from '../shape.ts'
import type { Weights } from '../transformer/weights.ts'
import { distributionOf, entropies, logProbabilities, type Distribution } from './score.ts'
import { partsOf } from './token-layout.ts'
import { after } from './trunk.ts'

/** Bytes of the logits of a piece at most. */
const pieceBytes = 50e6

/** Pieces that this many rows are done in. */
export function pieceCount(positions: number, vocabulary: number): number {
  return Math.max(1, Math.ceil((positions * vocabulary * 4) / pieceBytes))
}

interface Piece {
  distribution: Distribution
  labels: Tensor
  /** log p(label), [m]. */
  logps: Tensor
  /** Nats, [m]. */
  entropy: Tensor | null
}

export interface Scores {
  /** [M] */
  logps: Tensor
  entropy: Tensor | null
  logits: Tensor | null
}

const joined = (parts: readonly Tensor[], whole: Dim): Tensor => {
  const [only] = parts
  if (!only) throw new Error('There is no piece.')
  return parts.length === 1 ? only : concat(parts, 0, whole)
}

interface Scoring {
  /** [M, D] */
  hidden: Tensor
  labels: Tensor
  weights: Weights
  pieces: number
  entropy: boolean
}

/** @param finish what of a piece must be ready before the next one begins */
function overPieces({ hidden, labels, weights, pieces, entropy }: Scoring, finish: (piece: Piece, cut: (x: Tensor) => Tensor) => Tensor): Piece[] {
  const sizes = partsOf(dimAt(hidden.shape, 0), pieces)
  const cuts = new Map<Tensor, Tensor[]>()
  const parts = (x: Tensor): Tensor[] => {
    const known = cuts.get(x) ?? (sizes.length === 1 ? [x] : split(x, 0, sizes))
    cuts.set(x, known)
    return known
  }
  let done: Tensor | null = null
  return sizes.map((_, i) => {
    const cut = (x: Tensor): Tensor => {
      const part = parts(x)[i]
      if (!part) throw new Error('There is no such piece.')
      return part
    }
    const distribution = distributionOf(weights.head(done ? after(cut(hidden), done) : cut(hidden)))
    const piece = { distribution, labels: cut(labels), logps: logProbabilities(distribution, cut(labels)), entropy: entropy ? entropies(distribution) : null }
    const last = finish(piece, cut)
    done = piece.entropy ? after(last, piece.entropy) : last
    return piece
  })
}

function scoresOf(pieces: readonly Piece[], rows: Dim): Scores {
  const entropies = pieces.flatMap(({ entropy }) => (entropy ? [entropy] : []))
  return {
    logps: joined(pieces.map(({ logps }) => logps), rows),
    entropy: entropies.length > 0 ? joined(entropies, rows) : null,
    logits: joined(pieces.map(({ distribution }) => distribution.logits), rows),
  }
}

/** Log-probabilities, entropies and logits of the labels at each row. */
export function scores(scoring: Scoring): Scores {
  return scoresOf(overPieces(scoring, ({ logps }) => logps), dimAt(scoring.hidden.shape, 0))
}

/**
 * The same with a loss that is a sum over tokens, and its gradient with respect to the hidden states. The head is frozen.
 * dz = dl·(onehot − p) for logits z and log-probability l, so dh = dl·(E[label] − p·E).
 * @param loss of a piece, [1], from its log-probabilities; `cut` takes the piece's part of what there is for each token
 */
export function scoresWithLoss(scoring: Scoring, loss: (logps: Tensor, cut: (x: Tensor) => Tensor) => Tensor): Scores & { loss: Tensor; gradient: Tensor } {
  const [losses, backwards]: [Tensor[], Tensor[]] = [[], []]
  const pieces = overPieces(scoring, ({ logps, labels, distribution: { exps, sum } }, cut) => {
    const part = loss(logps, cut)
    const [dl] = gradients(part, [logps])
    if (!dl) throw new Error('The loss does not depend on the log-probabilities.')
    const column = reshape(dl, [dimAt(logps.shape, 0), 1])
    const head = scoring.weights.headMatrix()
    const gradient = add(scoring.weights.headBack(mul(exps, neg(div(column, sum)))), mul(column, gatherRows(head, labels)))
    losses.push(part)
    backwards.push(gradient)
    return gradient
  })
  const rows = dimAt(scoring.hidden.shape, 0)
  const total = losses.reduce<Tensor | null>((sum, part) => (sum ? add(sum, part) : part), null)
  if (!total) throw new Error('There is no piece.')
  return { ...scoresOf(pieces, rows), loss: total, gradient: joined(backwards, rows) }
}
