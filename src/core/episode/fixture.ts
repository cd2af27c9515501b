// Small trajectories for tests, written as a script of steps; ids, prompts and context events fall into place by
// themselves. Only tests import it.
import { applyToContext } from '../record/context.ts'
import type { QuestionPhase } from '../environments/question/environment.ts'
import { referencesIn, type Fact, type Task } from '../environments/question/task.ts'
import type { PolicySpec } from '../record/setup.ts'
import { settingsPresets } from './settings.ts'
import type {
  CallRecord,
  ContextMessage,
  EpisodeEvent,
  EpisodeSettings,
  Hit,
  MemoryRecord,
  MessageKind,
  Role,
  Step,
  StmEvent,
  Trajectory,
  Violation,
} from '../record/trajectory.ts'

/** A call with what it changed; build them with the functions below. */
export interface ScriptedCall {
  record: CallRecord
  /** The events, given the call's index, the step's index and the context as it stands. */
  events: (call: number, step: number, context: readonly ContextMessage[], newId: () => string) => EpisodeEvent[]
}

export interface ScriptedStep {
  phase: QuestionPhase
  /** What the user says before this reply; none when the exchange goes on. In the phase `answer` it is the query. */
  says?: string
  calls?: ScriptedCall[]
  answer?: string
  /** Prompt tokens; the sum over the context when left out. */
  tokens?: number
  violations?: Violation[]
}

export interface Script {
  task: Task
  steps: ScriptedStep[]
  settings?: Partial<EpisodeSettings>
  stop?: Trajectory['stop']
  policy?: string
  /** What it is; known by its name alone when left out. */
  plays?: PolicySpec
}

const called = (name: string, args: Record<string, unknown>, result: string, error: string | null = null): CallRecord => ({
  name,
  arguments: args,
  ok: error === null,
  error,
  result,
})

const record = (id: string, content: string, step: number): MemoryRecord => ({
  id,
  content,
  metadata: { created: step, updated: step, source_step: step, tags: [], type: null, extra: {} },
})

export function add(id: string, content: string): ScriptedCall {
  return {
    record: called('Add_memory', { content }, `Stored as ${id}.`),
    events: (call, step) => [{ type: 'ltm.add', call, entry: record(id, content, step) }],
  }
}

export function update(id: string, from: string, to: string): ScriptedCall {
  return {
    record: called('Update_memory', { memory_id: id, content: to }, `Updated ${id}.`),
    events: (call, step) => [{ type: 'ltm.update', call, before: record(id, from, step), after: record(id, to, step) }],
  }
}

export function remove(id: string, content: string): ScriptedCall {
  return {
    record: called('Delete_memory', { memory_id: id, confirmation: true }, `Deleted ${id}.`),
    events: (call, step) => [{ type: 'ltm.delete', call, entry: record(id, content, step) }],
  }
}

/** Hits as pairs of id and content, at similarity 0.5. */
export function retrieve(query: string, ...found: [id: string, content: string][]): ScriptedCall {
  const hits: Hit[] = found.map(([id, content]) => ({ id, content, similarity: 0.5 }))
  return {
    record: called('Retrieve_memory', { query }, hits.length === 0 ? 'Nothing found.' : hits.map((hit) => `[${hit.id}] ${hit.content}`).join('\n')),
    events: (call) => [{ type: 'ltm.retrieve', call, query, hits }],
  }
}

/** Removes the messages whose content has this text in it. */
export function filter(text: string): ScriptedCall {
  return {
    record: called('Filter_context', { criteria: text }, 'Removed.'),
    events: (call, _step, context) => [
      {
        type: 'stm.filter',
        call,
        criteria: text,
        threshold: 0.6,
        similarities: [],
        removed: context.filter((m) => m.kind === 'message' && m.content.includes(text)).map((m) => m.id),
      },
    ],
  }
}

/** Replaces everything but the system message and the query by this summary. */
export function summarise(text: string): ScriptedCall {
  return {
    record: called('Summary_context', { span: 'all' }, 'Summarised.'),
    events: (call, _step, context, newId) => {
      const removed = context.filter((m) => m.kind !== 'system' && m.kind !== 'query').map((m) => m.id)
      return [{ type: 'stm.summarise', call, span: 'all', removed, message: message(newId(), 'tool', 'summary', `Summary: ${text}`) }]
    },
  }
}

/** A call that failed with this error. */
export function failed(name: string, error: string, result = `Error: ${error}.`): ScriptedCall {
  return { record: called(name, {}, result, error), events: () => [] }
}

function message(id: string, role: Role, kind: MessageKind, content: string): ContextMessage {
  return { id, role, kind, content, tokens: content.split(/\s+/).filter((word) => word !== '').length }
}

/** One fact; it is stated by a text that holds all of `phrases`. */
export function fact(id: string, text: string, phrases: string[], more: Partial<Fact> = {}): Fact {
  return { id, text, keys: phrases.map((phrase) => [phrase]), needed: true, superseded_by: null, ...more }
}

