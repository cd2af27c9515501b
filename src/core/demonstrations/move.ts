// A reply before it is written in the protocol: a thought, then calls or an answer.
import type { ToolCall } from '../record/trajectory.ts'

export interface Move {
  think: string
  action: { calls: ToolCall[] } | { answer: string }
}

export const call = (name: string, args: Record<string, unknown>): ToolCall => ({ name, arguments: args })
export const say = (think: string, answer: string): Move => ({ think, action: { answer } })
export const use = (think: string, ...calls: ToolCall[]): Move => ({ think, action: { calls } })
