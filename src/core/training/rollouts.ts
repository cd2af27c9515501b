// The rollouts of a step, and of an evaluation: episodes in lockstep over an in-memory LTM, with how far they are. Knows
// nothing of rewards and learning.
import type { EpisodeSpec } from '../episode/play.ts'
import { familyOf } from '../environments/families.ts'
import { runEpisodes } from '../episode/simulator.ts'
import type { Played } from '../record/setup.ts'
import type { EpisodeSettings, Step, Trajectory } from '../record/trajectory.ts'
import { HashEmbedder } from '../memory/hash-embedder.ts'
import { InMemoryStore } from '../memory/in-memory-store.ts'
import { AbortError, type Policy, type TokenCounter } from '../policy/policy.ts'
import type { AnyTask } from '../record/task.ts'

export interface RolloutRequest {
  id: { run: string; batch: number }
  tasks: readonly AnyTask[]
  /** What plays each of them, as it is recorded. */
  setups?: readonly Played[]
  /** Rollouts of each task; those of one task stand together. */
  k: number
  seed: number
  settings: EpisodeSettings
}

/** A policy with a tokenizer of its own. */
export interface CountingPolicy extends Policy {
  readonly counter: TokenCounter
}

export interface RolloutProgress {
  /** From 0 to 1, by the turns that the episodes have come to. */
  share: number
  /** Tokens sampled so far, in replies. */
  tokens: number
}

export interface RolloutHooks {
  signal?: AbortSignal
  /** Awaited before each round of replies. */
  gate?: () => Promise<void>
  onProgress?: (progress: RolloutProgress) => void
}

/** Turns that are over once this step is, of all that the task has; the last one is when the episode is. */
function turnsBefore({ task, settings }: Trajectory, { phase, turn, answer }: Step): number {
  const heard = familyOf(task).heard(task, settings)
  const first = heard.findIndex((observation) => observation.phase === phase)
  const last = first + turn === heard.length - 1
  return first + turn + (last && answer !== null ? 1 : 0)
}

/**
 * Plays K episodes of each task.
 * @throws AbortError when the signal fires, Error when the policy fails: the rollouts are whole or they are not
 */
export async function playRollouts({ id, tasks, setups, k, seed, settings }: RolloutRequest, policy: CountingPolicy, hooks: RolloutHooks): Promise<Trajectory[]> {
  const embedder = new HashEmbedder()
  const specs = tasks.flatMap((task, i) => {
    const spec = { task, setup: setups?.[i], seed, settings }
    return Array.from({ length: k }, (_, rollout): EpisodeSpec => ({ key: `${task.id}/${rollout}`, id: { ...id, rollout }, ...spec }))
  })
  const total = k * tasks.reduce((sum, task) => sum + familyOf(task).heard(task, settings).length, 0)
  const turns = new Map<Trajectory, number>()
  let tokens = 0
  const trajectories = await runEpisodes(specs, {
    policy,
    memory: new InMemoryStore(embedder), embedder,
    counter: policy.counter,
    signal: hooks.signal,
    gate: hooks.gate,
    onStep: (trajectory, step) => {
      turns.set(trajectory, turnsBefore(trajectory, step))
      tokens += step.reply.tokens
      hooks.onProgress?.({ share: [...turns.values()].reduce((sum, each) => sum + each, 0) / total, tokens })
    },
  })
  if (hooks.signal?.aborted) throw new AbortError()
  const failed = trajectories.find(({ status }) => status !== 'complete')
  if (failed) throw new Error(`The episode of task ${failed.id.task} failed: ${failed.failure ?? 'it was stopped.'}`)
  return trajectories
}
