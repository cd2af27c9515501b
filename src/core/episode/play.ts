// One episode as a coroutine: an environment is heard, an agent replies, and what it asks of the policy is yielded. Returns
// the trajectory.
import { messageOf } from '../error-message.ts'
import { agentNamed } from '../agents/agents.ts'
import type { Play } from '../agents/agent.ts'
import { familyOf } from '../environments/families.ts'
import type { AnyTask } from '../record/task.ts'
import { embedderKey, type Embedder, type MemoryStore } from '../memory/store.ts'
import type { TokenCounter } from '../policy/policy.ts'
import type { Observation } from '../record/observation.ts'
import type { Played } from '../record/setup.ts'
import type { EpisodeSettings, Step, Trajectory } from '../record/trajectory.ts'
import { bodyOf } from './body.ts'
import { continued, intervene, mustHaveBranched, type BranchSpec } from './branch.ts'
import { Recorder } from './recorder.ts'

export interface EpisodeSpec {
  /** Names the LTM store and the thread of conversation; unique among those that must be kept apart. */
  key: string
  id: { run: string; batch: number; rollout: number }
  task: AnyTask
  /** What plays, as it is recorded; left out: known by the policy's name alone. */
  setup?: Played
  /** The run's seed: with the task and the rollout it seeds every reply. */
  seed: number
  settings: EpisodeSettings
  /** Name of the agent; left out: AgeMem. */
  agent?: string
  /** Begins as another episode, up to a change. */
  branch?: BranchSpec
  /** The store as it stands; left out: it is emptied. */
  keepsMemory?: boolean
}

interface PlayOptions {
  policy: string
  /** Holds the LTM; its writes are as durable as it can make them before a tool answers. */
  memory: MemoryStore
  /** Compares texts as the store does. */
  embedder: Embedder
  counter: TokenCounter
  /** Tokens that the policy's model takes at once; left out where it has no limit of its own. */
  window?: number
  onStart?: (trajectory: Trajectory) => void
  onStep?: (trajectory: Trajectory, step: Step) => void
}

function begun({ id, task, setup, agent = 'agemem', seed, settings }: EpisodeSpec, { policy, embedder, counter }: PlayOptions): Trajectory {
  return {
    schema_version: 2,
    id: { ...id, task: task.id },
    task,
    policy,
    setup: { agent, policy: { kind: 'named', name: policy }, embedder: embedder.name, source: { kind: 'given' }, ...setup },
    seed,
    settings,
    embedder: embedderKey(embedder),
    token_counter: counter.name,
    status: 'running',
    stop: null,
    failure: null,
    answer: null,
    steps: [],
  }
}

/**
 * Plays one episode. Errors thrown in by the driver (AbortError, a failing policy) and errors of the memory end it
 * as a partial trajectory; what had happened until the last whole step stands.
 */
export function playEpisode(spec: EpisodeSpec, options: PlayOptions): Play<Trajectory> {
  const play = episode(spec, options)
  return spec.branch ? continued(play, spec.branch, options.counter) : play
}

async function* episode(spec: EpisodeSpec, options: PlayOptions): Play<Trajectory> {
  const trajectory = begun(spec, options)
  const recorder = new Recorder(trajectory, options.counter, (of, step) => options.onStep?.(of, step))
  const { key, task, settings, branch } = spec
  try {
    const kind = agentNamed(trajectory.setup.agent)
    const environment = familyOf(task).open(task, settings)
    const body = bodyOf({ recorder, store: options.memory, key, embedder: options.embedder, window: options.window, beforeReply: (memory) => (branch ? intervene(branch, recorder, memory) : Promise.resolve()) })
    if (!spec.keepsMemory) await options.memory.clear(key)
    options.onStart?.(trajectory)

    const agent = kind.create()
    const opening = kind.opening(settings)
    if (opening !== null) recorder.append('system', 'system', opening)
    let reply: string | null = null
    for (let seen: Observation | null = await environment.begin(); seen; seen = await environment.next(reply)) {
      recorder.observe(seen)
      reply = yield* agent.turn(seen, body)
      recorder.endStep()
    }
    if (branch) mustHaveBranched(branch, trajectory)
    trajectory.answer = reply
    const full = trajectory.steps.at(-1)?.reply.finish === 'overflow'
    trajectory.stop = reply !== null ? 'answered' : full ? 'overflow' : 'rounds'
    trajectory.status = 'complete'
  } catch (error) {
    trajectory.status = 'partial'
    trajectory.answer = null
    const aborted = error instanceof Error && error.name === 'AbortError'
    trajectory.stop = aborted ? 'aborted' : 'failed'
    trajectory.failure = aborted ? null : messageOf(error)
  }
  return trajectory
}
