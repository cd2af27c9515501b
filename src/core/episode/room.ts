// Whether a task fits into a window before it is played: what the environment alone says in it. Knows no policy but its
// counter.
import type { TokenCounter } from '../policy/policy.ts'
import { compactSystemPrompt, fullSystemPrompt } from '../agents/agemem/prompts.ts'
import type { Task } from '../environments/question/task.ts'
import { turnsOf } from './play.ts'
import type { EpisodeSettings } from '../record/trajectory.ts'

/**
 * Tokens of the longer of the two conversations, stage 1 and stages 2 and 3, with nothing of what the agent says, of
 * what tools answer, and of what is filtered or summarised: an agent that does nothing to its context needs more.
 */
export function tokensNeeded(
  task: Task,
  settings: Pick<EpisodeSettings, 'prompt' | 'n_max'>,
  counter: TokenCounter,
): number {
  const count = (role: 'system' | 'user', content: string) =>
    counter.message?.({ role, content }) ?? counter.count(content)
  const sum = (turns: readonly string[]) => turns.reduce((tokens, text) => tokens + count('user', text), 0)
  const system = count('system', settings.prompt === 'full' ? fullSystemPrompt() : compactSystemPrompt())
  const build = sum(turnsOf(task.build, settings.n_max.build))
  const resist = sum([...turnsOf(task.resist, settings.n_max.resist), task.query])
  return system + Math.max(build, resist)
}

/** What of some tasks fits into so many tokens. */
export interface Room {
  /** Tokens that fit: T_max, or the model's window where that is smaller. */
  limit: number
  /** Tokens that each task needs, in their order; of the first ones, where there are very many. */
  needs: number[]
  /** Name of the counter. */
  counter: string
}

/** Tasks that are counted at most. */
const counted = 500

export function roomFor(
  tasks: readonly Task[],
  settings: EpisodeSettings,
  { counter, window }: { counter: TokenCounter; window?: number },
): Room {
  return {
    limit: Math.min(settings.t_max, window ?? settings.t_max),
    needs: tasks.slice(0, counted).map((task) => tokensNeeded(task, settings, counter)),
    counter: counter.name,
  }
}