/** A task about Mira Voss: where she lives (corrected: Tarn, then Oslem), what she plays, and small talk. */
export function miraTask(more: Partial<Task> = {}): Task {
  return {
    id: 'mira',
    source: 'world',
    kind: 'update',
    split: 'none',
    facts: [
      fact('f1', 'Mira Voss lives in Tarn.', ['Mira Voss', 'Tarn'], { superseded_by: 'f3' }),
      fact('f2', 'Mira Voss plays the cello.', ['Mira Voss', 'cello'], { needed: false }),
      fact('f3', 'Mira Voss lives in Oslem.', ['Mira Voss', 'Oslem']),
    ],
    build: [
      { text: 'Mira Voss lives in Tarn.', kind: 'fact', facts: ['f1'] },
      { text: 'Nice weather today.', kind: 'small-talk', facts: [] },
      { text: 'Mira Voss plays the cello.', kind: 'fact', facts: ['f2'] },
      { text: 'Correction: Mira Voss lives in Oslem now.', kind: 'correction', facts: ['f3'] },
    ],
    resist: [{ text: 'Jon Voss lives in Velmora.', kind: 'distractor', facts: [] }],
    query: 'Where does Mira Voss live?',
    answer: 'Oslem',
    aliases: [],
    ...more,
  }
}

/** Plays a script into a trajectory: complete when it answers in the end or `stop` is given, else partial. */
export function trajectoryOf(script: Script): Trajectory {
  const settings: EpisodeSettings = { ...settingsPresets.playground, ...script.settings }
  const id = { run: 'run', batch: 0, task: script.task.id, rollout: 0 }
  let messages = 0
  const newId = () => `c${messages++}`
  let context: ContextMessage[] = []
  const apply = (event: StmEvent) => {
    context = applyToContext(context, event)
    return event
  }
  const append = (call: number | null, m: ContextMessage) => apply({ type: 'stm.append', call, message: m })
  const steps: Step[] = []
  let answer: string | null = null
  let turn = 0
  let exchange = 0
  for (const [index, scripted] of script.steps.entries()) {
    const before: EpisodeEvent[] = []
    const phase = script.steps[index - 1]?.phase
    if (index === 0) before.push(append(null, message(newId(), 'system', 'system', 'You keep memories.')))
    if (phase === 'build' && scripted.phase !== 'build') {
      before.push(apply({ type: 'stm.reset', call: null, removed: context.filter((m) => m.kind !== 'system').map((m) => m.id) }))
    }
    exchange = scripted.says === undefined ? exchange + 1 : 0
    turn = phase !== scripted.phase ? 0 : exchange === 0 ? turn + 1 : turn
    if (scripted.says !== undefined) {
      const asks = scripted.phase === 'answer'
      const about = scripted.phase === 'answer' ? ['query'] : referencesIn(script.task, scripted.phase, scripted.says)
      before.push(append(null, { ...message(newId(), 'user', asks ? 'query' : 'message', scripted.says), about }))
    }
    const promptTokens = scripted.tokens ?? context.reduce((sum, m) => sum + m.tokens, 0)
    const prompt = context.map((m) => m.id)
    const calls = scripted.calls ?? []
    const text =
      scripted.answer !== undefined
        ? `<think>So.</think><answer>${scripted.answer}</answer>`
        : `<think>So.</think><tool_call>${JSON.stringify(calls.map(({ record: { name, arguments: args } }) => ({ name, arguments: args })))}</tool_call>`
    const after: EpisodeEvent[] = [append(null, message(newId(), 'assistant', 'reply', text))]
    for (const [at, call] of calls.entries()) {
      const events = call.events(at, index, context.slice(0, -1), newId)
      for (const event of events) {
        if (event.type === 'stm.filter' || event.type === 'stm.summarise') apply(event)
      }
      after.push(...events, append(at, message(newId(), 'tool', 'result', call.record.result)))
    }
    if (scripted.phase === 'answer') answer = scripted.answer ?? null
    steps.push({
      id: { ...id, step: index },
      phase: scripted.phase,
      turn,
      exchange,
      before,
      prompt,
      prompt_tokens: promptTokens,
      overflow: promptTokens > settings.t_max,
      reply: { text, tokens: 5, token_ids: null, logprobs: null, finish: 'stop' },
      think: 'So.',
      answer: scripted.answer ?? null,
      calls: calls.map((call) => call.record),
      asides: [],
      violations: scripted.violations ?? [],
      after,
    })
  }
  const stop = script.stop ?? (answer === null ? 'aborted' : 'answered')
  return {
    schema_version: 2,
    id,
    task: script.task,
    policy: script.policy ?? 'script',
    setup: {
      agent: 'agemem',
      policy: script.plays ?? { kind: 'named', name: script.policy ?? 'script' },
      embedder: 'hash',
      source: { kind: 'given' },
    },
    seed: 7,
    settings,
    embedder: 'hash@1',
    token_counter: 'spaces@1',
    status: stop === 'aborted' || stop === 'failed' ? 'partial' : 'complete',
    stop,
    failure: null,
    answer,
    steps,
  }
}
