// Plays episodes: Algorithms 3 to 5 of the paper, many rollouts in lockstep. Knows policies and memories only
// through their interfaces; deterministic under the seeds it is given.
import { fit, misfitWords } from '../fit.ts'
import type { Embedder, MemoryStore } from '../memory/store.ts'
import { AbortError, type Asked, type GenerateRequest, type Policy, type TokenCounter } from '../policy/policy.ts'
import { playEpisode, type EpisodeSpec } from './play.ts'
import { generationSchema, type Generation, type Step, type Trajectory } from '../record/trajectory.ts'

export interface SimulatorOptions {
  policy: Policy
  memory: MemoryStore
  /** Compares texts as the memory does. */
  embedder: Embedder
  counter: TokenCounter
  signal?: AbortSignal
  /**
   * Awaited before more steps are asked for: lets a viewer pause or pace the play. What is asked beside, as for a
   * summary, belongs to its step.
   */
  gate?: () => Promise<void>
  onStart?: (trajectory: Trajectory) => void
  /** After each step; the trajectory is the live one, already holding the step. */
  onStep?: (trajectory: Trajectory, step: Step) => void
  onText?: (spec: EpisodeSpec, text: string) => void
}

type Play = AsyncGenerator<GenerateRequest, Trajectory, Generation>

interface Playing {
  spec: EpisodeSpec
  play: Play
}

/** Why a reply cannot be recorded: what the reader of records would refuse is never written. null: it can. */
function unrecordable(policy: string, generation: Generation): Error | null {
  const read = fit(generationSchema, generation)
  if (read.success) return null
  const [field = ''] = read.misfit.path.split('.')
  return new Error(
    field === 'logprobs'
      ? `${policy} computes no numbers any more: the probability of one of its words is not finite. Its weights or its adapter are damaged, or its training went astray; take others.`
      : `${policy} gave a reply that cannot be recorded: ${misfitWords(read.misfit)}.`,
  )
}

/**
 * Plays the episodes side by side: each asks again as soon as it was answered, and what they ask is served together.
 * Returns the trajectories in the order of the specs. When the signal fires, or the policy or the memory fails, the
 * trajectories concerned come back partial, with all that had happened; nothing is thrown.
 */
export async function runEpisodes(specs: readonly EpisodeSpec[], options: SimulatorOptions): Promise<Trajectory[]> {
  const { policy, signal, gate, onText } = options
  const finished = new Map<EpisodeSpec, Trajectory>()
  /** By place: the index of the spec. */
  const playing = new Map<number, Playing>()
  const advance = async (place: number, { spec, play }: Playing, result: Promise<IteratorResult<GenerateRequest, Trajectory>>): Promise<Asked[]> => {
    const next = await result
    if (!next.done) {
      playing.set(place, { spec, play })
      return [{ place, request: next.value }]
    }
    playing.delete(place)
    finished.set(spec, next.value)
    return []
  }
  const started = specs.map((spec, place) => {
    const play = playEpisode(spec, { policy: policy.name, memory: options.memory, embedder: options.embedder, counter: options.counter, window: policy.window, onStart: options.onStart, onStep: options.onStep })
    return advance(place, { spec, play }, play.next())
  })
  let asked = (await Promise.all(started)).flat()

  const stream = policy.open({
    temperature: specs[0]?.settings.temperature ?? 1,
    minP: specs[0]?.settings.min_p ?? 0,
    maxTokens: Math.max(0, ...specs.map(({ settings }) => settings.response_limit)),
    signal,
    onText: onText && ((place, text) => {
      const speaker = playing.get(place)
      if (speaker) onText(speaker.spec, text)
    }),
  })
  try {
    while (playing.size > 0) {
      if (asked.some(({ request }) => !request.aside)) await gate?.()
      if (signal?.aborted) throw new AbortError()
      const answered = await stream.serve(asked)
      if (answered.length === 0) throw new Error(`The policy ${policy.name} gave no reply.`)
      const next = answered.map(({ place, generation }) => {
        const speaker = playing.get(place)
        if (!speaker) throw new Error(`The policy ${policy.name} answered what was not asked.`)
        const problem = unrecordable(policy.name, generation)
        return advance(place, speaker, problem ? speaker.play.throw(problem) : speaker.play.next(generation))
      })
      asked = (await Promise.all(next)).flat()
    }
  } catch (error) {
    // Each play notes the failure in its own trajectory and ends.
    await Promise.all([...playing].map(([place, speaker]) => advance(place, speaker, speaker.play.throw(error))))
  } finally {
    await stream.close()
  }
  return specs.flatMap((spec) => finished.get(spec) ?? [])
}
