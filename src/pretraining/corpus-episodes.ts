// Plays the episodes that nano learns from: the demonstrator in the real simulator, on tasks of random difficulty,
// with everything noted that a training sequence needs. Knows nothing of tokens.
import { settingsPresets } from '../core/episode/settings.ts'
import { runEpisodes } from '../core/episode/simulator.ts'
import type { EpisodeSettings, Step, Trajectory } from '../core/record/trajectory.ts'
import { HashEmbedder } from '../core/memory/hash-embedder.ts'
import { InMemoryStore, tell } from '../core/memory/in-memory-store.ts'
import { demonstrator } from '../core/demonstrations/demonstrator.ts'
import { untrainedHabits, versatileHabits, type Habits } from '../core/demonstrations/demonstrator-habits.ts'
import { askAll, streamOf } from '../core/policy/ask.ts'
import type { ChatMessage, Policy } from '../core/policy/policy.ts'
import { wordCounter } from '../core/policy/word-counter.ts'
import { createRandom, type Random } from '../core/random.ts'
import { currentFacts } from '../core/environments/question/task.ts'
import type { NameSplit } from '../core/environments/question/sources/names.ts'
import { randomDifficulty, worldProblem, type WorldDifficulty, type WorldProblem } from '../core/environments/question/sources/world.ts'

/**
 * untrained: the habits that nano is to have. versatile: every tool in use; which of them is chosen in stages 1 and 2
 * is not to be learnt from these, only how.
 */
type Manner = 'untrained' | 'versatile'

export interface EpisodeSource {
  seed: number
  split: NameSplit
  /** Share of versatile episodes. */
  versatile: number
  /** What the others do; untrainedHabits when left out. */
  habits?: Habits
  /** Share of episodes in which nothing is told: the facts, as they stand at the end, are in the memory from the beginning. */
  given?: number
}

/** One reply with what stood before it. */
export interface Exchange {
  purpose: string
  conversation: readonly ChatMessage[]
  reply: string
  phase: string
  /** It was the first thing done about a message, so that its act was a choice. */
  opens: boolean
  /** A tool refused it or it broke the protocol: there to be recovered from, not to be learnt. */
  failed: boolean
}

export interface CorpusEpisode {
  index: number
  manner: Manner
  problem: WorldProblem
  trajectory: Trajectory
  exchanges: Exchange[]
}

/** Around the difficulty that the page starts with, with fewer messages that teach nothing; now and then anywhere. */
function corpusDifficulty(random: Random): WorldDifficulty {
  if (random.chance(0.1)) return randomDifficulty(random)
  return {
    facts: random.pick([1, 2, 2, 3, 3, 3, 4, 4, 5, 6]),
    one_hop: 0.3,
    two_hop: 0.3,
    comparison: 0.2,
    update: 0.2,
    distractors: random.pick([0, 0, 1, 1, 2, 3, 4, 6]),
    distractor_closeness: random.next(),
    small_talk: random.pick([0, 0, 1, 1, 2, 3]),
    update_share: random.pick([0, 0.35, 0.7]),
  }
}

/** The usual settings; now and then several messages come in one turn. */
function corpusSettings(random: Random): EpisodeSettings {
  const { playground } = settingsPresets
  if (!random.chance(0.1)) return playground
  return { ...playground, n_max: { ...playground.n_max, build: 2 + random.int(4), resist: 1 + random.int(3) } }
}

interface Part {
  problem: WorldProblem
  manner: Manner
  settings: EpisodeSettings
  /** What the memory holds from the beginning. */
  memories: string[]
}

function cast({ seed, split, versatile, given = 0 }: EpisodeSource, index: number): Part {
  const random = createRandom(`corpus/${seed}/${split}/${index}`)
  const difficulty = corpusDifficulty(random.fork('difficulty'))
  const problem = worldProblem({ seed, index, split, difficulty })
  const part = {
    manner: random.fork('manner').chance(versatile) ? ('versatile' as const) : ('untrained' as const),
    settings: corpusSettings(random.fork('settings')),
  }
  if (!random.fork('given').chance(given)) return { ...part, problem, memories: [] }
  return { ...part, problem: { ...problem, task: { ...problem.task, build: [] } }, memories: currentFacts(problem.task).map(({ text }) => text) }
}

