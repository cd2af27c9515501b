// Traces of verifiers, an episode a line, as trace_store.read_episodes reads them. Names as in verifiers/v1/{trace,episode,
// graph}.py of verifiers 0.4.0. Its message graph holds what no list of messages can: which prompt each reply had.
import { familyOf } from '../../core/environments/families.ts'
import { clockStart, clockTick } from '../../core/episode/recorder.ts'
import { contextAt } from '../../core/record/replay.ts'
import { playerIn } from '../../core/record/setup.ts'
import type { ContextMessage, Generation, Step, Trajectory } from '../../core/record/trajectory.ts'
import { isQuestion } from '../../core/environments/question/task.ts'
import { keyOf, type ShownEpisode } from '../episodes.ts'
import { callId } from '../transcript.ts'
import { openAiMessage, openAiTools } from './openai.ts'
import type { Viewer } from './viewer.ts'

type VerifiersMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string | null; reasoning_content?: string; tool_calls?: { id: string; type: 'function'; name: string; arguments: string }[] }
  | { role: 'tool'; tool_call_id: string; content: string; name: string }

interface MessageNode {
  parent: number | null
  message: VerifiersMessage
  sampled: boolean
  /** Seconds. */
  timestamp: number
}

interface ModelCall {
  node: number
  model: string
  finish_reason: 'stop' | 'length' | 'tool_calls' | null
  usage: { prompt_tokens: number; completion_tokens: number }
}

const seconds = (step: number) => (clockStart + step * clockTick) / 1000

function finishOf({ finish }: Generation, called: boolean): ModelCall['finish_reason'] {
  switch (finish) {
    case 'stop':
      return called ? 'tool_calls' : 'stop'
    case 'length':
    case 'overflow':
      return 'length'
    case 'abort':
      return null
  }
}

/** Which call brought a message into the context, by the message's id. */
function resultsOf({ steps }: Trajectory): Map<string, { id: string; name: string }> {
  return new Map(
    steps.flatMap(({ after, calls }, step) =>
      after.flatMap((event) => {
        const call = event.type === 'stm.append' && event.message.kind === 'result' && event.call !== null ? calls[event.call] : undefined
        return call && event.type === 'stm.append' && event.call !== null ? [[event.message.id, { id: callId(step, event.call), name: call.name }] as const] : []
      }),
    ),
  )
}

function assistant(of: Step, step: number): VerifiersMessage {
  const calls = of.calls.map((call, i) => ({ id: callId(step, i), call }))
  const { content, reasoning_content, tool_calls } = openAiMessage({ kind: 'reply', step, of, calls })
  return {
    role: 'assistant',
    content,
    ...(reasoning_content === undefined ? {} : { reasoning_content }),
    ...(tool_calls ? { tool_calls: tool_calls.map(({ id, function: { name, arguments: given } }) => ({ id, type: 'function' as const, name, arguments: given })) } : {}),
  }
}

/** Each message once, under the one before it; a prompt that was edited is a branch. */
class MessageGraph {
  readonly nodes: MessageNode[] = []
  readonly #heads = new Map<string, number>()

  add(parent: number | null, key: string, message: VerifiersMessage, step: number, sampled = false): number {
    const place = `${parent ?? ''}/${key}`
    const found = this.#heads.get(place)
    if (found !== undefined) return found
    this.#heads.set(place, this.nodes.length)
    return this.nodes.push({ parent, message, sampled, timestamp: seconds(step) }) - 1
  }
}

function traceNodes(trajectory: Trajectory): { nodes: MessageNode[]; calls: ModelCall[] } {
  const graph = new MessageGraph()
  const calls: ModelCall[] = []
  const model = playerIn(trajectory.setup.policy)
  const results = resultsOf(trajectory)
  /** By the id of the reply's message. */
  const replies = new Map<string, { of: Step; step: number }>()
  const said = (node: number, generation: Generation, prompt: number, called: boolean) => {
    calls.push({ node, model, finish_reason: finishOf(generation, called), usage: { prompt_tokens: prompt, completion_tokens: generation.tokens } })
  }
  const messageOf = (message: ContextMessage): VerifiersMessage => {
    const { kind, role, content, id } = message
    const [reply, result] = [replies.get(id), results.get(id)]
    if (kind === 'reply' && reply) return assistant(reply.of, reply.step)
    if (result) return { role: 'tool', tool_call_id: result.id, content, name: result.name }
    return { role: role === 'system' ? 'system' : 'user', content }
  }
  for (const [step, of] of trajectory.steps.entries()) {
    let head: number | null = null
    // What was edited by hand keeps its id and has another text.
    for (const message of contextAt(trajectory, step, 'prompt')) head = graph.add(head, `${message.id} ${message.content}`, messageOf(message), step)
    const own = of.after.flatMap((event) => (event.type === 'stm.append' && event.message.kind === 'reply' ? [event.message] : []))[0]
    if (own) replies.set(own.id, { of, step })
    const node = graph.add(head, own ? `${own.id} ${own.content}` : `reply ${step}`, assistant(of, step), step, true)
    said(node, of.reply, of.prompt_tokens, of.calls.length > 0)
    for (const [i, { prompt, generation, purpose }] of of.asides.entries()) {
      let at: number | null = null
      for (const [j, { role, content }] of prompt.entries()) at = graph.add(at, `aside ${step} ${i} ${j}`, { role: role === 'system' ? 'system' : 'user', content }, step)
      const answered = graph.add(at, `aside ${step} ${i} ${purpose}`, { role: 'assistant', content: generation.text }, step, true)
      said(answered, generation, generation.prompt_tokens ?? 0, false)
    }
  }
  return { nodes: graph.nodes, calls }
}

