// What an agent does where there is an occasion for it, counted over episodes: the habits that training changes.
// Plain data with snake_case names. Counts what happened, whoever the policy was.
import type { Step, Trajectory } from '../record/trajectory.ts'
import { readMemoryLines } from '../agents/agemem/memory-lines.ts'
import { admitsIgnorance } from '../environments/question/judge.ts'
import { isQuestion, referredMessages, type TaskMessage } from '../environments/question/task.ts'
import type { AnyTask } from '../record/task.ts'
import { contextAt } from '../record/replay.ts'
import { recordOf } from '../table.ts'
import { rateOf, type Estimate } from './estimate.ts'

/** How often it was done, of how many occasions. */
interface Occasions {
  done: number
  of: number
}

/** The habits, in the order in which they are shown. */
export const habitNames = [
  /** Messages that tell a fact: something was added. */
  'add_fact',
  /** Messages of small talk: something was added. */
  'add_small_talk',
  /** Distractors of stage 2: something was added. */
  'add_distractor',
  /** Corrections: an entry was updated. */
  'update_correction',
  /** Corrections: an entry was deleted. */
  'delete_correction',
  /** Episodes in which the context was filtered. */
  'filter_episode',
  /** Episodes in which something was summarised. */
  'summarise_episode',
  /** Questions before whose answer the memory was searched. */
  'retrieve_first',
  /** Answers with no memory in the context: it said that it does not know. */
  'unknown_without_memory',
] as const
export type HabitCounts = Record<(typeof habitNames)[number], Occasions>

function count(occasions: Occasions, done: boolean): void {
  occasions.of++
  if (done) occasions.done++
}

const succeeded = (steps: readonly Step[], name: string) => steps.some((step) => step.calls.some((call) => call.ok && call.name === name))

/** The steps of each turn of a phase, in order. */
export function turnsOfPhase({ steps }: Pick<Trajectory, 'steps'>, phase: string): Step[][] {
  const turns: Step[][] = []
  for (const step of steps) {
    if (step.phase !== phase) continue
    const turn = turns[step.turn] ?? []
    turn.push(step)
    turns[step.turn] = turn
  }
  return turns
}

/** The task's message that a turn brought; null when it brought several. */
export function messageOf(turn: readonly Step[], task: AnyTask): TaskMessage | null {
  if (!isQuestion(task)) return null
  const told = turn[0]?.before.flatMap((event) => (event.type === 'stm.append' ? referredMessages(task, event.message.about) : [])) ?? []
  return told.length === 1 ? (told[0] ?? null) : null
}

function countTurn(counts: HabitCounts, turn: readonly Step[], message: TaskMessage): void {
  const added = succeeded(turn, 'Add_memory')
  switch (message.kind) {
    case 'fact':
      count(counts.add_fact, added)
      break
    case 'small-talk':
      count(counts.add_small_talk, added)
      break
    case 'distractor':
      count(counts.add_distractor, added)
      break
    case 'correction':
      count(counts.update_correction, succeeded(turn, 'Update_memory'))
      count(counts.delete_correction, succeeded(turn, 'Delete_memory'))
      break
  }
}

/** Counts over episodes. Turns with several messages, and episodes that were stopped, are left out. */
export function countHabits(trajectories: readonly Trajectory[]): HabitCounts {
  const counts: HabitCounts = recordOf(habitNames, () => ({ done: 0, of: 0 }))
  for (const trajectory of trajectories) {
    if (trajectory.status !== 'complete') continue
    for (const turn of [...turnsOfPhase(trajectory, 'build'), ...turnsOfPhase(trajectory, 'resist')]) {
      const message = messageOf(turn, trajectory.task)
      if (message) countTurn(counts, turn, message)
    }
    count(counts.filter_episode, succeeded(trajectory.steps, 'Filter_context'))
    count(counts.summarise_episode, succeeded(trajectory.steps, 'Summary_context'))
    if (trajectory.answer === null) continue
    count(counts.retrieve_first, succeeded(trajectory.steps.filter((step) => step.phase === 'answer'), 'Retrieve_memory'))
    const context = contextAt(trajectory, trajectory.steps.length - 1, 'prompt')
    if (context.every((message) => readMemoryLines(message.content).length === 0)) count(counts.unknown_without_memory, admitsIgnorance(trajectory.answer))
  }
  return counts
}

/** Shares of the counts with 95 % intervals; null where there was no occasion. */
export function habitEstimates(counts: HabitCounts): Record<keyof HabitCounts, Estimate | null> {
  return recordOf(habitNames, (habit) => {
    const { done, of } = counts[habit]
    return of === 0 ? null : rateOf(Array.from({ length: of }, (_, i) => i < done))
  })
}
