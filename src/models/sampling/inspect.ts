// What a model thinks of given tokens, one by one: their probability, how sure it was, and what else it considered.
import { roundPositions } from '../../core/training/micro-batches.ts'
import { scoreProgram } from '../../nn/training/gradient-program.ts'
import type { ModelConfig } from '../../nn/transformer/config.ts'
import type { LoraConfig } from '../../nn/transformer/weights.ts'
import { read, readFloats, type Runtime, type Values } from '../../runtime/runtime.ts'
import type { TokenView } from '../../core/policy/token-view.ts'
import type { Tokenizer } from '../files/tokenizer.ts'

export type { TokenView }

interface Inspected {
  prompt: readonly number[]
  /** The tokens behind the prompt that are asked about. */
  ids: readonly number[]
  /** Of each, as many as are shown. */
  alternatives: number
}

/** The ids of the largest logits of a row, best first. */
function largest(row: Float32Array, count: number): number[] {
  const best: number[] = []
  for (let id = 0; id < row.length; id++) {
    const value = row[id] ?? 0
    if (best.length === count && value <= (row[best[count - 1] ?? 0] ?? 0)) continue
    let at = best.length
    while (at > 0 && value > (row[best[at - 1] ?? 0] ?? 0)) at--
    best.splice(at, 0, id)
    best.length = Math.min(best.length, count)
  }
  return best
}

/** @param weights base weights and adapter, as programs are fed */
export async function inspectTokens(
  runtime: Runtime,
  config: ModelConfig,
  weights: Readonly<Values>,
  lora: LoraConfig | null,
  tokenizer: Tokenizer,
  { prompt, ids, alternatives }: Inspected,
): Promise<TokenView[]> {
  if (ids.length === 0) return []
  const sequence = [...prompt, ...ids]
  // Few sizes, padded: what follows a token does not change it.
  const [length, positions] = [Math.ceil(sequence.length / 64) * 64, roundPositions(ids.length)]
  const options = { batch: 1, length, positions, lora, weights: { layout: 'huggingface', dtype: 'float32' }, entropy: true, logits: true } as const
  const program = await runtime.load(scoreProgram(`inspect ${length}, ${positions}`, config, options))
  try {
    const padded = (values: readonly number[], size: number) => Int32Array.from({ length: size }, (_, i) => values[i] ?? 0)
    const results = await program.run({
      ids: { dtype: 'int32', shape: [1, length], data: padded(sequence, length) },
      at: { dtype: 'int32', shape: [positions], data: padded(ids.map((_, i) => prompt.length + i - 1), positions) },
      labels: { dtype: 'int32', shape: [positions], data: padded(ids, positions) },
      ...weights,
    })
    const [logps, entropy] = [await readFloats(results, 'logps'), await readFloats(results, 'entropy')]
    const logits = await read(results['logits'], 'logits')
    if (!(logits instanceof Float32Array)) throw new Error('logits are not float32.')
    return ids.map((id, i) => {
      const row = logits.subarray(i * config.vocabSize, (i + 1) * config.vocabSize)
      const norm = (row[id] ?? 0) - (logps[i] ?? 0)
      return {
        text: tokenizer.decode([id], { special: true }),
        logprob: logps[i] ?? NaN,
        entropy: entropy[i] ?? NaN,
        alternatives: largest(row, alternatives).map((other) => ({ text: tokenizer.decode([other], { special: true }), logprob: (row[other] ?? 0) - norm })),
      }
    })
  } finally {
    await program.dispose()
  }
}