type Spoken = Pick<Exchange, 'purpose' | 'conversation' | 'reply'>

/** Lets the demonstrator act, each episode in its manner, and notes what was said. Both by the episode's key. */
function recording(parts: ReadonlyMap<string, Part>, habits: Habits, embedder: HashEmbedder, note: (key: string, spoken: Spoken) => void): Policy {
  const find = (key: string) => parts.get(key)?.problem
  const policies = {
    untrained: demonstrator(find, { habits, embedder }),
    versatile: demonstrator(find, { habits: versatileHabits, embedder }),
  }
  return {
    name: 'demonstrator',
    open: (options) =>
      streamOf(async (request) => {
        const { purpose, conversation, thread } = request
        const [generation] = await askAll(policies[parts.get(thread)?.manner ?? 'untrained'], [request], options)
        if (!generation) throw new Error('The demonstrator gave no reply.')
        note(thread, { purpose, conversation, reply: generation.text })
        return generation
      }, options),
  }
}

const didFail = (step: Step) => step.violations.length > 0 || step.calls.some((each) => !each.ok)

/** Puts what was said beside the steps in which it was said. Summaries belong to the step that asked for them. */
function exchangesOf({ steps }: Trajectory, spoken: readonly Spoken[]): Exchange[] {
  let at = -1
  return spoken.flatMap((each): Exchange[] => {
    if (each.purpose === 'act') at++
    const step = steps[at]
    if (!step) return []
    const turn = steps.slice(0, at).filter((other) => other.phase === step.phase && other.turn === step.turn)
    const opens = each.purpose === 'act' && turn.every((other) => other.calls.length === 0)
    return [{ ...each, phase: step.phase, opens, failed: each.purpose === 'act' && didFail(step) }]
  })
}

/** Plays episodes `from` … `from + count − 1` of the source. Each depends on its index alone. */
export async function playCorpus(source: EpisodeSource, from: number, count: number): Promise<CorpusEpisode[]> {
  const parts = Array.from({ length: count }, (_, i) => cast(source, from + i))
  const byKey = new Map(parts.map((part, i) => [`corpus-${from + i}`, part]))
  const spoken = new Map<string, Spoken[]>()
  const embedder = new HashEmbedder()
  const specs = parts.map(({ problem, settings }, i) => ({ key: `corpus-${from + i}`, id: { run: 'corpus', batch: 0, rollout: 0 }, task: problem.task, seed: source.seed, settings, keepsMemory: true }))
  const memory = new InMemoryStore(embedder)
  for (const [i, { memories }] of parts.entries()) await tell(memory, `corpus-${from + i}`, memories)
  const trajectories = await runEpisodes(specs, {
    policy: recording(byKey, source.habits ?? untrainedHabits, embedder, (key, each) => spoken.set(key, [...(spoken.get(key) ?? []), each])),
    memory,
    embedder,
    counter: wordCounter,
  })
  return parts.flatMap(({ problem, manner }, i): CorpusEpisode[] => {
    const trajectory = trajectories[i]
    if (trajectory?.status !== 'complete') throw new Error(`Episode ${from + i} of the corpus did not come to its end: ${trajectory?.failure ?? 'it is missing'}.`)
    return [{ index: from + i, manner, problem, trajectory, exchanges: exchangesOf(trajectory, spoken.get(`corpus-${from + i}`) ?? []) }]
  })
}

/** Everything that is said in an episode as one text, for the tokenizer to learn from. */
export function textOf({ exchanges }: CorpusEpisode): string {
  const texts = new Set<string>()
  for (const { conversation, reply } of exchanges) {
    for (const message of conversation) texts.add(message.content)
    texts.add(reply)
  }
  return [...texts].join('\n')
}
