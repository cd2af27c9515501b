// A task: what the agent is told, what it is asked, what it should have kept. Recorded data is its own wire
// format, so its fields are snake_case and its types come from the schemas that check imported files.
import { z } from 'zod'
import { splitSchema, type AnyTask } from '../../record/task.ts'
import { namesOf } from '../../table.ts'
import { containsPhrase, contentWords } from '../../text.ts'

/** One durable statement of the contextual information I_q: something worth storing. */
const factSchema = z.object({
  id: z.string(),
  /** The plainest wording, as an agent would store it. */
  text: z.string(),
  /** A text states the fact when each group has one of its phrases in it. Empty: by word recall. */
  keys: z.array(z.array(z.string())),
  /** What was said word for word, where the plainest wording is another: a text that says it so states the fact too. */
  also: z.array(z.string()).optional(),
  /** The answer cannot be derived without it. */
  needed: z.boolean(),
  /** The fact that corrects this one later in stage 1, if any. */
  superseded_by: z.string().nullable(),
})
export type Fact = z.infer<typeof factSchema>

const taskMessageSchema = z.object({
  text: z.string(),
  kind: z.enum(['fact', 'correction', 'small-talk', 'distractor']),
  /** Ids of the facts that it states. */
  facts: z.array(z.string()),
})
export type TaskMessage = z.infer<typeof taskMessageSchema>

/** Data sets whose files are read, and what each is called; their forms are in sources/formats.ts. */
export const dataSetNames = { hotpotqa: 'HotpotQA', musique: 'MuSiQue', locomo: 'LoCoMo', longmemeval: 'LongMemEval', factconsolidation: 'FactConsolidation' } as const
const dataSets = namesOf(dataSetNames)

/** Where tasks come from that stand in a file; own: somebody wrote them. */
export const dataSources = [...dataSets, 'own'] as const
export type DataSource = (typeof dataSources)[number]

export const isDataSource = (source: string): source is DataSource => dataSources.some((each) => each === source)

export const taskSources = ['world', ...dataSets, 'scenario', 'own'] as const
export const taskSourceSchema = z.enum(taskSources)

/** T = (q, I_q, A_q) of §3.1, with the messages that stages 1 and 2 deliver. */
export const taskSchema = z.object({
  id: z.string(),
  family: z.literal('question').optional(),
  source: taskSourceSchema,
  /** Kind of question: one-hop, two-hop, comparison, update, bridge, plan … */
  kind: z.string(),
  split: splitSchema,
  facts: z.array(factSchema),
  /** Stage 1, in order. */
  build: z.array(taskMessageSchema),
  /** Stage 2, in order. */
  resist: z.array(taskMessageSchema),
  query: z.string(),
  answer: z.string(),
  /** Other wordings of the answer that count as right. */
  aliases: z.array(z.string()),
})
export type Task = z.infer<typeof taskSchema>

/** Questions are the tasks that name no family. */
export function isQuestion(task: AnyTask): task is Task {
  return task.family === undefined || task.family === 'question'
}

/** @throws RangeError for a task of another family */
export function questionIn(task: AnyTask): Task {
  if (isQuestion(task)) return task
  throw new RangeError(`The task ${task.id} is no question.`)
}

/** How an observation refers to a message of the task. */
export function reference(phase: 'build' | 'resist', index: number): string {
  return `${phase}/${index}`
}

/** The same read off a text that was told in a phase, for records that do not say it. */
export function referencesIn(task: Pick<Task, 'build' | 'resist'>, phase: 'build' | 'resist', text: string): string[] {
  const lines = new Set(text.split('\n'))
  return task[phase].flatMap((message, i) =>
    message.text.split('\n').every((line) => lines.has(line)) ? [reference(phase, i)] : [],
  )
}

/** The task's messages that are referred to, in order; what refers to none is left out. */
export function referredMessages(task: Pick<Task, 'build' | 'resist'>, about: readonly string[] = []): TaskMessage[] {
  return about.flatMap((each) => {
    const [phase, index] = each.split('/')
    const message = phase === 'build' || phase === 'resist' ? task[phase][Number(index)] : undefined
    return message ? [message] : []
  })
}

/** Facts that still hold at the end of stage 1. */
export function currentFacts(task: Task): Fact[] {
  return task.facts.filter((fact) => fact.superseded_by === null)
}

/** Current facts that the answer is derived from. */
export function neededFacts(task: Task): Fact[] {
  return currentFacts(task).filter((fact) => fact.needed)
}

/** Share of a fact's content words that a text must have when the fact has no key phrases. */
const recallNeeded = 0.75

/** Does a line of it state the fact? Lines apart, since several messages may stand in one. */
export function statedIn(content: string, fact: Fact): boolean {
  return content.split('\n').some((line) => states(line, fact))
}

/** Does the text state the fact? By key phrases where the fact has them, else by recall of its content words. */
export function states(text: string, fact: Fact): boolean {
  if (fact.keys.length > 0) return fact.keys.every((group) => group.some((phrase) => containsPhrase(text, phrase)))
  return recalls(text, fact.text) || (fact.also ?? []).some((wording) => recalls(text, wording))
}

/** Does the text have nearly all content words of the wording? */
function recalls(text: string, wording: string): boolean {
  const wanted = new Set(contentWords(wording))
  return wanted.size === 0 ? containsPhrase(text, wording) : hasNearlyAll(new Set(contentWords(text)), wanted)
}

/** Are nearly all of the words wanted among those present? */
export function hasNearlyAll(present: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean {
  let found = 0
  for (const word of wanted) if (present.has(word)) found++
  return found / wanted.size >= recallNeeded
}
