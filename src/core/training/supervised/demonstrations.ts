// Episodes of a teacher as the policy itself would have recorded them: in its tokens, so that they are packed and learnt
// from like rollouts. Knows no optimizer.
import { demonstrator } from '../../demonstrations/demonstrator.ts'
import { scriptedPolicy } from '../../demonstrations/scripted.ts'
import { isQuestion, type Task } from '../../environments/question/task.ts'
import { worldDifficultySchema, worldProblem, type WorldProblem } from '../../environments/question/sources/world.ts'
import { playRollouts, type CountingPolicy, type DrawnTask, type PolicyFor, type RolloutHooks } from '../../evaluation/rollouts.ts'
import { HashEmbedder } from '../../memory/hash-embedder.ts'
import { askAll, streamOf } from '../../policy/ask.ts'
import type { ChatMessage, GenerateRequest, Policy } from '../../policy/policy.ts'
import type { ChatEncoder, Trainable } from '../../policy/trainable.ts'
import type { Trajectory } from '../../record/trajectory.ts'
import { rewardPresets } from '../../reward/presets.ts'
import type { SupervisedConfig } from './config.ts'

type Speaker = Pick<Trainable, 'encoder' | 'counter' | 'window'>

/** The task with the structure that the demonstrator goes by. @throws RangeError when it is not one of the world's */
function problemOf({ task, source }: DrawnTask): WorldProblem {
  const difficulty = source.kind === 'generated' && source.generator === 'world' ? worldDifficultySchema.safeParse(source.options).data : undefined
  if (!difficulty || source.kind !== 'generated') {
    throw new RangeError(`The demonstrator knows tasks of the world alone, and ${task.id} is none: choose the teacher oracle.`)
  }
  const { seed, index, split } = source
  return worldProblem({ seed, index, split: split === 'held-out' ? split : 'train', difficulty })
}

/** The policy that shows how. @throws RangeError for a task that the teacher does not know */
function teacherOf({ name, habits }: SupervisedConfig['teacher'], drawn: readonly DrawnTask[]): (find: (thread: string) => Task | undefined) => Policy {
  switch (name) {
    case 'oracle':
      return (find) => scriptedPolicy('oracle', find)
    case 'demonstrator': {
      const problems = new Map(drawn.map((each) => [each.task.id, problemOf(each)]))
      return (find) => demonstrator((thread) => problems.get(find(thread)?.id ?? ''), { habits, embedder: new HashEmbedder() })
    }
  }
}

/**
 * The mark that the template closes a reply with, as the id that the model says it with; null where the model has none
 * that the template writes.
 */
function endOf({ chat, reply, ends }: ChatEncoder, conversation: readonly ChatMessage[], text: string): number | null {
  const before = chat(conversation) + reply(text)
  const whole = chat([...conversation, { role: 'assistant', content: text }, { role: 'user', content: 'a' }])
  const rest = whole.startsWith(before) ? whole.slice(before.length) : ''
  return [...ends].find(([, mark]) => rest.startsWith(mark))?.[0] ?? null
}

/**
 * The ids that the model would have said this reply with: it stops at a stop string, and else says its end.
 * log π_old of none of them is known: 0 stands for it.
 */
function saidBy(encoder: ChatEncoder, { conversation, stop }: GenerateRequest, text: string): number[] {
  const ids = encoder.encode(encoder.reply(text))
  const end = stop.some((each) => text.endsWith(each)) ? null : endOf(encoder, conversation, text)
  return end === null ? ids : [...ids, end]
}

/** A policy by rule that records its replies as the model would. */
function inTokens(policy: Policy, { encoder, counter, window }: Speaker): CountingPolicy {
  return {
    name: policy.name,
    counter,
    window,
    open: (options) =>
      streamOf(async (request) => {
        const [generation] = await askAll(policy, [request], options)
        if (!generation) throw new Error(`${policy.name} gave no reply.`)
        const ids = saidBy(encoder, request, generation.text)
        return { ...generation, tokens: ids.length, token_ids: ids, logprobs: ids.map(() => 0) }
      }, options),
  }
}

interface Demonstrated {
  /** In the episodes' ids. */
  id: { run: string; batch: number }
  tasks: readonly DrawnTask[]
  seed: number
}

/**
 * One episode a task, in order, in the tokens of the model that is to learn from them.
 * @throws RangeError for a task that the teacher does not know, AbortError when the signal fires
 */
export async function demonstrate({ id, tasks, seed }: Demonstrated, { teacher, episode }: Pick<SupervisedConfig, 'teacher' | 'episode'>, model: Speaker, hooks: RolloutHooks = {}): Promise<Trajectory[]> {
  const open = teacherOf(teacher, tasks)
  const policyFor: PolicyFor = (taskOf) => {
    const find = (thread: string) => {
      const task = taskOf(thread)
      return task && isQuestion(task) ? task : undefined
    }
    return inTokens(open(find), model)
  }
  return playRollouts({ id, tasks, policy: { kind: 'scripted', name: teacher.name }, reward: rewardPresets.paper, seed, settings: episode }, policyFor, hooks)
}
