// Where the tokens of the context come from: what the agent was given, what it fetched, what it wrote. Pure.
import { contextAt, tokensAfter } from '../../core/record/replay.ts'
import type { MessageKind, Trajectory } from '../../core/record/trajectory.ts'

/** In the order of the bar. */
export const originNames = ['system', 'memories', 'messages', 'results', 'replies', 'summaries'] as const
export type Origin = (typeof originNames)[number]

const originOf: Record<MessageKind, Origin> = {
  system: 'system',
  memories: 'memories',
  message: 'messages',
  query: 'messages',
  notice: 'messages',
  result: 'results',
  reply: 'replies',
  summary: 'summaries',
}

/**
 * Tokens of each origin after step `index`; they add up to the tokens in use. What a chat template puts around the whole
 * belongs to no message and counts with the system prompt. What has none is left out.
 */
export function originsAt(trajectory: Pick<Trajectory, 'steps'>, index: number): { origin: Origin; tokens: number }[] {
  const sums = new Map<Origin, number>()
  for (const { kind, tokens } of contextAt(trajectory, index, 'after')) {
    sums.set(originOf[kind], (sums.get(originOf[kind]) ?? 0) + tokens)
  }
  const told = [...sums.values()].reduce((sum, tokens) => sum + tokens, 0)
  sums.set('system', (sums.get('system') ?? 0) + Math.max(0, tokensAfter(trajectory, index) - told))
  return originNames.flatMap((origin) => {
    const tokens = sums.get(origin) ?? 0
    return tokens > 0 ? [{ origin, tokens }] : []
  })
}
