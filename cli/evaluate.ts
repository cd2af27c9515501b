// The `evaluate` command: plays tasks and prints the means over all of them.
import { measureCapability, type Judged } from '../src/core/evaluation/capability.ts'
import { summarise } from '../src/core/evaluation/evaluate.ts'
import { countHabits, habitEstimates } from '../src/core/evaluation/habits.ts'
import { metricsOf, type EpisodeMetrics } from '../src/core/evaluation/metrics.ts'
import type { CommandOptions } from './arguments.ts'
import type { ExitStatus, Io } from './io.ts'
import { loadTasks } from './load-tasks.ts'
import { playTasks, isComplete } from './play.ts'

/** 1 when an episode did not come to its end; what is printed then is over those that did. */
export async function runEvaluateCommand(options: CommandOptions, io: Io): Promise<ExitStatus> {
  const tasks = await loadTasks(options, io, 100)
  const episodes: EpisodeMetrics[] = []
  const judged: Judged[] = []
  let complete = 0
  for await (const played of playTasks(tasks, options, io)) {
    const metrics = metricsOf(played.trajectory, played.scored)
    episodes.push(metrics)
    judged.push({ trajectory: played.trajectory, score: metrics.reward.task })
    if (isComplete(played, io)) complete++
  }
  const summary = summarise(episodes)
  if (!summary) {
    io.tell('No episode came to its end, so there is nothing to take means of.')
    return 1
  }
  const { source, policy, seed, preset, settings, split, difficulty } = options
  const model = policy === 'nano' ? { model: options.model, adapter: options.adapter, temperature: options.temperature ?? 1, given_facts: options.givenFacts } : {}
  const world = source === 'world' ? { split, difficulty } : {}
  await io.out(
    JSON.stringify({
      source, policy, seed, preset, settings, ...world, ...model, ...summary,
      capability: measureCapability(judged),
      habits: habitEstimates(countHabits(judged.map(({ trajectory }) => trajectory))),
    }),
  )
  return complete === tasks.length ? 0 : 1
}
