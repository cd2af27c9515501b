// The `evaluate` command: plays tasks and prints the means over all of them.
import { measureAnswers } from '../src/core/evaluation/answer-measures.ts'
import { measureCapability, type Capability, type Judged } from '../src/core/evaluation/capability.ts'
import type { Estimate } from '../src/core/evaluation/estimate.ts'
import { summarise, type Summary } from '../src/core/evaluation/summary.ts'
import { countHabits, habitEstimates, type HabitCounts } from '../src/core/evaluation/habits.ts'
import { metricsOf, type EpisodeMetrics } from '../src/core/evaluation/metrics.ts'
import type { CommandOptions } from './arguments.ts'
import type { ExitStatus, Io } from './io.ts'
import { loadTasks } from './load-tasks.ts'
import { playTasks, isComplete } from './play.ts'

export interface Evaluation extends Summary {
  capability: Capability
  habits: Record<keyof HabitCounts, Estimate | null>
  /** By words, as the data sets' own evaluations have it, also by category; null for tasks that are no questions. */
  answers: ReturnType<typeof measureAnswers>
}

/** Means over the tasks that the options ask for; null when no episode came to its end. */
export async function evaluateTasks(options: CommandOptions, io: Io): Promise<(Evaluation & { asked: number }) | null> {
  const tasks = await loadTasks(options, io, 100)
  const episodes: EpisodeMetrics[] = []
  const judged: Judged[] = []
  for await (const played of playTasks(tasks, options, io)) {
    const metrics = metricsOf(played.trajectory, played.scored)
    episodes.push(metrics)
    judged.push({ trajectory: played.trajectory, score: metrics.reward.task })
    isComplete(played, io)
  }
  const summary = summarise(episodes)
  return summary && { asked: tasks.length, ...summary, capability: measureCapability(judged), habits: habitEstimates(countHabits(judged.map(({ trajectory }) => trajectory))), answers: measureAnswers(judged.map(({ trajectory }) => trajectory)) }
}

/** 1 when an episode did not come to its end; what is printed then is over those that did. */
export async function runEvaluateCommand(options: CommandOptions, io: Io): Promise<ExitStatus> {
  const evaluation = await evaluateTasks(options, io)
  if (!evaluation) {
    io.tell('No episode came to its end, so there is nothing to take means of.')
    return 1
  }
  const { source, agent, policy, seed, preset, settings, split, difficulty } = options
  const { asked, ...measured } = evaluation
  const model = policy === 'nano' || policy === 'model' ? { model: options.model, adapter: options.adapter, temperature: options.temperature ?? 1, given_facts: options.givenFacts, ...(options.grammar !== null && { grammar: options.grammar }) } : {}
  const world = source === 'world' ? { split, difficulty } : {}
  await io.out(JSON.stringify({ source, agent, policy, seed, preset, settings, ...world, ...model, ...measured }))
  return measured.episodes === asked ? 0 : 1
}
