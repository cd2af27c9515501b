// What the exported Python is held against ours on: replies in every state of repair, answers, texts, and whole episodes of
// policies that make mistakes. Drawn by a seed, as many as are wanted. For tests.
import { formatReply } from '../../agents/agemem/protocol/parser.ts'
import { toolNames } from '../../agents/agemem/tools/index.ts'
import { defaultCareless, scriptedPolicy, type ScriptedName } from '../../demonstrations/scripted.ts'
import { datesAndAmounts } from './values.fixture.ts'
import type { Task } from '../../environments/question/task.ts'
import { runEpisodes } from '../../episode/simulator.ts'
import { HashEmbedder } from '../../memory/hash-embedder.ts'
import { InMemoryStore } from '../../memory/in-memory-store.ts'
import type { Policy } from '../../policy/policy.ts'
import { wordCounter } from '../../policy/word-counter.ts'
import { createRandom, type Random } from '../../random.ts'
import type { EpisodeSettings, ToolCall, Trajectory } from '../../record/trajectory.ts'

/** Pieces of the protocol, of JSON, of other protocols, and of writing that is not ASCII. */
const pieces = [
  '<think>', '</think>', '<tool_call>', '</tool_call>', '<answer>', '</answer>', '[', ']', '{', '}', '"', "'", ',', ':', '\\', '\\n', '\\u00e9', '\\ud83d', '\\ud83d\\ude00',
  '\n', '\t', ' ', '\u00a0', '\ufeff', 'True', 'None', 'null', 'false', '12', '1.50', '1e3', '12345678901234567890', '“', '```json\n', '```', '<function=x>', '[TOOL_CALLS]',
  'Action: Add_memory', '<tool_calls>', '< tool call >', 'name', '"name"', '"arguments"', '"args"', '"type":"function",', '"id":"1",', 'functions.', '"metadata":null', 'é', '中文', '😀', 'x',
] as const

const textOf = (random: Random): string => Array.from({ length: 1 + random.int(6) }, () => random.pick(datesAndAmounts)).join(' ')

/** A call, some of whose arguments are missing, strange, or of another type. */
export function someCall(random: Random): ToolCall {
  const name = random.chance(0.95) ? random.pick(toolNames) : random.pick(['add_memory', 'functions.Add_memory', 'Search'])
  const maybe = (share: number, entry: Record<string, unknown>) => (random.chance(share) ? entry : {})
  const id = () => random.pick(['m1', 'm2', 'm3', 'm4', 'm01', '', 'x'.repeat(70)])
  const number = () => random.pick<unknown>([1, 3, 50, 51, 0, 2.5, '3', ' 4 ', 'three', null])
  const truth = () => random.pick<unknown>([true, true, true, false, 'True', 'no', null])
  const metadata = () => random.pick<unknown>([{ tags: ['a', 'b'] }, { tags: ['a'], place: 'Oslem', n: 1 }, { tags: 'a' }, '{"tags": ["a"]}', [], 'x', null])
  const filter = () => random.pick<unknown>([{ tags: 'a' }, { tags: ['a', 'b'] }, { type: 'fact' }, { place: 'Oslem' }, { n: 1 }, { source_step: 1 }, {}, null])
  const text = () => random.pick<unknown>([textOf(random), textOf(random), textOf(random), ` ${textOf(random)}\n`, '', '  ', 7, 1e300, true, null])
  return {
    name,
    arguments: {
      ...maybe(name === 'Add_memory' || name === 'Update_memory' ? 0.95 : 0.03, { content: text() }),
      ...maybe(name === 'Update_memory' || name === 'Delete_memory' ? 0.95 : 0.03, { memory_id: id() }),
      ...maybe(name === 'Delete_memory' ? 0.95 : 0.03, { confirmation: truth() }),
      ...maybe(name === 'Add_memory' ? 0.4 : 0.03, { memory_type: random.pick<unknown>(['fact', 'fact', '', 3]) }),
      ...maybe(name === 'Add_memory' || name === 'Update_memory' ? 0.4 : 0.03, { metadata: metadata() }),
      ...maybe(name === 'Retrieve_memory' ? 0.95 : 0.03, { query: text() }),
      ...maybe(name === 'Retrieve_memory' ? 0.4 : 0.03, { top_k: number() }),
      ...maybe(name === 'Retrieve_memory' ? 0.4 : 0.03, { metadata_filter: filter() }),
      ...maybe(name === 'Summary_context' ? 0.95 : 0.03, { span: random.pick<unknown>(['all', 'full', ' All ', '1', '2', '9999', '0', '-1', 'last', 2, '']) }),
      ...maybe(name === 'Filter_context' ? 0.95 : 0.03, { criteria: text() }),
    },
  }
}

