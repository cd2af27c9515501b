// One token as a person looks at it: what it says, how likely it was, what else could have stood there.

export interface TokenView {
  text: string
  /** log π of the token at temperature 1, nats. */
  logprob: number
  /** Of the whole distribution at its place, nats. */
  entropy: number
  /** The likeliest tokens there, best first. */
  alternatives: { text: string; logprob: number }[]
}
