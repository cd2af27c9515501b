// What can be measured, and where: a lane is one worker of a page, or this process. Lanes take turns, never run together.
import type { BatchShape, ModelSize, Trainable } from './model.ts'

export type Job =
  /** A chain of matrix products with the model's shapes. */
  | { kind: 'matmul'; size: ModelSize; rows: number }
  /** Forward and backward pass of one micro-batch. */
  | { kind: 'training'; size: ModelSize; trainable: Trainable; shape: BatchShape }
  /** One AdamW step. */
  | { kind: 'optimizer'; size: ModelSize; trainable: Trainable }
  /** Log-probabilities of given tokens. */
  | { kind: 'score'; size: ModelSize; shape: BatchShape }
  /** A prompt of that many tokens into the cache. */
  | { kind: 'prefill'; size: ModelSize; tokens: number }
  /**
   * That many new tokens for each row, behind a prompt that is in the cache. Greedy: the likeliest tokens of the base model,
   * which every library must find alike; else drawn, with an adapter.
   */
  | { kind: 'decode'; size: ModelSize; batch: number; prompt: number; tokens: number; greedy?: boolean }

/** What is known of a job before it runs. */
export interface Opened {
  /** Its number in the lane. */
  job: number
  /** Floating-point operations of one run, by the usual count. */
  flops: number
  /** Tokens of one run; 0 where there are none. */
  tokens: number
  /** Milliseconds to write its graphs and to make sessions of them; 0 where a job before it did that. */
  graphMs: number
  sessionMs: number
}

export interface Run {
  ms: number
  /** Of them inside the library's own run calls. */
  insideMs: number
  /** A number that depends on the whole computation: the loss. Lanes that do the same job must agree on it. */
  value: number
}

export interface Lane {
  /** The library, its version and its device, in words. */
  description(): Promise<string>
  /** Makes a job ready. @throws Error when this library cannot do it */
  open(job: Job): Promise<Opened>
  /** Runs an opened job once and waits until the result is there. */
  run(job: number): Promise<Run>
}

/** A lane in another thread or process. */
export interface RemoteLane extends Lane {
  /** Ends it and frees its memory. */
  stop(): Promise<void>
}
