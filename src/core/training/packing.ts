// Episodes as sequences to learn from: replies whose prompt extends the one before share a sequence, a context edit
// begins a new one, and so does what was asked aside, as a summary. Knows no rewards; only sampled tokens become targets.
import { conversationOf } from '../policy/conversation.ts'
import { contextAt } from '../record/replay.ts'
import type { Generation, Trajectory } from '../record/trajectory.ts'
import { NotTrainableError, type ChatEncoder } from '../policy/trainable.ts'
import type { ChatMessage } from '../policy/policy.ts'
import { PromptThread } from '../policy/thread.ts'

/** A sampled token, by where it stands in a sequence and in its episode. */
export interface SampledToken {
  /** Index in the sequence's ids. */
  index: number
  step: number
  /** The call that it was asked for aside; null: the reply itself. */
  call: number | null
  /** Which token of that generation. */
  token: number
  /** log π_old, nats. */
  oldLogp: number
}

export interface PackedSequence {
  ids: number[]
  /** In order; every other id is the environment's. */
  sampled: SampledToken[]
}

export interface PackedEpisode {
  sequences: PackedSequence[]
  /** Replies and summaries that were left out because prompt and reply are longer than the limit. */
  tooLong: number
}

interface Spoken {
  step: number
  call: number | null
  conversation: readonly ChatMessage[]
  generation: Generation
}

/** @throws NotTrainableError when the policy did not record ids and log-probabilities */
function sampledOf(trajectory: Trajectory, { step, call, generation }: Spoken, from: number): SampledToken[] {
  const { token_ids: ids, logprobs } = generation
  if (!ids || ids.length !== logprobs?.length) {
    throw new NotTrainableError(trajectory.policy, `the reply of step ${step} has no token ids with their log-probabilities`)
  }
  return logprobs.map((oldLogp, token) => ({ index: from + token, step, call, token, oldLogp }))
}

/** A sequence that goes on as long as prompts extend each other. */
class Draft {
  readonly thread: PromptThread
  current: PackedSequence | null = null
  /** The current sequence has reached the limit: what extends it is left out too. */
  full = false

  constructor(encoder: ChatEncoder) {
    this.thread = new PromptThread(encoder)
  }
}

/**
 * The sequences of an episode; those without a sampled token are left out.
 * @param limit tokens of a sequence at most
 * @throws NotTrainableError when the policy did not record what it sampled
 */
export function packTrajectory(trajectory: Trajectory, encoder: ChatEncoder, limit: number): PackedEpisode {
  const sequences: PackedSequence[] = []
  let tooLong = 0
  const main = new Draft(encoder)
  const take = (draft: Draft, spoken: Spoken) => {
    const begun = draft.thread.begun
    const prompt = draft.thread.extend(spoken.conversation)
    const ids = spoken.generation.token_ids ?? []
    draft.thread.reply(ids, spoken.generation.text)
    const sampled = sampledOf(trajectory, spoken, prompt.length)
    if (draft.thread.begun > begun || !draft.current) {
      draft.current = { ids: [], sampled: [] }
      draft.full = false
      sequences.push(draft.current)
    }
    // A reply that the window had no room for has no tokens, and its prompt nothing to teach.
    if (sampled.length === 0) return
    draft.full ||= prompt.length + ids.length > limit
    if (draft.full) {
      tooLong++
      return
    }
    draft.current.ids = [...prompt, ...ids]
    draft.current.sampled = draft.current.sampled.concat(sampled)
  }
  for (const [step, { reply, asides }] of trajectory.steps.entries()) {
    const conversation = conversationOf(contextAt(trajectory, step, 'prompt'))
    take(main, { step, call: null, conversation, generation: reply })
    for (const { call, prompt, generation } of asides) {
      take(new Draft(encoder), { step, call, conversation: prompt, generation })
    }
  }
  return { sequences: sequences.filter(({ sampled }) => sampled.length > 0), tooLong }
}
