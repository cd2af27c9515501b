// The rollouts of a step, and of an evaluation: episodes in lockstep over an in-memory LTM, with how far they are. Knows
// nothing of rewards and learning.
import { turnsOf, type EpisodeSpec } from '../episode/play.ts'
import { runEpisodes } from '../episode/simulator.ts'
import type { EpisodeSettings, Step, Trajectory } from '../record/trajectory.ts'
import { HashEmbedder } from '../memory/hash-embedder.ts'
import { InMemoryStore } from '../memory/in-memory-store.ts'
import { LocalEpisodeMemory } from '../memory/local-episode-memory.ts'
import { AbortError, type Policy, type TokenCounter } from '../policy/policy.ts'
import type { Task } from '../environments/question/task.ts'

export interface RolloutRequest {
  id: { run: string; batch: number }
  tasks: readonly Task[]
  /** Rollouts of each task; those of one task stand together. */
  k: number
  seed: number
  settings: EpisodeSettings
}

/** A policy with a tokenizer of its own. */
export interface Player extends Policy {
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

/** Turns of an episode: the messages of stages 1 and 2 as they are delivered, and the question. */
function turnCount({ build, resist }: Task, { n_max }: EpisodeSettings): number {
  return turnsOf(build, n_max.build).length + turnsOf(resist, n_max.resist).length + 1
}

/** Turns that are over once this step is; the last one is when the episode is. */
function turnsBefore(step: Step, { task, settings }: Trajectory): number {
  const build = turnsOf(task.build, settings.n_max.build).length
  const resist = turnsOf(task.resist, settings.n_max.resist).length
  switch (step.stage) {
    case 1:
      return step.turn
    case 2:
      return build + step.turn
    case 3:
      return build + resist + (step.answer === null ? 0 : 1)
  }
}

/**
 * Plays K episodes of each task.
 * @throws AbortError when the signal fires, Error when the policy fails: the rollouts are whole or they are not
 */
export async function playRollouts({ id, tasks, k, seed, settings }: RolloutRequest, player: Player, hooks: RolloutHooks): Promise<Trajectory[]> {
  const embedder = new HashEmbedder()
  const specs = tasks.flatMap((task) =>
    Array.from({ length: k }, (_, rollout): EpisodeSpec => ({ key: `${task.id}/${rollout}`, id: { ...id, rollout }, task, seed, settings })),
  )
  const total = k * tasks.reduce((sum, task) => sum + turnCount(task, settings), 0)
  const turns = new Map<Trajectory, number>()
  let tokens = 0
  const trajectories = await runEpisodes(specs, {
    policy: player,
    memory: new LocalEpisodeMemory(new InMemoryStore(embedder), embedder),
    counter: player.counter,
    signal: hooks.signal,
    gate: hooks.gate,
    onStep: (trajectory, step) => {
      turns.set(trajectory, turnsBefore(step, trajectory))
      tokens += step.reply.tokens
      hooks.onProgress?.({ share: [...turns.values()].reduce((sum, each) => sum + each, 0) / total, tokens })
    },
  })
  if (hooks.signal?.aborted) throw new AbortError()
  const failed = trajectories.find(({ status }) => status !== 'complete')
  if (failed) throw new Error(`The episode of task ${failed.id.task} failed: ${failed.failure ?? 'it was stopped.'}`)
  return trajectories
}
