// The `episode` command: plays tasks and prints one episode a line.
import { report } from '../src/core/evaluation/metrics.ts'
import type { CommandOptions } from './arguments.ts'
import type { ExitStatus, Io } from './io.ts'
import { loadTasks } from './load-tasks.ts'
import { playTasks, isComplete } from './play.ts'

/** 1 when an episode did not come to its end. */
export async function runEpisodeCommand(options: CommandOptions, io: Io): Promise<ExitStatus> {
  const tasks = await loadTasks(options, io, 1)
  let complete = 0
  for await (const played of playTasks(tasks, options, io)) {
    await io.out(JSON.stringify(report(played.trajectory, played.scored)))
    if (isComplete(played, io)) complete++
  }
  return complete === tasks.length ? 0 : 1
}
