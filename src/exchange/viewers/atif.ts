// ATIF v1.7, the Agent Trajectory Interchange Format of Harbor: an episode a file. Fields as in harbor/models/trajectories of
// harbor 0.26.0, whose models refuse any that they do not know; `extra` is where they have room for more.
import { clockStart, clockTick } from '../../core/episode/recorder.ts'
import { playerIn } from '../../core/record/setup.ts'
import { isStmEvent } from '../../core/record/replay.ts'
import type { Aside, Generation, Step } from '../../core/record/trajectory.ts'
import { keyOf, type ShownEpisode } from '../episodes.ts'
import { notesOf } from '../notes.ts'
import { transcriptOf, type Turn } from '../transcript.ts'
import { openAiTools } from './openai.ts'
import type { Viewer } from './viewer.ts'

const version = 'ATIF-v1.7'
const agentVersion = '1'

const metricsOf = ({ tokens, token_ids, logprobs, prompt_tokens }: Generation, prompt = prompt_tokens) => ({
  ...(prompt === undefined ? {} : { prompt_tokens: prompt }),
  completion_tokens: tokens,
  ...(token_ids ? { completion_token_ids: token_ids } : {}),
  ...(logprobs ? { logprobs } : {}),
})

/** Which messages an edit took out of the context, by their ids. */
const editsOf = ({ before, after }: Step) =>
  [...before, ...after].flatMap((event) => (isStmEvent(event) && 'removed' in event ? [{ edit: event.type, call: event.call, removed: event.removed }] : []))

const asideId = (key: string, step: number, index: number) => `${key}/aside/${step}/${index}`

/** What was asked beside the replies, each as a trajectory of its own. */
const asideOf = ({ purpose, prompt, generation }: Aside, id: string, agent: object) => ({
  schema_version: version,
  trajectory_id: id,
  agent,
  steps: [
    ...prompt.map(({ role, content }, i) => ({ step_id: i + 1, source: role === 'system' ? 'system' : 'user', message: content })),
    { step_id: prompt.length + 1, source: 'agent', message: generation.text, metrics: metricsOf(generation), llm_call_count: 1 },
  ],
  extra: { purpose },
})

export function atifOf({ trajectory, scored, advantage }: ShownEpisode, step: number, key: string) {
  const agent = { name: `agemem-playground/${trajectory.setup.agent}`, version: agentVersion, model_name: playerIn(trajectory.setup.policy) }
  const tools = openAiTools(trajectory)
  const stamp = (at: number) => new Date(clockStart + at * clockTick).toISOString()
  const turns = transcriptOf(trajectory)
  const results = new Map(turns.flatMap((turn) => (turn.kind === 'result' ? [[turn.of.id, turn.of.call.result] as const] : [])))
  const asides = trajectory.steps.flatMap((of, at) => of.asides.map((aside, i) => ({ aside, at, id: asideId(key, at, i) })))
  const refsOf = (at: number, call: number | null) => asides.filter((each) => each.at === at && each.aside.call === call).map(({ id }) => ({ trajectory_id: id }))

  const stepOf = (turn: Exclude<Turn, { kind: 'result' }>) => {
    if (turn.kind === 'message') {
      const { role, kind, content, id } = turn.message
      const user = role === 'user' && (kind === 'message' || kind === 'query')
      return { timestamp: stamp(turn.step), source: user ? 'user' : 'system', message: content, extra: { kind, id } }
    }
    const { of, calls, step: at } = turn
    const observed = [
      ...calls.map(({ id }, i) => {
        const refs = refsOf(at, i)
        return { source_call_id: id, content: results.get(id) ?? '', ...(refs.length > 0 ? { subagent_trajectory_ref: refs } : {}) }
      }),
      ...(refsOf(at, null).length > 0 ? [{ content: null, subagent_trajectory_ref: refsOf(at, null) }] : []),
    ]
    const edits = editsOf(of)
    const unread = of.answer === null && calls.length === 0
    return {
      timestamp: stamp(at),
      source: 'agent',
      message: unread ? of.reply.text : (of.answer ?? ''),
      ...(unread || of.think === null ? {} : { reasoning_content: of.think }),
      ...(calls.length > 0 ? { tool_calls: calls.map(({ id, call }) => ({ tool_call_id: id, function_name: call.name, arguments: call.arguments, ...(call.ok ? {} : { extra: { error: call.error } }) })) } : {}),
      ...(observed.length > 0 ? { observation: { results: observed } } : {}),
      metrics: metricsOf(of.reply, of.prompt_tokens),
      llm_call_count: 1,
      extra: { phase: of.phase, turn: of.turn, exchange: of.exchange, ...(edits.length > 0 ? { context_edits: edits } : {}) },
    }
  }
  const steps = turns.flatMap((turn) => (turn.kind === 'result' ? [] : [stepOf(turn)])).map((each, i) => ({ step_id: i + 1, ...each }))
  const all = [...trajectory.steps.map(({ reply }) => reply), ...asides.map(({ aside }) => aside.generation)]
  return {
    schema_version: version,
    session_id: trajectory.id.run,
    trajectory_id: key,
    agent: { ...agent, ...(tools.length > 0 ? { tool_definitions: tools } : {}), extra: { settings: trajectory.settings } },
    steps,
    final_metrics: {
      total_prompt_tokens: trajectory.steps.reduce((sum, { prompt_tokens: each }) => sum + each, 0),
      total_completion_tokens: all.reduce((sum, { tokens }) => sum + tokens, 0),
      total_steps: steps.length,
      extra: { step, reward: scored?.reward ?? null, components: scored?.components ?? null, advantage },
    },
    extra: { agemem: notesOf(trajectory, { replies: false, asides: false }) },
    ...(asides.length > 0 ? { subagent_trajectories: asides.map(({ aside, id }) => asideOf(aside, id, agent)) } : {}),
  }
}

