// How similar an episode's messages are to what its agent asked to be removed or looked up: what θ decides between.
// Pure; vectors come from whoever embeds.
import { dot } from '../../core/dot.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { familyOf } from '../../core/environments/families.ts'
import { isQuestion, type Task } from '../../core/environments/question/task.ts'
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

/** Does one of the distractors stand in the text? A turn may carry several messages of the task. */
function distractorsOf(task: Task): (text: string) => boolean {
  const lines = new Set(task.resist.filter(({ kind }) => kind === 'distractor').map(({ text }) => text))
  return (text) => lines.has(text) || text.split('\n').some((line) => lines.has(line))
}

/**
 * The episode's own messages, and its filter criteria; where it never filtered, its retrieval queries; where there are
 * none either, or nothing was played yet, the task's messages and its question.
 */
export function materialOf(task: AnyTask, trajectory: Trajectory | null): Material {
  const asked = isQuestion(task) ? task : null
  const isDistractor = asked ? distractorsOf(asked) : () => false
  const events = (trajectory?.steps ?? []).flatMap((step) => [...step.before, ...step.after])
  const said = events.flatMap((event) => (event.type === 'stm.append' && event.message.kind !== 'system' && event.message.kind !== 'query' ? [event.message.content] : []))
  const texts = said.length > 0 ? said : [...(asked?.build ?? []), ...(asked?.resist ?? [])].map(({ text }) => text)
  const criteria = distinct(events.flatMap((event) => (event.type === 'stm.filter' ? [event.criteria] : [])))
  const queries = distinct(events.flatMap((event) => (event.type === 'ltm.retrieve' && event.call !== null ? [event.query] : [])))
  const [of, probes]: [Material['of'], string[]] = criteria.length > 0 ? ['criteria', criteria] : queries.length > 0 ? ['queries', queries] : ['question', [familyOf(task).title(task)]]
  return {
    messages: distinct(texts)
      .slice(0, mostMessages)
      .map((text) => ({ text, distractor: isDistractor(text) })),
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