export function verifiersLine({ trajectory, scored, advantage }: ShownEpisode, step: number, place: number, run: string) {
  const { task, id, status, stop, settings, setup, failure } = trajectory
  const family = familyOf(task)
  const key = keyOf(trajectory, place)
  const traced = {
    type: 'AgeMemTask',
    key: task.id,
    data: { id: task.id, name: family.title(task), prompt: isQuestion(task) ? task.query : family.title(task), answer: family.expected(task), agemem: task },
  }
  const measured = Object.entries(scored?.components ?? {}).map(([name, value]) => [name, Number(value)] as const)
  const model = playerIn(setup.policy)
  const trace = {
    version: 1,
    id: key,
    verifiers: { version: 'agemem-playground' },
    task: traced,
    agent: { config: { model, sampling: { temperature: settings.temperature, max_tokens: settings.response_limit } }, name: setup.agent, trainable: step > 0 },
    tools: openAiTools(trajectory).map(({ function: tool }) => ({ type: 'function', ...tool })),
    ...traceNodes(trajectory),
    rewards: Object.fromEntries((scored?.terms ?? []).map(({ name, value, weight }) => [name, { score: value, weight }])),
    metrics: Object.fromEntries([...measured, ...(scored ? [['reward', scored.reward] as const] : []), ...(advantage === null ? [] : [['advantage', advantage] as const])]),
    info: { settings, setup, seed: trajectory.seed, answer: trajectory.answer },
    is_completed: status !== 'running',
    ok: status === 'complete',
    ...(stop === null ? {} : { stop_condition: stop }),
    errors: failure === null ? [] : [{ type: 'Error', message: failure }],
    timing: { start: seconds(0) },
  }
  return {
    id: key,
    env: { id: 'agemem', name: trajectory.setup.agent },
    task: traced,
    ...(step > 0 ? { group: { id: `${step}/${task.id}` }, run: { type: 'train', id: id.run, name: run, work: { type: 'train', step } } } : {}),
    ok: status === 'complete',
    errors: [],
    traces: [trace],
  }
}

export const verifiers: Viewer = {
  name: 'verifiers',
  about: `\`traces.jsonl\`: an episode a line, as verifiers keeps its rollouts. The prompt of each reply is a path through the graph of
messages: an edit of the context begins a branch, and what was asked beside the replies is one of its own. Times are those of
the episode's own clock, a minute a reply.
\`\`\`python
from pathlib import Path
from verifiers.v1.trace import WireTrace
from verifiers.v1.utils.trace_store import read_episodes
for episode in read_episodes(Path("."), WireTrace):
    for trace in episode.traces:
        print(episode.task.key, trace.reward, trace.num_turns, trace.num_branches, trace.last_reply)
\`\`\`
\`reward\` there is the weighted sum before it is clipped; \`metrics["reward"]\` is what it was trained with.`,
  places: {
    messages: '`nodes`',
    replies: '`nodes`, where `sampled`',
    thoughts: '`reasoning_content`',
    calls: '`tool_calls`',
    results: 'messages of tools',
    failed_calls: 'the words of the result',
    sampled_texts: null,
    // Its nodes want the ids of the whole prompt with them; a part would be read as the whole.
    sampled_tokens: null,
    logprobs: null,
    token_counts: '`calls[].usage`',
    finish_reasons: '`calls[].finish_reason`',
    violations: null,
    asides: 'branches of `nodes`',
    prompts: 'the path to each reply in `nodes`',
    context_edits: 'a branch of `nodes` each; which kind of edit, the calls',
    memory_changes: 'the calls',
    similarities: null,
    task: '`task.data`',
    answer: '`info.answer`',
    setup: '`info`',
    reward: '`metrics.reward`',
    reward_terms: '`rewards`, `metrics`',
    advantage: '`metrics.advantage`',
    group: '`group`',
  },
  async write({ name, steps }, out, counter) {
    out.file('traces.jsonl')
    for await (const { step, episodes } of steps) {
      for (const [place, episode] of episodes.entries()) {
        counter.add(episode)
        out.write(`${JSON.stringify(verifiersLine(episode, step, place, name))}\n`)
      }
    }
  },
}
