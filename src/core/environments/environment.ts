// A task as it is played: what is heard and when, and what it does with a reply. Knows no memory, no tool and no model.
import type { Observation } from '../record/observation.ts'

export interface Environment {
  begin(): Promise<Observation>
  /** @param reply what the agent said in this turn; null: nothing. @returns what comes next; null: it is over */
  next(reply: string | null): Promise<Observation | null>
}

/** One in which everything is heard in this order, whatever is replied. @throws RangeError when nothing is */
export function scriptedEnvironment(heard: readonly Observation[]): Environment {
  const [first, ...rest] = heard
  if (!first) throw new RangeError('An environment in which nothing is heard cannot be played.')
  const waiting = [...rest]
  return { begin: () => Promise.resolve(first), next: () => Promise.resolve(waiting.shift() ?? null) }
}
