// Listens to WebLLM's logits: which ids were sampled and how likely each was. Changes nothing.
import type { LogitProcessor } from '@mlc-ai/web-llm'

/** A recording of one reply. */
export interface Recording {
  ids: number[]
  /**
   * log-probability at temperature 1, nats, over the tokens that could be sampled: a grammar's mask has been applied to
   * the logits by then (WebLLM masks first), so that under a grammar this is the constrained policy's own probability.
   */
  logprobs: number[]
}

/** log Σ exp, in 64 bits. What a mask set to the lowest number adds nothing. */
export function logSumExp(logits: ArrayLike<number>): number {
  let max = -Infinity
  for (let i = 0; i < logits.length; i++) max = Math.max(max, logits[i] ?? -Infinity)
  let sum = 0
  for (let i = 0; i < logits.length; i++) sum += Math.exp((logits[i] ?? -Infinity) - max)
  return max + Math.log(sum)
}

export class LogitTap implements LogitProcessor {
  #recording: Recording | null = null
  #watcher: ((logits: Float32Array) => void) | null = null
  /** Of the token that comes next. */
  #logits: Float32Array | null = null

  /** Begins a recording; it grows with every token that is sampled, until the next one begins or stop(). */
  record(): Recording {
    this.#watcher = null
    this.#recording = { ids: [], logprobs: [] }
    return this.#recording
  }

  /** Hands over the logits of each step instead. The array is the watcher's to read, and only until it returns. */
  watch(watcher: (logits: Float32Array) => void): void {
    this.#recording = null
    this.#watcher = watcher
  }

  stop(): void {
    this.#recording = null
    this.#watcher = null
    this.#logits = null
  }

  processLogits = (logits: Float32Array): Float32Array => {
    this.#watcher?.(logits)
    this.#logits = this.#recording ? logits : null
    return logits
  }

  processSampledToken = (token: number): void => {
    const logits = this.#logits
    if (!this.#recording || !logits) return
    this.#recording.ids.push(token)
    this.#recording.logprobs.push((logits[token] ?? -Infinity) - logSumExp(logits))
    this.#logits = null
  }

  // WebLLM calls it when it begins a new conversation, in the middle of a request of ours: a recording goes on.
  resetState = (): void => undefined
}
