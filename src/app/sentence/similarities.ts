// How similar an episode's messages are to what its agent asked to be removed or looked up: what θ decides between.
// Pure; vectors come from whoever embeds.
import { dot } from '../../core/dot.ts'
import type { EpisodeEvent, Trajectory } from '../../core/record/trajectory.ts'
import { familyOf } from '../../core/environments/families.ts'
import { isQuestion, referredMessages, type TaskMessage } from '../../core/environments/question/task.ts'
import type { AnyTask } from '../../core/record/task.ts'

/** One unit vector a text, as the embedder of an episode gives it. */
export type Embed = (texts: readonly string[]) => Promise<Float32Array[]>

export interface Material {
  /** What a filter could have removed, each text once. */
  messages: { text: string; distractor: boolean }[]
  /** What it is compared with. */
  probes: string[]
  /** What the probes are. */
  of: 'criteria' | 'queries' | 'question'
}

/** Larger episodes are compared by their first messages. */
const mostMessages = 200
const mostProbes = 20

const distinct = (texts: readonly string[]) => [...new Set(texts)]

/** Texts, each once, with whether a distractor stands in them. */
type Told = ReadonlyMap<string, boolean>

function toldIn(task: AnyTask, events: readonly EpisodeEvent[]): Told {
  const told = new Map<string, boolean>()
  for (const event of events) {
    if (event.type !== 'stm.append' || event.message.kind === 'system' || event.message.kind === 'query') continue
    const { content, about } = event.message
    told.set(content, told.get(content) === true || (isQuestion(task) && referredMessages(task, about).some(isDistractor)))
  }
  return told
}

const isDistractor = ({ kind }: TaskMessage) => kind === 'distractor'

/**
 * The episode's own messages, and its filter criteria; where it never filtered, its retrieval queries; where there are
 * none either, or nothing was played yet, the task's messages and its question.
 */
export function materialOf(task: AnyTask, trajectory: Trajectory | null): Material {
  const events = (trajectory?.steps ?? []).flatMap((step) => [...step.before, ...step.after])
  const said = toldIn(task, events)
  const told: Told = said.size > 0 || !isQuestion(task) ? said : new Map([...task.build, ...task.resist].map((message) => [message.text, isDistractor(message)]))
  const criteria = distinct(events.flatMap((event) => (event.type === 'stm.filter' ? [event.criteria] : [])))
  const queries = distinct(events.flatMap((event) => (event.type === 'ltm.retrieve' && event.call !== null ? [event.query] : [])))
  const [of, probes]: [Material['of'], string[]] = criteria.length > 0 ? ['criteria', criteria] : queries.length > 0 ? ['queries', queries] : ['question', [familyOf(task).title(task)]]
  return {
    messages: [...told].slice(0, mostMessages).map(([text, distractor]) => ({ text, distractor })),
    probes: probes.slice(0, mostProbes),
    of,
  }
}

export interface Similarity {
  value: number
  distractor: boolean
}

/** The cosine of every message with every probe. Rejects as `embed` does. */
export async function similaritiesOf({ messages, probes }: Pick<Material, 'messages' | 'probes'>, embed: Embed): Promise<Similarity[]> {
  const vectors = await embed([...probes, ...messages.map(({ text }) => text)])
  const wanted = vectors.slice(0, probes.length)
  return messages.flatMap(({ distractor }, i) => {
    const vector = vectors[probes.length + i]
    return vector ? wanted.map((probe) => ({ value: dot(probe, vector), distractor })) : []
  })
}

interface Bin {
  from: number
  to: number
  distractors: number
  others: number
}

const binWidth = 0.05
const bins = Math.round(1 / binWidth)

/** Counts from 0 to 1 in steps of 0.05; what lies below 0 is in the first bin, 1 in the last. */
export function histogramOf(similarities: readonly Similarity[]): Bin[] {
  const counted: Bin[] = Array.from({ length: bins }, (_, i) => ({ from: i / bins, to: (i + 1) / bins, distractors: 0, others: 0 }))
  for (const { value, distractor } of similarities) {
    // Sums of 32-bit products: 0.6 may be 0.59999996.
    const bin = counted[Math.min(bins - 1, Math.max(0, Math.floor(value * bins + 1e-6)))]
    if (!bin) continue
    if (distractor) bin.distractors++
    else bin.others++
  }
  return counted
}

/** How many θ takes: all, and the distractors among them. */
export function takenBy(similarities: readonly Similarity[], theta: number): { all: number; distractors: number } {
  const taken = similarities.filter(({ value }) => value >= theta)
  return { all: taken.length, distractors: taken.filter(({ distractor }) => distractor).length }
}
