// What an agent can do when it does it: answers by kind of question, exact copies, well-formed replies, working calls.
// Plain data with snake_case names; shares with 95 % intervals.
import type { Step, Trajectory } from '../record/trajectory.ts'
import { isQuestion } from '../environments/question/task.ts'
import type { AnyTask } from '../record/task.ts'
import { toolNames, type ToolName } from '../agents/agemem/tools/index.ts'
import { recordOf } from '../table.ts'
import { rateOf, type Estimate } from './estimate.ts'
import { messageOf, turnsOfPhase } from './habits.ts'
import { successFrom } from './metrics.ts'

export interface Capability {
  /** Share of right answers, by kind of question. */
  answers: Record<string, Estimate>
  /** Share of the entries written about a message that states facts which are one of these facts to the letter. */
  exact_copies: Estimate | null
  /** Share of replies that keep the protocol in every way. */
  well_formed: Estimate | null
  /** Of each tool: the share of its calls that worked; null when it was never called. */
  calls_that_work: Record<ToolName, Estimate | null>
}

/** A finished episode with the judge's score of its answer. */
export interface Judged {
  trajectory: Trajectory
  /** S(A_pred, A_q), or −1 when there was no answer. */
  score: number
}

const rate = (trials: readonly boolean[]): Estimate | null => (trials.length === 0 ? null : rateOf(trials))

/** For each entry that was written in the turn of a message that states facts: is it one of these facts? */
function copiesOf({ steps, task }: Trajectory): boolean[] {
  return turnsOfPhase({ steps }, 'build').flatMap((turn) => {
    const facts = factsOf(turn, task)
    return facts === null ? [] : writtenIn(turn).map((content) => facts.has(content))
  })
}

function factsOf(turn: readonly Step[], task: AnyTask): Set<string> | null {
  const message = messageOf(turn, task)
  if (!message || message.facts.length === 0 || !isQuestion(task)) return null
  return new Set(task.facts.filter(({ id }) => message.facts.includes(id)).map(({ text }) => text))
}

function writtenIn(turn: readonly Step[]): string[] {
  return turn.flatMap((step) =>
    step.calls.flatMap(({ ok, name, arguments: { content } }) => (ok && (name === 'Add_memory' || name === 'Update_memory') && typeof content === 'string' ? [content] : [])),
  )
}

/** Over episodes that came to their end. */
export function measureCapability(episodes: readonly Judged[]): Capability {
  const complete = episodes.filter(({ trajectory }) => trajectory.status === 'complete')
  const steps = complete.flatMap(({ trajectory }) => trajectory.steps)
  const calls = steps.flatMap((step) => step.calls)
  const kinds = [...new Set(complete.map(({ trajectory }) => trajectory.task.kind))].sort()
  const working = (tool: ToolName) => rate(calls.filter(({ name }) => name === tool).map(({ ok }) => ok))
  return {
    answers: Object.fromEntries(kinds.map((kind) => [kind, rateOf(complete.filter(({ trajectory }) => trajectory.task.kind === kind).map(({ score }) => score >= successFrom))])),
    exact_copies: rate(complete.flatMap(({ trajectory }) => copiesOf(trajectory))),
    well_formed: rate(steps.map((step) => step.violations.length === 0)),
    calls_that_work: recordOf(toolNames, working),
  }
}
