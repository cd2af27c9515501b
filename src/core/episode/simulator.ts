// Plays episodes: Algorithms 3 to 5 of the paper, many rollouts in lockstep. Knows policies and memories only
// through their interfaces; deterministic under the seeds it is given.
import type { EpisodeMemory } from '../memory/episode-memory.ts'
import { AbortError, type GenerateRequest, type Policy, type TokenCounter } from '../policy/policy.ts'
import { playEpisode, type EpisodeSpec } from './play.ts'
import type { Generation, Step, Trajectory } from './trajectory.ts'

export interface SimulatorOptions {
  policy: Policy
  memory: EpisodeMemory
  counter: TokenCounter
  signal?: AbortSignal
  /** Awaited before each round of replies: lets a viewer pause or pace the play. */
  gate?: () => Promise<void>
  onStart?: (trajectory: Trajectory) => void
  /** After each step; the trajectory is the live one, already holding the step. */
  onStep?: (trajectory: Trajectory, step: Step) => void
  onText?: (spec: EpisodeSpec, text: string) => void
}

interface Playing {
  spec: EpisodeSpec
  play: AsyncGenerator<GenerateRequest, Trajectory, Generation>
  request: GenerateRequest
}

/**
 * Plays the episodes side by side: each round collects one request of every episode that still runs and serves them
 * as one batch. Returns the trajectories in the order of the specs. When the signal fires, or the policy or the memory
 * fails, the trajectories concerned come back partial, with all that had happened; nothing is thrown.
 */
export async function runEpisodes(specs: readonly EpisodeSpec[], options: SimulatorOptions): Promise<Trajectory[]> {
  const { policy, signal, gate } = options
  const finished = new Map<EpisodeSpec, Trajectory>()
  const advance = async (spec: EpisodeSpec, play: Playing['play'], result: Promise<IteratorResult<GenerateRequest, Trajectory>>) => {
    const next = await result
    if (!next.done) return [{ spec, play, request: next.value }]
    finished.set(spec, next.value)
    return []
  }
  const started = specs.map((spec) => {
    const play = playEpisode(spec, { policy: policy.name, memory: options.memory, counter: options.counter, onStart: options.onStart, onStep: options.onStep })
    return advance(spec, play, play.next())
  })
  let playing: Playing[] = (await Promise.all(started)).flat()

  while (playing.length > 0) {
    let replies: Generation[]
    try {
      await gate?.()
      if (signal?.aborted) throw new AbortError()
      const limit = Math.max(...playing.map(({ spec }) => spec.settings.response_limit))
      const round = playing
      replies = await policy.generate(
        playing.map(({ request }) => request),
        {
          temperature: playing[0]?.spec.settings.temperature ?? 1,
          maxTokens: limit,
          stop: ['</tool_call>', '</answer>'],
          signal,
          onText: (index, text) => {
            const speaker = round[index]
            if (speaker) options.onText?.(speaker.spec, text)
          },
        },
      )
      if (replies.length !== playing.length) {
        throw new Error(`The policy ${policy.name} gave ${replies.length} replies to ${playing.length} requests.`)
      }
    } catch (error) {
      // Each play notes the failure in its own trajectory and ends.
      const ended = playing.map(({ spec, play }) => advance(spec, play, play.throw(error)))
      await Promise.all(ended)
      break
    }
    const next = playing.map(({ spec, play }, i) => {
      const reply = replies[i]
      return advance(spec, play, reply ? play.next(reply) : play.throw(new Error('The policy gave no reply.')))
    })
    playing = (await Promise.all(next)).flat()
  }

  return specs.flatMap((spec) => finished.get(spec) ?? [])
}
