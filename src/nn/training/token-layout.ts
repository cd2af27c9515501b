// How the tokens of a micro-batch lie behind each other: what all rows share at their beginning once, then the rows. The
// sizes are numbers, or names of what is known when the program runs. Knows no model.
import type { Graph, Tensor } from '../graph.ts'
import { concat } from '../ops/shape.ts'
import { sizeFeeds, type Program } from '../program.ts'
import { plus, times, type Dim } from '../shape.ts'

/** Rows B of N tokens each, right-padded, behind P tokens that all of them continue: T = P + B·N tokens in all. */
export interface TokenShape {
  batch: Dim
  length: Dim
  /** 0: the rows share nothing. */
  prefix: Dim
}

/** Causal attention is computed in blocks of queries, with as many keys as the block's last one sees. */
interface Blocks {
  sizes: Dim[]
  /** Of each block: what a query may not see, as numbers to add. [n, keys] */
  masks: Tensor[]
}

export interface TokenLayout extends TokenShape {
  tokens: Dim
  own: Blocks
  /** Of the shared tokens among themselves. */
  shared: Blocks | null
}

/** Large enough that exp() gives 0 in float32, small enough that sums of it stay finite. */
const hidden = -1e9
/** One block, or this many: of a step this saves a twentieth at 256 tokens, a fifth at 1024 (measured on Node and wasm). */
const manyBlocks = 3
/** Tokens from which blocks are worth their nodes. */
const blocksFrom = 256

export const blockCount = (length: number) => (length > blocksFrom ? manyBlocks : 1)

/** A total in parts of about the same size. */
function evenly(total: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 1) * total) / count) - Math.floor((i * total) / count))
}

/** A dimension in parts: numbers, or names that partSizes() gives sizes to. */
export function partsOf(dim: Dim, count: number): Dim[] {
  if (count === 1) return [dim]
  return typeof dim === 'number' ? evenly(dim, count) : Array.from({ length: count }, (_, i) => `${dim}.${i}`)
}

function maskData(rows: number, keys: number): Float32Array {
  const mask = new Float32Array(rows * keys)
  // The last row sees every key.
  for (let row = 0; row < rows; row++) mask.fill(hidden, row * keys + keys - rows + row + 1, (row + 1) * keys)
  return mask
}

function blocksOf(graph: Graph, name: 'own' | 'shared', past: Dim, length: Dim, count: number, repeats: number): Blocks {
  const sizes = partsOf(length, typeof length === 'number' ? blockCount(length) : count)
  const masks = sizes.map((rows, i) => {
    const keys = plus(past, ...sizes.slice(0, i + 1))
    const mask =
      typeof rows === 'number' && typeof keys === 'number'
        ? graph.constant(`mask/${name}/${i}`, 'float32', [rows, keys], maskData(rows, keys))
        : graph.input(`mask/${name}/${i}`, 'float32', [rows, keys])
    return repeats === 1 ? mask : concat(Array.from({ length: repeats }, () => mask), 0, times(repeats, rows))
  })
  return { sizes, masks }
}

/**
 * @param blocks of queries, where sizes have names
 * @param repeats how often each mask stands below itself: once for each query head that shares a key head
 */
export function tokenLayout(graph: Graph, shape: TokenShape, blocks: { own: number; shared: number }, repeats: number): TokenLayout {
  const { batch, length, prefix } = shape
  return {
    ...shape,
    tokens: plus(prefix, times(batch, length)),
    own: blocksOf(graph, 'own', prefix, length, blocks.own, repeats),
    shared: prefix === 0 ? null : blocksOf(graph, 'shared', 0, prefix, blocks.shared, repeats),
  }
}

/** The names that a program of any size has for its dimensions. */
export const named = { batch: 'rows', length: 'length', prefix: 'prefix', positions: 'positions' } as const

/** How the sizes of a micro-batch are cut, which is part of the program. */
export interface Cuts {
  own: number
  shared: number
  /** Pieces of the scored positions. */
  pieces: number
}

interface Sizes {
  batch: number
  length: number
  prefix: number
  positions: number
}

/** What a program of any size needs to know of this micro-batch: its sizes and masks. */
export function sizesOfMicroBatch(program: Program, sizes: Sizes, cuts: Cuts): Record<string, { dtype: 'int64' | 'float32'; shape: number[]; data: BigInt64Array | Float32Array }> {
  const values: Record<string, number> = {}
  const parts = { own: evenly(sizes.length, cuts.own), shared: evenly(sizes.prefix, cuts.shared) }
  const cut = (name: string, total: number, count: number) => {
    values[name] = total
    for (const [i, size] of evenly(total, count).entries()) values[`${name}.${i}`] = size
  }
  cut(named.batch, sizes.batch, 1)
  cut(named.length, sizes.length, cuts.own)
  cut(named.prefix, sizes.prefix, cuts.shared)
  cut(named.positions, sizes.positions, cuts.pieces)
  const feeds: ReturnType<typeof sizesOfMicroBatch> = { ...sizeFeeds(program, values) }
  for (const kind of ['own', 'shared'] as const) {
    let end = kind === 'own' ? sizes.prefix : 0
    for (const [i, rows] of parts[kind].entries()) {
      end += rows
      const name = `mask/${kind}/${i}`
      if (program.inputs.some((input) => input.name === name)) feeds[name] = { dtype: 'float32', shape: [rows, end], data: maskData(rows, end) }
    }
  }
  return feeds
}
