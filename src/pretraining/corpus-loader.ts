// Deals the corpus out in full micro-batches: sequences of like length wait until there are enough of them, so that no
// row is padding. Its state is small and exact: a run that is resumed gets the same batches.
import { roundPositions, type BatchingOptions } from '../core/training/micro-batches.ts'
import type { TrainSequence } from '../core/policy/sequence.ts'
import { z } from 'zod'
import { createRandom } from '../core/random.ts'
import type { CorpusSequence } from './corpus.ts'

const sequenceSchema = z.object({
  ids: z.array(z.number().int()),
  policy: z.array(z.number().int()),
  exact: z.array(z.number().int()),
  choices: z.array(z.number().int()),
  environment: z.array(z.number().int()),
  spans: z.array(z.object({ kind: z.enum(['copy', 'answer']), question: z.string(), from: z.number().int(), to: z.number().int() })),
})

export const loaderStateSchema = z.object({
  /** Blocks of episodes that were played. */
  block: z.number().int().nonnegative(),
  /** Micro-batches that were dealt out. */
  dealt: z.number().int().nonnegative(),
  waiting: z.array(sequenceSchema),
})
type LoaderState = z.infer<typeof loaderStateSchema>

export interface LossOptions {
  /** Weight of a token that must be exactly right, the policy's others having 1. */
  exact: number
  /** Weight of a token that tells which act was chosen. */
  choice: number
  /** Weight of an environment's token. 0: the environment is not learnt. */
  environment: number
  /** Share of a micro-batch's tokens whose prediction is computed. Environment tokens are drawn to fill it. */
  scored: number
  seed: number
}

export class CorpusLoader {
  readonly #play: (block: number) => Promise<CorpusSequence[]>
  readonly #batching: BatchingOptions
  #state: LoaderState = { block: 0, dealt: 0, waiting: [] }

  /** @param play the sequences of the n-th block of episodes, always the same ones */
  constructor(play: (block: number) => Promise<CorpusSequence[]>, batching: BatchingOptions, state?: LoaderState) {
    this.#play = play
    this.#batching = { ...batching, lengths: [...batching.lengths].sort((a, b) => a - b) }
    if (state) this.#state = { ...state, waiting: [...state.waiting] }
  }

  get state(): LoaderState {
    return { ...this.#state, waiting: [...this.#state.waiting] }
  }

  #lengthOf({ ids }: CorpusSequence): number | undefined {
    return this.#batching.lengths.find((length) => length >= ids.length)
  }

  /** Sequences that fill one micro-batch, and the number of this micro-batch. Ones longer than every length are left out. */
  async next(): Promise<{ sequences: CorpusSequence[]; number: number }> {
    for (;;) {
      const full = this.#full()
      if (full) return { sequences: full, number: this.#state.dealt++ }
      const played = await this.#play(this.#state.block)
      this.#state.block++
      this.#state.waiting.push(...played.filter((sequence) => this.#lengthOf(sequence) !== undefined))
    }
  }

  /** The oldest sequences of a length that has enough of them. */
  #full(): CorpusSequence[] | null {
    const rows = new Map<number, CorpusSequence[]>()
    for (const sequence of this.#state.waiting) {
      const length = this.#lengthOf(sequence)
      if (length === undefined) continue
      const row = rows.get(length) ?? []
      row.push(sequence)
      rows.set(length, row)
      if (row.length < Math.max(1, Math.floor(this.#batching.tokens / length))) continue
      const taken = new Set(row)
      this.#state.waiting = this.#state.waiting.filter((each) => !taken.has(each))
      return row
    }
    return null
  }
}

interface WeighedBatch {
  sequences: readonly CorpusSequence[]
  number: number
}

/**
 * What the trainer learns from micro-batches of one optimizer step: their sequences in order, with weights that sum to
 * 1. An environment token weighs `environment` on average over all of them, whether many or few are drawn.
 */
export function weigh(batches: readonly WeighedBatch[], tokensOf: (sequences: readonly CorpusSequence[]) => number, options: LossOptions): TrainSequence[] {
  const plans = batches.map(({ sequences, number }) => {
    const own = sequences.reduce((sum, { policy }) => sum + policy.length, 0)
    const exact = sequences.reduce((sum, { exact }) => sum + exact.length, 0)
    const choices = sequences.reduce((sum, { choices }) => sum + choices.length, 0)
    const others = sequences.flatMap(({ environment }, row) => environment.map((index) => ({ row, index })))
    // The count that programs are made for, so that no shape is made for a few tokens more or less.
    const room = Math.max(roundPositions(own), roundPositions(Math.floor(tokensOf(sequences) * options.scored))) - own
    const count = options.environment > 0 ? Math.min(room, others.length) : 0
    const drawn = createRandom(`${options.seed}/environment/${number}`).sample(others, count)
    return { sequences, drawn, weight: count > 0 ? (options.environment * others.length) / count : 0, own: own + (options.exact - 1) * exact + (options.choice - 1) * choices }
  })
  const total = plans.reduce((sum, { own, drawn, weight }) => sum + own + drawn.length * weight, 0)
  return plans.flatMap(({ sequences, drawn, weight }) =>
    sequences.map(({ ids, policy, exact, choices }, row): TrainSequence => {
      const hard = new Set(exact)
      const telling = new Set(choices)
      const targets = policy.map((index) => ({ index, weight: (hard.has(index) ? options.exact : telling.has(index) ? options.choice : 1) / total }))
      for (const each of drawn) if (each.row === row && each.index > 0) targets.push({ index: each.index, weight: weight / total })
      return { ids, targets: targets.sort((a, b) => a.index - b.index) }
    }),
  )
}
