// Version 1 of the record, read for ever: what it left to be guessed is derived here once, and nowhere else.
import { z } from 'zod'
import { summaryConversation } from '../agents/agemem/summary.ts'
import { questionPhases } from '../environments/question/environment.ts'
import { referencesIn, taskSchema, type Task } from '../environments/question/task.ts'
import { applyToContext } from '../record/context.ts'
import { isStmEvent } from '../record/replay.ts'
import type { PolicySpec, Setup, TaskOrigin } from '../record/setup.ts'
import {
  callRecordSchema, generationSchema, stepSchema, trajectorySchema, type Aside, type ContextMessage, type EpisodeEvent, type Trajectory,
} from '../record/trajectory.ts'

const callSchema = callRecordSchema.extend({
  /** The summary's own generation, for Summary_context. */
  summary: generationSchema.nullable(),
})
const oldStepSchema = stepSchema.omit({ phase: true, asides: true }).extend({
  stage: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  calls: z.array(callSchema),
})
/** As version 1 was written. */
export const version1Schema = trajectorySchema.omit({ setup: true }).extend({
  schema_version: z.literal(1),
  task: taskSchema,
  steps: z.array(oldStepSchema),
})
export type Version1 = z.infer<typeof version1Schema>
type OldStep = Version1['steps'][number]

/** Characters of all that is found to have been asked for summaries, at most: a thousand times what an episode has. */
const mostAsked = 2 ** 26

/** What the policy was asked when it wrote each of the summaries, by step and call. @throws RangeError beyond the limit */
function askedIn(steps: readonly OldStep[]): Map<number, Aside['prompt']>[] {
  let context: readonly ContextMessage[] = []
  let left = mostAsked
  return steps.map(({ before, after }) => {
    const asked = new Map<number, Aside['prompt']>()
    for (const event of [...before, ...after]) {
      if (!isStmEvent(event)) continue
      if (event.type === 'stm.summarise' && event.call !== null) {
        const removed = new Set(event.removed)
        const prompt = summaryConversation(context, context.filter(({ id }) => removed.has(id)))
        left -= prompt.reduce((sum, { content }) => sum + content.length, 0)
        if (left < 0) throw new RangeError('needs summaries of less text')
        asked.set(event.call, prompt)
      }
      context = applyToContext(context, event)
    }
    return asked
  })
}

const scripts = ['oracle', 'store-all', 'store-none', 'careless']

/** The lab wrote what freed the replies of WebLLM's models into their names. */
function policyOf(name: string): PolicySpec {
  if (scripts.includes(name)) return { kind: 'scripted', name }
  if (name === 'nano') return { kind: 'onnx', model: name, source: null }
  const [, model = name, free] = /^(.+?)( \(unconstrained\))?$/.exec(name) ?? []
  if (free === undefined && !/-MLC(?:-\w+)?$/.test(model)) return { kind: 'named', name }
  return { kind: 'webllm', model, options: { constrained: free === undefined } }
}

function originOf({ id, source, split }: Task): TaskOrigin {
  switch (source) {
    case 'world': {
      const [, seed, index] = /^world-(?:train|held-out)-(\d+)-(\d+)(?:-[0-9a-f]{8})?$/.exec(id) ?? []
      if (seed === undefined || index === undefined) return { kind: 'given' }
      return { kind: 'generated', generator: source, seed: Number(seed), index: Number(index), split, options: null }
    }
    case 'scenario':
      return { kind: 'built-in' }
    case 'own':
      return { kind: 'given' }
    default:
      return { kind: 'file', name: null }
  }
}

function setupIn({ policy, embedder, task }: Version1): Setup {
  const [name = embedder] = embedder.split('@')
  return { agent: 'agemem', policy: policyOf(policy), embedder: name, source: originOf(task) }
}

/** What of the task a message of the user's delivers. */
function deliveredBy(event: EpisodeEvent, stage: OldStep['stage'], task: Task): EpisodeEvent {
  if (event.type !== 'stm.append' || event.message.role !== 'user') return event
  const about = stage === 3 ? ['query'] : referencesIn(task, stage === 1 ? 'build' : 'resist', event.message.content)
  return { ...event, message: { ...event.message, about } }
}

/** The record as version 2 has it. @throws RangeError when its summaries are of more text than any episode has */
export function fromVersion1(record: Version1): Trajectory<Task> {
  const asked = askedIn(record.steps)
  const steps = record.steps.map(({ stage, calls, ...step }, index) => ({
    ...step,
    before: step.before.map((event) => deliveredBy(event, stage, record.task)),
    phase: questionPhases[stage - 1] ?? '',
    calls: calls.map(({ summary: _, ...call }) => call),
    asides: calls.flatMap(({ summary }, call): Aside[] =>
      summary ? [{ purpose: 'summarise', call, prompt: asked[index]?.get(call) ?? [], generation: summary }] : [],
    ),
  }))
  return { ...record, schema_version: 2, setup: setupIn(record), steps }
}
