// Plays many tasks with one policy, a few at a time in lockstep, and scores each episode.
import { roomFor } from '../src/core/episode/room.ts'
import { settingsPresets } from '../src/core/episode/settings.ts'
import type { EpisodeSettings } from '../src/core/record/trajectory.ts'
import { playInParts, type Rollout } from '../src/core/evaluation/evaluate.ts'
import type { Condition } from '../src/core/evaluation/rollouts.ts'
import { rewardPresets } from '../src/core/reward/presets.ts'
import type { AgentName } from '../src/core/agents/agents.ts'
import type { AnyTask } from '../src/core/record/task.ts'
import type { CommandOptions } from './arguments.ts'
import type { Io } from './io.ts'
import { modelName } from './model-folder.ts'
import { taskOrigin } from './load-tasks.ts'
import { openPolicy, type OpenedPolicy } from './open-policy.ts'

/** Progress is told at most this often, ms. */
const tellEvery = 1000

/**
 * One episode a task, in order. When interrupted, what was under way comes partial and nothing follows; the episodes
 * do not depend on how many run side by side.
 */
export async function* playTasks(tasks: readonly AnyTask[], options: CommandOptions, io: Io): AsyncGenerator<Rollout> {
  const policy = await openPolicy(options, io)
  try {
    yield* playWith(policy, tasks, options, io)
  } finally {
    await policy.dispose()
  }
}

/** Said before anything is played: a window that T_max goes beyond, and tasks that do not fit. */
export function tellRoom(tasks: readonly AnyTask[], settings: EpisodeSettings, { counter, window }: Pick<OpenedPolicy, 'counter' | 'window'>, name: string, io: Pick<Io, 'tell'>, agent: AgentName = 'agemem'): void {
  const number = (n: number) => n.toLocaleString('en')
  if (window !== null && settings.t_max > window) {
    io.tell(`T_max is ${number(settings.t_max)} tokens, and ${name} takes ${number(window)} at once: a longer prompt ends an episode. Settings with a smaller window are playground and quick.`)
  }
  const { limit, needs } = roomFor(tasks, settings, { counter, agent, ...(window === null ? {} : { window }) })
  const large = needs.filter((needed) => needed > limit)
  if (large.length === 0) return
  const [least, most] = [large.reduce((a, b) => Math.min(a, b)), large.reduce((a, b) => Math.max(a, b))]
  const of = needs.length < tasks.length ? `the first ${number(needs.length)}` : number(needs.length)
  io.tell(`${number(large.length)} of ${of} tasks need ${least === most ? '' : `${number(least)} to `}${number(most)} tokens for what is told and asked alone; ${number(limit)} fit.`)
}

async function* playWith(policy: OpenedPolicy, tasks: readonly AnyTask[], options: CommandOptions, io: Io): AsyncGenerator<Rollout> {
  const preset = settingsPresets[options.settings ?? 'playground']
  const settings = { ...preset, temperature: options.temperature ?? preset.temperature }
  tellRoom(tasks, settings, policy, options.policy === 'model' ? modelName(options.model) : options.policy, io, options.agent)
  const started = io.now()
  let told = started
  let played = 0
  const condition: Condition = {
    id: { run: 'cli', batch: 0 },
    tasks: tasks.map((task, i) => ({ task, source: taskOrigin(options, i) })),
    policy: policy.spec,
    agent: options.agent,
    reward: rewardPresets[options.preset],
    seed: options.seed,
    settings,
    givenFacts: options.givenFacts,
  }
  for await (const part of playInParts(condition, policy.of, io)) {
    yield* part
    played += part.length
    if (io.now() - told >= tellEvery || (played === tasks.length && played > 1)) {
      told = io.now()
      const seconds = (told - started) / 1000
      io.tell(`${played} of ${tasks.length} episodes, ${Math.round(played / Math.max(seconds, 0.001))} a second`)
    }
  }
  if (played < tasks.length) io.tell(`Interrupted: ${played} of ${tasks.length} tasks were begun.`)
}

/** Is the episode complete? Tells why when it is not. */
export function isComplete({ trajectory }: Rollout, io: Io): boolean {
  if (trajectory.status === 'complete') return true
  io.tell(trajectory.stop === 'failed' ? `Task ${trajectory.task.id} failed: ${trajectory.failure ?? 'no reason given'}` : `Task ${trajectory.task.id} was stopped.`)
  return false
}
