// An episode that begins as a recorded one and goes on by itself after a change: what if it had heard, known or said
// something else? The recorded replies are given again, so that everything up to there happens as it did.
import type { MemoryEditor, Play } from '../agents/agent.ts'
import { contextAt } from '../record/replay.ts'
import type { Branch } from '../record/setup.ts'
import type { Generation, Trajectory } from '../record/trajectory.ts'
import type { GenerateRequest, TokenCounter } from '../policy/policy.ts'
import type { Recorder } from './recorder.ts'

/** What is branched off, and where. */
export interface BranchSpec {
  branch: Branch
  /** The episode that it begins with. */
  recorded: Trajectory
}

/** Replies that are given without the policy: those before the change, and the one that was changed. */
function forcedReplies({ branch, recorded }: BranchSpec, counter: TokenCounter): (request: GenerateRequest) => Generation | null {
  const steps = recorded.steps.slice(0, branch.step)
  const acts = steps.map(({ reply }) => reply)
  const asides = steps.flatMap((step) => step.asides)
  if (branch.change.what === 'reply') {
    const { text } = branch.change
    acts.push({ text, tokens: counter.count(text), token_ids: null, logprobs: null, finish: 'stop' })
  }
  return ({ purpose }) => {
    if (purpose === 'act') return acts.shift() ?? null
    const at = asides.findIndex((aside) => aside.purpose === purpose)
    return asides.splice(at, at < 0 ? 0 : 1)[0]?.generation ?? null
  }
}

/** The same play, which asks the policy only for what the record does not give. */
export async function* continued(play: Play<Trajectory>, spec: BranchSpec, counter: TokenCounter): Play<Trajectory> {
  const forced = forcedReplies(spec, counter)
  let next = await play.next()
  while (!next.done) {
    let reply = forced(next.value)
    if (reply === null) {
      try {
        reply = yield next.value
      } catch (error) {
        next = await play.throw(error)
        continue
      }
    }
    next = await play.next(reply)
  }
  return next.value
}

const otherwise = () => new Error('This episode does not come out as it was recorded, so nothing can be branched off from it.')

/** @throws Error when the episode is over and has not come to the change */
export function mustHaveBranched({ branch }: BranchSpec, { steps }: Pick<Trajectory, 'steps'>): void {
  if (steps.length <= branch.step) throw otherwise()
}

/**
 * Makes the change at its step.
 * @throws Error when the record does not come out as it was: it is of another program, or of a memory that is gone
 */
export async function intervene({ branch: { step, change }, recorded }: BranchSpec, recorder: Recorder, memory: MemoryEditor): Promise<void> {
  if (recorder.at !== step) return
  const then = contextAt(recorded, step, 'prompt').map(({ content }) => content)
  const now = recorder.context.map(({ content }) => content)
  if (then.length !== now.length || then.some((content, i) => content !== now[i])) {
    throw otherwise()
  }
  switch (change.what) {
    case 'message':
      recorder.edit(change.id, change.text)
      return
    case 'memory':
      if (change.id === null) await memory.add(change.text ?? '', { tags: [], type: null, extra: {} })
      else if (change.text === null) await memory.delete(change.id)
      else await memory.update(change.id, change.text)
      return
    case 'reply':
  }
}
