// Packs sequences into micro-batches: of few shapes where every shape is a program of its own, or each as large as its
// sequences are, with what they share at the beginning counted once.
import type { TrainSequence } from '../policy/sequence.ts'

export interface MicroBatch {
  batch: number
  length: number
  positions: number
  /** Places of the sequences in the caller's list; fewer than `batch` when the last rows are padding. */
  members: number[]
}

export interface BatchingOptions {
  /** Tokens of a micro-batch at most, padding included. */
  tokens: number
  /** Lengths are rounded up to one of these. */
  lengths: readonly number[]
}

/** Rounds up to 1, 1.5, 2, 3, 4, 6, 8 … times 32: few sizes, little padding. */
export function roundPositions(count: number): number {
  let size = 32
  while (size < count) size = size % 3 === 0 ? (size / 3) * 4 : (size / 2) * 3
  return size
}

interface Waiting {
  member: number
  ids: readonly number[]
  /** Rounded up to one of the lengths. */
  length: number
}

/** Those that have something to learn from. @throws RangeError when one is longer than the largest length, or has a target that cannot be predicted */
function waitingOf(sequences: readonly TrainSequence[], lengths: readonly number[]): Waiting[] {
  const ascending = [...lengths].sort((a, b) => a - b)
  const waiting: Waiting[] = []
  for (const [member, { ids, targets }] of sequences.entries()) {
    const length = ascending.find((each) => each >= ids.length)
    if (length === undefined) throw new RangeError(`Sequence ${member} has ${ids.length} tokens; ${ascending.at(-1) ?? 0} are allowed.`)
    if (targets.some(({ index }) => index < 1 || index >= ids.length)) throw new RangeError(`Sequence ${member} has a target outside its tokens.`)
    if (targets.length > 0) waiting.push({ member, ids, length })
  }
  return waiting
}

/**
 * Groups sequences of like length. Rows that the long ones leave are filled with the next shorter ones, so that only
 * one micro-batch, of the shortest, may have rows without a sequence.
 * @throws RangeError when a sequence is longer than the largest length, or has a target that cannot be predicted
 */
export function packSequences(sequences: readonly TrainSequence[], { tokens, lengths }: BatchingOptions): MicroBatch[] {
  const waiting = waitingOf(sequences, lengths)
  const packed: MicroBatch[] = []
  waiting.sort((a, b) => b.length - a.length)
  for (let at = 0; at < waiting.length; ) {
    const { length } = waiting[at] ?? { length: 0 }
    const batch = Math.max(1, Math.floor(tokens / length))
    const members = waiting.slice(at, at + batch).map(({ member }) => member)
    const count = members.reduce((sum, i) => sum + (sequences[i]?.targets.length ?? 0), 0)
    packed.push({ batch, length, positions: roundPositions(count), members })
    at += batch
  }
  return packed.reverse()
}

/** A micro-batch whose rows are what is left behind the tokens that all of them begin with. */
export interface SharedMicroBatch extends MicroBatch {
  /** Tokens that every sequence begins with; `length` counts those behind them. */
  prefix: number
}

/** A row may cost this much more than alone, as padding and as what is shared no longer: a run has a cost of its own. */
const worthJoining = 1.15

function sharedTokens(a: readonly number[], b: readonly number[], most: number): number {
  let same = 0
  while (same < most && a[same] === b[same]) same++
  return same
}

/**
 * Micro-batches as large as their sequences are: P tokens that all rows begin with, and N of each row behind them. The
 * longest begins one, and whichever is then cheapest joins, as long as B·N stays within the limit: a long prompt leaves the
 * rows behind it their room. Who runs them sees to memory.
 * @throws RangeError what packSequences() throws
 */
export function packShared(sequences: readonly TrainSequence[], { tokens, lengths }: BatchingOptions): SharedMicroBatch[] {
  const waiting = waitingOf(sequences, lengths).sort((a, b) => b.ids.length - a.ids.length)
  const packed: SharedMicroBatch[] = []
  for (let first = waiting.shift(); first; first = waiting.shift()) {
    const longest = first.ids.length
    const rows = [first]
    // Every row keeps a token of its own.
    let prefix = longest - 1
    const costWith = (shared: number, count: number) => shared + count * (longest - shared)
    for (;;) {
      let best: { at: number; shared: number; relative: number } | null = null
      for (const [at, { ids }] of waiting.entries()) {
        const shared = sharedTokens(ids, first.ids, Math.min(prefix, ids.length - 1))
        const cost = costWith(shared, rows.length + 1)
        const relative = (cost - costWith(prefix, rows.length)) / ids.length
        if ((rows.length + 1) * (longest - shared) <= tokens && relative <= worthJoining && (best === null || relative < best.relative)) best = { at, shared, relative }
      }
      if (best === null) break
      rows.push(...waiting.splice(best.at, 1))
      prefix = best.shared
    }
    if (rows.length === 1) prefix = 0
    const positions = rows.reduce((sum, { member }) => sum + (sequences[member]?.targets.length ?? 0), 0)
    packed.push({ batch: rows.length, prefix, length: longest - prefix, positions, members: rows.map(({ member }) => member) })
  }
  return packed.reverse()
}