export const atif: Viewer = {
  name: 'readers of ATIF',
  about: `\`trajectories/<episode>.json\`: an episode a file, in [ATIF v1.7](https://github.com/harbor-framework/harbor), the Agent
Trajectory Interchange Format. What was asked beside the replies, as for a summary, is embedded as trajectories of their
own; times are those of the episode's own clock, a minute a reply. \`extra\` has what the playground needs to read the episode
back (Episodes → Import, or \`agemem import\`).
\`\`\`sh
pip install harbor   # Python 3.12
python -m harbor.utils.trajectory_validator trajectories/<episode>.json
\`\`\``,
  places: {
    messages: 'steps of user and system',
    replies: 'steps of the agent',
    thoughts: '`reasoning_content`',
    calls: '`tool_calls`',
    results: '`observation.results`',
    failed_calls: '`tool_calls[].extra.error`',
    sampled_texts: '`extra.agemem.replies`, where thought, calls and answer do not give it',
    sampled_tokens: '`metrics.completion_token_ids`',
    logprobs: '`metrics.logprobs`',
    token_counts: '`metrics`',
    finish_reasons: '`extra.agemem.replies`',
    violations: 'by reading the text again',
    asides: '`subagent_trajectories`',
    prompts: 'by playing it again; how long they were, `metrics.prompt_tokens`',
    context_edits: '`steps[].extra.context_edits`',
    memory_changes: 'the calls; what they changed, by playing it again',
    similarities: 'by playing it again',
    task: '`extra.agemem.task`',
    answer: 'the last step of the agent',
    setup: '`extra.agemem`',
    reward: '`final_metrics.extra.reward`',
    reward_terms: '`final_metrics.extra.components`',
    advantage: '`final_metrics.extra.advantage`',
    group: '`extra.agemem.id`',
  },
  async write({ steps }, out, counter) {
    for await (const { step, episodes } of steps) {
      for (const [place, episode] of episodes.entries()) {
        counter.add(episode)
        const key = keyOf(episode.trajectory, place)
        out.file(`trajectories/${key}.json`)
        out.write(`${JSON.stringify(atifOf(episode, step, key), null, 1)}\n`)
      }
    }
  },
}
