// A policy whose weights can be moved: it scores given tokens, takes gradient steps on packed batches, and its adapter
// can be taken out and put back. The training loop knows models only through this.
import type { TrainSequence } from './sequence.ts'
import type { ChatMessage, Policy, TokenCounter } from './policy.ts'

/** A model's way from conversations to token ids. Sampled ids are never encoded anew: see training/packing.ts. */
export interface ChatEncoder {
  /**
   * The conversation up to where the assistant's reply begins, in the words of the chat template. Its marks in it are
   * the template's own: what a message spells of them is quoted.
   */
  chat(messages: readonly ChatMessage[]): string
  /** A reply as chat() writes it into a conversation. */
  reply(text: string): string
  /** A stretch of what chat() wrote as ids, nothing put before or behind it. It may be cut wherever a mark begins. */
  encode(chat: string): number[]
  /** Ids that end a reply, and that no text holds, with the mark each of them is. */
  readonly ends: ReadonlyMap<number, string>
}

/** LoRA (Hu et al. 2021): W + alpha/rank · B·A on these projections of every layer. */
export interface AdapterShape {
  rank: number
  alpha: number
  targets: readonly string[]
}

/** An adapter as a model samples with it. */
export interface AdapterTensors {
  lora: AdapterShape
  /** A [r, in] and B [out, r] of each projection, by the tensor's own name. */
  parameters: Map<string, Float32Array>
}

/** An adapter as PEFT writes it. */
export interface PeftFiles {
  /** adapter_config.json */
  config: string
  /** adapter_model.safetensors */
  model: Uint8Array<ArrayBuffer>
}

/** An adapter that an engine outside trained. */
export interface TrainedPeft extends PeftFiles {
  /** Adam's moments as if they were adapters, and the updates that they have seen; null: the engine gave none. */
  moments: { step: number; first: Uint8Array<ArrayBuffer>; second: Uint8Array<ArrayBuffer> } | null
}

/** What a gradient is of. */
export type TrainingLoss =
  | {
      kind: 'grpo'
      /** Clip of ρ to [1 − low, 1 + high]; null: none, as the paper writes it. */
      clip: { low: number; high: number } | null
      /** Estimator of D_KL(π_θ‖π_ref). */
      kl: 'k1' | 'k2' | 'k3'
    }
  /** Σ −w log π of the targets: what is shown is learnt. Advantages, log π_old, log π_ref and β are not read. */
  | { kind: 'cross-entropy' }

/** What is fixed while an adapter is trained. */
export interface TrainingSetup {
  lora: AdapterShape
  loss: TrainingLoss
  /** Tensors of the adapter of this shape that π_ref has; null: π_ref is the base model. */
  reference: AdapterState['parameters'] | null
  adamW: { betas: readonly [number, number]; epsilon: number; weightDecay: number }
  /** Tokens of a micro-batch at most, padding included; lengths that sequences are rounded up to. */
  batching: { tokens: number; lengths: readonly number[] }
  /** Seeds the fresh adapter. */
  seed: number
}

/** Everything that a later session needs to go on as if nothing had happened: plain data, can be cloned and stored. */
export interface AdapterState {
  /** Optimizer steps taken. */
  step: number
  /** By the tensor's own name: values, first and second moment. */
  parameters: Map<string, Float32Array>
  first: Map<string, Float32Array>
  second: Map<string, Float32Array>
}

export interface UpdateSettings {
  learningRate: number
  /** Infinity: no clipping. */
  maxNorm: number
  /** β of the KL term; for GRPO. */
  beta: number
}

/** What one optimizer step reports; means are over the tokens that carry loss. Names as in the record (training/metrics.ts). */
export interface UpdateReport {
  loss: number
  grad_norm: number
  /** −min(ρA, clip(ρ)A). */
  surrogate_loss: number
  kl: number
  /** Tokens at which the clip binds: TRL's clip_ratio/region_mean. */
  clip_ratio: number
  entropy: number
  mean_ratio: number
  /** Tokens that carried loss. */
  tokens: number
  /** Tokens that went through the model, padding included. */
  padded_tokens: number
  /** False when loss or gradient was not finite: then nothing was changed. */
  applied: boolean
}

/** What micro-batches add up to: sums over the tokens that carry loss, but for the loss itself, which is weighted already. */
export interface UpdateSums {
  loss: number
  policy: number
  kl: number
  clipped: number
  entropy: number
  ratio: number
  tokens: number
  /** Tokens that went through the model, padding included. */
  padded: number
}

/** The gradient of the loss over some of an update's sequences. */
export interface GradientShard {
  sums: UpdateSums
  /** By the tensor's own name. */
  gradient: Map<string, Float32Array>
}

export interface Applied {
  /** L2 norm before clipping. */
  grad_norm: number
  /** False when loss or gradient was not finite: then nothing was changed. */
  applied: boolean
}

/** An update in two halves, so that several models can each do a part of the first and all the same second: training/shards.ts. */
export interface GradientSource {
  /** Changes nothing. */
  gradient(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<GradientShard>
  /** The optimizer step with this gradient, which is that of all sequences. */
  apply(whole: GradientShard, settings: UpdateSettings): Promise<Applied>
}

/** Weights that are moved, here or in another worker. */
export interface TrainableWeights {
  /**
   * From now on it samples from the base model with this adapter: a fresh one, which changes nothing, or the
   * saved one. @throws Error when the state does not fit the model
   */
  beginTraining(setup: TrainingSetup, saved: AdapterState | null): Promise<void>
  /** Back to the base model alone; what was trained is forgotten unless its state was taken. */
  endTraining(): Promise<void>
  /** log π of every target, sequence by sequence; with the adapter (π_θ), or of the setup's reference (π_ref). */
  score(sequences: readonly TrainSequence[], of: 'policy' | 'reference'): Promise<Float32Array[]>
  /** One optimizer step on all sequences together, whatever micro-batches they are cut into. */
  update(sequences: readonly TrainSequence[], settings: UpdateSettings): Promise<UpdateReport>
  /** A copy of adapter and optimizer. */
  adapterState(): Promise<AdapterState>
}

export interface Trainable extends Policy, TrainableWeights {
  readonly encoder: ChatEncoder
  readonly counter: TokenCounter
  /** Positions of a sequence at most. */
  readonly window: number
  /** Another program samples than trains: what it reports of its tokens is not what score() says, to a small part. */
  readonly recomputes?: boolean
}

/** Thrown where training is asked of a policy that has no weights to move. */
export class NotTrainableError extends Error {
  override readonly name = 'NotTrainableError'
  constructor(policy: string, why: string) {
    super(`${policy} cannot be trained: ${why}`)
  }
}
