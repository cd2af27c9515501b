// The parts of a record, and which of them the forms of other programs hold: from this the table in an export's README is
// made, with how many of each there are in it.
import { isStmEvent } from '../core/record/replay.ts'
import { namesOf } from '../core/table.ts'
import type { ShownEpisode } from './episodes.ts'

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
const steps = (count: (step: ShownEpisode['trajectory']['steps'][number]) => number) => ({ trajectory }: ShownEpisode) => sum(trajectory.steps.map(count))

/** How many of each an episode has. */
export const partCounts = {
  messages: steps(({ before, after }) => [...before, ...after].filter((event) => event.type === 'stm.append' && event.message.kind !== 'reply' && event.message.kind !== 'result').length),
  replies: steps(() => 1),
  thoughts: steps(({ think }) => (think === null ? 0 : 1)),
  calls: steps(({ calls }) => calls.length),
  results: steps(({ calls }) => calls.length),
  failed_calls: steps(({ calls }) => calls.filter(({ ok }) => !ok).length),
  sampled_texts: steps(() => 1),
  sampled_tokens: steps(({ reply }) => reply.token_ids?.length ?? 0),
  logprobs: steps(({ reply }) => reply.logprobs?.length ?? 0),
  token_counts: steps(() => 1),
  finish_reasons: steps(() => 1),
  violations: steps(({ violations }) => violations.length),
  asides: steps(({ asides }) => asides.length),
  prompts: steps(() => 1),
  context_edits: steps(({ before, after }) => [...before, ...after].filter((event) => isStmEvent(event) && event.type !== 'stm.append').length),
  memory_changes: steps(({ before, after }) => [...before, ...after].filter((event) => !isStmEvent(event) && event.type !== 'ltm.retrieve').length),
  similarities: steps(({ before, after }) => sum([...before, ...after].map((event) => (event.type === 'ltm.retrieve' ? event.hits.length : event.type === 'stm.filter' ? event.similarities.length : 0)))),
  task: () => 1,
  answer: ({ trajectory }) => (trajectory.answer === null ? 0 : 1),
  setup: () => 1,
  reward: ({ scored }) => (scored === null ? 0 : 1),
  reward_terms: ({ scored }) => scored?.terms.length ?? 0,
  advantage: ({ advantage }) => (advantage === null ? 0 : 1),
  group: ({ advantage }) => (advantage === null ? 0 : 1),
} as const satisfies Record<string, (episode: ShownEpisode) => number>
export type Part = keyof typeof partCounts

const names: Readonly<Record<Part, string>> = {
  messages: 'what the environment said, recalled memories and notices included',
  replies: 'replies',
  thoughts: 'thoughts, apart from what was said',
  calls: 'tool calls with their arguments',
  results: 'what each call came to, in words',
  failed_calls: 'that a call failed, and why',
  sampled_texts: 'replies as they were sampled, to the letter',
  sampled_tokens: 'ids of sampled tokens',
  logprobs: 'log-probabilities of sampled tokens',
  token_counts: 'tokens of prompt and reply',
  finish_reasons: 'how each reply ended',
  violations: 'what a reply broke of the protocol',
  asides: 'what was asked beside the replies, as for a summary',
  prompts: 'what stood in the context at each reply',
  context_edits: 'edits of the context (filter, summary, reset)',
  memory_changes: 'changes of the long-term memory',
  similarities: 'similarities of retrieval and filters',
  task: 'the task: facts, question, right answer',
  answer: 'the answer that was given',
  setup: 'what played, its settings and its seed',
  reward: 'the reward',
  reward_terms: 'the terms of the reward',
  advantage: 'the advantage',
  group: 'which rollouts are of one task',
}

/** Where a form has each part, in a few words; null: nowhere. */
export type Places = Readonly<Record<Part, string | null>>

/** Of forms that have what was said and what it was rewarded with: nothing of sampling, of what played, of either memory. */
export const wordsAlone = {
  failed_calls: 'the words of the result',
  sampled_tokens: null,
  logprobs: null,
  token_counts: null,
  finish_reasons: null,
  violations: null,
  asides: null,
  prompts: null,
  context_edits: null,
  memory_changes: null,
  similarities: null,
  setup: null,
} as const satisfies Partial<Places>

/** Adds up the parts of what is exported. */
export class PartCounter {
  readonly #counts = new Map<Part, number>()
  episodes = 0

  add(episode: ShownEpisode): void {
    this.episodes++
    for (const part of namesOf(partCounts)) this.#counts.set(part, (this.#counts.get(part) ?? 0) + partCounts[part](episode))
  }

  /** Part, number of them, place: a table in Markdown, first what the form does not hold. */
  table(places: Places): string {
    const rows = namesOf(partCounts).map((part) => ({ part, place: places[part], count: this.#counts.get(part) ?? 0 }))
    const line = ({ part, place, count }: (typeof rows)[number]) => `| ${names[part]} | ${count.toLocaleString('en')} | ${place ?? '**not held**'} |`
    const [lost, held] = [rows.filter(({ place }) => place === null), rows.filter(({ place }) => place !== null)]
    return ['| of the record | in this export | where it is |', '|---|---|---|', ...[...lost, ...held].map(line)].join('\n')
  }
}
