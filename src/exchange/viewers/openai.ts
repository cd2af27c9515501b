// OpenAI messages with tools, an episode a line: what fine-tuning, chat templates and most viewers of conversations read.
import { toolDefinitions } from '../../core/agents/agemem/tools/index.ts'
import { agentsWithTools } from '../../core/agents/names.ts'
import type { Trajectory } from '../../core/record/trajectory.ts'
import { keyOf, type ShownEpisode } from '../episodes.ts'
import { notesOf } from '../notes.ts'
import { transcriptOf, type Turn } from '../transcript.ts'
import type { Viewer } from './viewer.ts'

export interface OpenAiMessage {
  role: 'system' | 'user' | 'assistant' | 'tool'
  content: string | null
  /** Of a user's message that the environment wrote about the memory: what it is. */
  name?: string
  /** The thought, as vLLM, DeepSeek and chat templates call it. */
  reasoning_content?: string
  tool_calls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[]
  tool_call_id?: string
}

/** The tools that the agent has, in OpenAI's form. */
export const openAiTools = ({ setup }: Trajectory) =>
  agentsWithTools.some((name) => name === setup.agent) ? toolDefinitions().map((tool) => ({ type: 'function' as const, function: tool })) : []

export function openAiMessage(turn: Turn): OpenAiMessage {
  switch (turn.kind) {
    case 'message': {
      const { role, kind, content } = turn.message
      if (role === 'system' || kind === 'system') return { role: 'system', content }
      // A tool's message must answer a call; these answer none.
      return kind === 'message' || kind === 'query' ? { role: 'user', content } : { role: 'user', name: kind, content }
    }
    case 'reply': {
      const { think, answer, reply } = turn.of
      if (answer === null && turn.calls.length === 0) return { role: 'assistant', content: reply.text }
      const thought = think === null ? {} : { reasoning_content: think }
      if (answer !== null) return { role: 'assistant', content: answer, ...thought }
      const calls = turn.calls.map(({ id, call }) => ({ id, type: 'function' as const, function: { name: call.name, arguments: JSON.stringify(call.arguments) } }))
      return { role: 'assistant', content: null, ...thought, tool_calls: calls }
    }
    case 'result':
      return { role: 'tool', tool_call_id: turn.of.id, content: turn.of.call.result }
  }
}

export function openAiLine({ trajectory, scored, advantage }: ShownEpisode, step: number, place: number) {
  return {
    id: keyOf(trajectory, place),
    messages: transcriptOf(trajectory).map(openAiMessage),
    tools: openAiTools(trajectory),
    parallel_tool_calls: true,
    metadata: { step, task: trajectory.id.task, rollout: trajectory.id.rollout, reward: scored?.reward ?? null, components: scored?.components ?? null, advantage, agemem: notesOf(trajectory, { replies: false, asides: false }) },
  }
}

export const openai: Viewer = {
  name: 'programs that read OpenAI messages',
  about: `\`episodes.jsonl\`: an episode a line, with \`messages\`, \`tools\` and, under \`metadata\`, the reward and what the
playground needs to read the episode back (Episodes → Import, or \`agemem import\`). Calls stand in \`tool_calls\`, thoughts in
\`reasoning_content\`; recalled memories and notices of the environment are messages of the user with a \`name\`, since a
tool's message must answer a call.

\`\`\`python
from datasets import load_dataset
load_dataset("json", data_files="episodes.jsonl").remove_columns("metadata")
\`\`\`
A service that takes fine-tuning files may refuse keys that it does not know: remove \`id\` and \`metadata\` then.`,
  places: {
    messages: 'messages',
    replies: 'messages of the assistant',
    thoughts: '`reasoning_content`',
    calls: '`tool_calls`',
    results: 'messages of tools',
    failed_calls: 'the words of the result; why, by playing it again',
    sampled_texts: '`metadata.agemem.replies`, where thought, calls and answer do not give it',
    sampled_tokens: null,
    logprobs: null,
    token_counts: '`metadata.agemem`',
    finish_reasons: '`metadata.agemem`',
    violations: 'by reading the text again',
    asides: '`metadata.agemem.asides`: what came back; what was asked, by playing it again',
    prompts: 'by playing it again',
    context_edits: 'the calls; what they took out, by playing it again',
    memory_changes: 'the calls; what they changed, by playing it again',
    similarities: 'by playing it again',
    task: '`metadata.agemem.task`',
    answer: 'the last message of the assistant',
    setup: '`metadata.agemem`',
    reward: '`metadata.reward`',
    reward_terms: '`metadata.components`',
    advantage: '`metadata.advantage`',
    group: '`metadata.task`, `metadata.step`',
  },
  async write({ steps }, out, counter) {
    out.file('episodes.jsonl')
    for await (const { step, episodes } of steps) {
      for (const [place, episode] of episodes.entries()) {
        counter.add(episode)
        out.write(`${JSON.stringify(openAiLine(episode, step, place))}\n`)
      }
    }
  },
}
