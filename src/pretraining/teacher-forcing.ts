// What a model makes of episodes that it did not learn from, each token given all that came before: the loss, and
// whether it would have copied and answered right. Knows no files and no training.
import type { TrainSequence } from '../core/policy/sequence.ts'
import { scoreProgram } from '../nn/training/gradient-program.ts'
import type { ModelConfig } from '../nn/transformer/config.ts'
import { read, readFloats, type LoadedProgram, type Runtime, type Values } from '../runtime/runtime.ts'
import { packSequences, type BatchingOptions } from '../core/training/micro-batches.ts'
import { batchArrays } from '../models/training/batching.ts'
import type { CorpusSequence } from './corpus.ts'

/** Of how many, how many were right. */
interface Share {
  right: number
  of: number
}

export interface ForcedReport {
  /** Mean −log p of the policy's tokens, nats. */
  loss: number
  tokens: number
  /** Facts copied into Add_memory and Update_memory without a slip. */
  copies: Share
  /** The same by token. */
  copiedTokens: Share
  /** Values answered without a slip, by kind of question. */
  answers: Record<string, Share>
}

/** The largest logit of each row. */
function bestOf(logits: Float32Array, rows: number, vocabulary: number): Int32Array {
  const best = new Int32Array(rows)
  for (let row = 0; row < rows; row++) {
    let largest = -Infinity
    for (let id = 0; id < vocabulary; id++) {
      const value = logits[row * vocabulary + id] ?? 0
      if (value > largest) {
        largest = value
        best[row] = id
      }
    }
  }
  return best
}

interface Judged {
  logp: number
  /** The model's first choice. */
  right: boolean
}

/** Judges the policy's tokens of each sequence, by their index. */
async function judge(runtime: Runtime, config: ModelConfig, weights: Readonly<Values>, sequences: readonly CorpusSequence[], batching: BatchingOptions): Promise<Map<number, Judged>[]> {
  const plain = sequences.map(({ ids, policy }): TrainSequence => ({ ids, targets: policy.map((index) => ({ index, weight: 1 })) }))
  const judged = sequences.map(() => new Map<number, Judged>())
  const packed = packSequences(plain, batching)
  let loadedFor = 0
  let program: LoadedProgram | undefined
  for (const each of packed) {
    const { batch, length, members } = each
    // One program a length: with room for the batch that has most to score.
    const positions = Math.max(...packed.map((other) => (other.length === length ? other.positions : 0)))
    const micro = { ...each, prefix: 0, positions }
    if (!program || loadedFor !== length) {
      await program?.dispose()
      program = await runtime.load(scoreProgram(`forced ${batch}×${length}`, config, { ...micro, lora: null, weights: { layout: 'huggingface', dtype: 'float32' }, entropy: false, logits: true }))
      loadedFor = length
    }
    const arrays = batchArrays(plain, micro)
    const values = await program.run({
      ids: { dtype: 'int32', shape: [batch, length], data: arrays.ids },
      at: { dtype: 'int32', shape: [positions], data: arrays.at },
      labels: { dtype: 'int32', shape: [positions], data: arrays.labels },
      ...weights,
    })
    const logps = await readFloats(values, 'logps')
    const logits = await read(values['logits'], 'logits')
    if (!(logits instanceof Float32Array)) throw new Error('logits are not float32.')
    const best = bestOf(logits, positions, config.vocabSize)
    let k = 0
    for (const member of members) {
      for (const { index } of plain[member]?.targets ?? []) {
        judged[member]?.set(index, { logp: logps[k] ?? NaN, right: best[k] === arrays.labels[k] })
        k++
      }
    }
  }
  await program?.dispose()
  return judged
}

/** Runs the sequences through the model. @param weights by Hugging Face name, as a trainer holds them */
export async function teacherForced(
  runtime: Runtime,
  config: ModelConfig,
  weights: Readonly<Values>,
  sequences: readonly CorpusSequence[],
  batching: BatchingOptions,
): Promise<ForcedReport> {
  const judged = await judge(runtime, config, weights, sequences, batching)
  const report: ForcedReport = { loss: 0, tokens: 0, copies: { right: 0, of: 0 }, copiedTokens: { right: 0, of: 0 }, answers: {} }
  for (const [i, tokens] of judged.entries()) {
    for (const { logp } of tokens.values()) report.loss -= logp
    report.tokens += tokens.size
    for (const { kind, question, from, to } of sequences[i]?.spans ?? []) {
      const share = kind === 'copy' ? report.copies : (report.answers[question] ??= { right: 0, of: 0 })
      share.of++
      const each = Array.from({ length: to - from }, (_, k) => tokens.get(from + k)?.right ?? false)
      if (each.every((right) => right)) share.right++
      if (kind !== 'copy') continue
      report.copiedTokens.of += each.length
      report.copiedTokens.right += each.filter((right) => right).length
    }
  }
  report.loss /= Math.max(1, report.tokens)
  return report
}
