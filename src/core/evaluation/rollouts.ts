// Episodes in lockstep over an in-memory LTM, with how far they are: the rollouts of a step, and what is evaluated. Knows
// nothing of learning.
import type { AgentName } from '../agents/agents.ts'
import { playingAs } from '../agents/playing-as.ts'
import { familyOf } from '../environments/families.ts'
import { currentFacts, questionIn } from '../environments/question/task.ts'
import type { EpisodeSpec } from '../episode/play.ts'
import { runEpisodes, type SimulatorOptions } from '../episode/simulator.ts'
import { HashEmbedder } from '../memory/hash-embedder.ts'
import { InMemoryStore, tell } from '../memory/in-memory-store.ts'
import { AbortError, type Policy, type TokenCounter } from '../policy/policy.ts'
import type { PolicySpec, TaskOrigin } from '../record/setup.ts'
import type { AnyTask } from '../record/task.ts'
import type { EpisodeSettings, Step, Trajectory } from '../record/trajectory.ts'
import type { RewardWeights } from '../reward/reward.ts'

export interface DrawnTask {
  task: AnyTask
  /** Where it comes from, as it is recorded. */
  source: TaskOrigin
}

/** All that episodes follow from; the same condition and policy give the same episodes. */
export interface Condition {
  /** In the episodes' ids; the batch of an evaluation is the number of steps finished before it. */
  id: { run: string; batch: number }
  tasks: readonly DrawnTask[]
  /** Rollouts of each task, 1 when left out; those of one task stand together. */
  k?: number
  /** What plays, as it is recorded. */
  policy: PolicySpec
  /** Left out: AgeMem. */
  agent?: AgentName
  reward: RewardWeights
  seed: number
  settings: EpisodeSettings
  /** Nothing is told: the facts are in the LTM from the beginning. */
  givenFacts?: boolean
}

/** A policy with a tokenizer of its own. */
export interface CountingPolicy extends Policy {
  readonly counter: TokenCounter
}

/** Makes the policy of some episodes, which may ask what task a thread plays. */
export type PolicyFor = (taskOf: (thread: string) => AnyTask | undefined) => CountingPolicy

export interface RolloutProgress {
  /** From 0 to 1, by the turns that the episodes have come to. */
  share: number
  /** Tokens sampled so far, in replies. */
  tokens: number
}

/** Follows one episode of many while it is played. */
export interface RolloutWatcher {
  /** The trajectory is the live one. */
  onStart: (trajectory: Trajectory) => void
  onStep: (trajectory: Trajectory, step: Step) => void
  /** When all are over; it may have been stopped. */
  onEnd: (trajectory: Trajectory) => void
}

export interface RolloutHooks {
  signal?: AbortSignal
  onProgress?: (progress: RolloutProgress) => void
  /** Hears of the first of the episodes. */
  watch?: RolloutWatcher
}

/** Turns that are over once this step is, of all that the task has; the last one is when the episode is. */
function turnsBefore({ task, settings }: Trajectory, { phase, turn, answer }: Step): number {
  const heard = familyOf(task).heard(task, settings)
  const first = heard.findIndex((observation) => observation.phase === phase)
  const last = first + turn === heard.length - 1
  return first + turn + (last && answer !== null ? 1 : 0)
}

function specsOf({ id, tasks, k = 1, policy, agent = 'agemem', reward, seed, settings, givenFacts }: Condition): EpisodeSpec[] {
  const { setup } = playingAs(agent, policy)
  return tasks.flatMap(({ task: drawn, source }, place) => {
    const task = givenFacts ? { ...questionIn(drawn), build: [] } : drawn
    const spec = { task, setup: { ...setup, reward, source }, agent, seed, settings, keepsMemory: givenFacts }
    return Array.from({ length: k }, (_, rollout) => ({ key: `${place}/${drawn.id}/${rollout}`, id: { ...id, rollout }, ...spec }))
  })
}

/** Plays all episodes side by side, or one after another where the policy holds one conversation. They are partial when the signal fires or the policy fails; nothing is thrown. */
export async function playTogether(condition: Condition, policyFor: PolicyFor, { signal, onProgress, watch }: RolloutHooks): Promise<Trajectory[]> {
  const { tasks, k = 1, settings } = condition
  const embedder = new HashEmbedder()
  const memory = new InMemoryStore(embedder)
  const specs = specsOf(condition)
  const drawn = new Map(specs.map(({ key }, i) => [key, tasks[Math.floor(i / k)]?.task]))
  if (condition.givenFacts) for (const { key, task } of specs) await tell(memory, key, currentFacts(questionIn(task)).map(({ text }) => text))
  const opened = policyFor((thread) => drawn.get(thread))
  const total = k * tasks.reduce((sum, { task }) => sum + familyOf(task).heard(task, settings).length, 0)
  const turns = new Map<Trajectory, number>()
  let tokens = 0
  const [first] = specs
  const isFirst = ({ id }: Trajectory) => id.rollout === first?.id.rollout && id.task === first.task.id
  const options: SimulatorOptions = {
    policy: playingAs(condition.agent ?? 'agemem', condition.policy).of(opened),
    memory,
    embedder,
    counter: opened.counter,
    signal,
    onStart: watch && ((trajectory) => {
      if (isFirst(trajectory)) watch.onStart(trajectory)
    }),
    onStep: (trajectory, step) => {
      if (watch && isFirst(trajectory)) watch.onStep(trajectory, step)
      if (!onProgress) return
      turns.set(trajectory, turnsBefore(trajectory, step))
      tokens += step.reply.tokens
      onProgress({ share: [...turns.values()].reduce((sum, each) => sum + each, 0) / total, tokens })
    },
  }
  const trajectories: Trajectory[] = []
  for (const together of opened.oneConversation === true ? specs.map((spec) => [spec]) : [specs]) trajectories.push(...(await runEpisodes(together, options)))
  const [watched] = trajectories
  if (watched) watch?.onEnd(watched)
  return trajectories
}

/**
 * Plays all episodes side by side, to their end.
 * @throws AbortError when the signal fires, Error when the policy fails: the rollouts are whole or they are not
 */
export async function playRollouts(condition: Condition, policyFor: PolicyFor, hooks: RolloutHooks): Promise<Trajectory[]> {
  const trajectories = await playTogether(condition, policyFor, hooks)
  if (hooks.signal?.aborted) throw new AbortError()
  const failed = trajectories.find(({ status }) => status !== 'complete')
  if (failed) throw new Error(`The episode of task ${failed.id.task} failed: ${failed.failure ?? 'it was stopped.'}`)
  return trajectories
}
