// Whether a task fits into a window before it is played: what the environment alone says in it. Knows no policy but its
// counter.
import type { TokenCounter } from '../policy/policy.ts'
import { agentNamed } from '../agents/agents.ts'
import { familyOf } from '../environments/families.ts'
import type { AnyTask } from '../record/task.ts'
import type { EpisodeSettings } from '../record/trajectory.ts'

/**
 * Tokens of the longer of the two conversations, stage 1 and stages 2 and 3, with nothing of what the agent says, of
 * what tools answer, and of what is filtered or summarised: an agent that does nothing to its context needs more.
 */
export function tokensNeeded(
  task: AnyTask,
  settings: EpisodeSettings,
  counter: TokenCounter,
  agent = 'agemem',
): number {
  const count = (role: 'system' | 'user' | 'tool', content: string) =>
    counter.message?.({ role, content }) ?? counter.count(content)
  const opening = agentNamed(agent).opening(settings)
  const system = opening === null ? 0 : count('system', opening)
  let [most, sum] = [0, 0]
  for (const { messages, resets } of familyOf(task).heard(task, settings)) {
    if (resets) sum = 0
    sum += messages.reduce((tokens, { role, text }) => tokens + count(role, text), 0)
    most = Math.max(most, sum)
  }
  return system + most
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
  tasks: readonly AnyTask[],
  settings: EpisodeSettings,
  { counter, window, agent }: { counter: TokenCounter; window?: number; agent?: string },
): Room {
  return {
    limit: Math.min(settings.t_max, window ?? settings.t_max),
    needs: tasks.slice(0, counted).map((task) => tokensNeeded(task, settings, counter, agent)),
    counter: counter.name,
  }
}