/** The reply with a few pieces taken out, put in or doubled. */
export function spoilt(reply: string, random: Random): string {
  let text = reply
  for (let i = random.int(4); i >= 0; i--) {
    const at = random.int(text.length + 1)
    const end = at + random.int(12)
    const piece = random.pick(pieces)
    text = random.pick([
      text.slice(0, at) + piece + text.slice(at),
      text.slice(0, at) + text.slice(end),
      text.slice(0, at) + piece + text.slice(end),
      text.slice(0, end) + text.slice(at),
    ])
  }
  return text
}

function someReply(random: Random): string {
  const think = random.pick(['a', '', textOf(random), 'a <tool_call> b', 'draft <answer>no</answer>', '<think>in</think>'])
  if (random.chance(0.1)) return Array.from({ length: random.int(30) }, () => random.pick(pieces)).join('')
  return random.chance(0.3) ? `<think>${think}</think><answer>${textOf(random)}</answer>` : formatReply(think, { calls: Array.from({ length: 1 + random.int(3) }, () => someCall(random)) })
}

/** Replies; most are not as they should be. */
export function replies(count: number, seed = 1): string[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => {
    const reply = someReply(random)
    return random.chance(0.8) ? spoilt(reply, random) : reply
  })
}

/** An answer, what was expected and asked, and two texts. */
export interface Judged {
  predicted: string
  answer: string
  aliases: string[]
  query: string
}

export function answers(count: number, seed = 2): Judged[] {
  const random = createRandom(seed)
  const few = (most: number) => Array.from({ length: 1 + random.int(most) }, () => random.pick(datesAndAmounts)).join(random.pick([' ', ', ', ' not ', '; ', '. ']))
  return Array.from({ length: count }, () => {
    const answer = random.pick(datesAndAmounts)
    const predicted = random.chance(0.4) ? `${few(2)} ${answer} ${few(1)}` : few(4)
    return { predicted: random.chance(0.05) ? answer : predicted, answer: random.chance(0.1) ? random.pick(['I do not know.', 'yes', 'no']) : answer, aliases: random.chance(0.2) ? [few(1)] : [], query: few(5) }
  })
}

/** A scripted policy whose replies are now and then other calls, or spoilt. */
function unsteady(name: ScriptedName, tasks: ReadonlyMap<string, Task>, share: number): Policy {
  const steady = scriptedPolicy(name, (thread) => tasks.get(thread), defaultCareless)
  const open: Policy['open'] = (options) => {
    const stream = steady.open(options)
    return {
      close: () => stream.close(),
      async serve(asked) {
        const answered = await stream.serve(asked)
        return answered.map(({ place, generation }) => {
          const random = createRandom(`${generation.text}/${asked.find((each) => each.place === place)?.request.seed ?? 0}`)
          if (!random.chance(share)) return { place, generation }
          const text = random.chance(0.5) ? formatReply('Try.', { calls: Array.from({ length: 1 + random.int(3) }, () => someCall(random)) }) : generation.text
          return { place, generation: { ...generation, text: random.chance(0.5) ? spoilt(text, random) : text } }
        })
      },
    }
  }
  return { name, open }
}

/** Episodes of a scripted policy. @param share of the replies that are spoilt */
export async function episodesOf(name: ScriptedName, tasks: readonly Task[], settings: EpisodeSettings, share = 0, agent?: string): Promise<Trajectory[]> {
  const embedder = new HashEmbedder()
  const byKey = new Map(tasks.map((task, i) => [`${task.id}/${i}`, task]))
  const specs = [...byKey].map(([key, task], rollout) => ({ key, id: { run: 'r', batch: 1, rollout }, task, seed: 3, settings, agent }))
  return runEpisodes(specs, { policy: unsteady(name, byKey, share), memory: new InMemoryStore(embedder), embedder, counter: wordCounter })
}

/** In the order in which they were asked for; what was asked aside comes behind the reply that called for it. */
export const repliesOf = ({ steps }: Trajectory): string[] => steps.flatMap(({ reply, asides }) => [reply.text, ...asides.map(({ generation }) => generation.text)])
