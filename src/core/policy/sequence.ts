// What is learnt from, as token ids: the currency between the training loop and a model.

/** A token that carries loss or is scored. */
export interface Target {
  /** Index in the sequence's ids of the token itself; it is predicted from what stands before it. At least 1. */
  index: number
  /** Its weight in the loss. Over all sequences of a step the weights sum to 1. */
  weight: number
  /** log π_old and log π_ref, nats, and A; for GRPO. */
  oldLogp?: number
  refLogp?: number
  advantage?: number
}

export interface TrainSequence {
  ids: readonly number[]
  targets: readonly Target[]
}
