// An episode as one conversation in the order in which it was held: what the environment said, each reply with its calls,
// what came back. Context edits take nothing out of it; they are what a list of messages cannot say.
import { formatReply } from '../core/agents/agemem/protocol/parser.ts'
import type { CallRecord, ContextMessage, EpisodeEvent, Step, Trajectory } from '../core/record/trajectory.ts'

export interface TranscriptCall {
  /** Unique in the episode. */
  id: string
  call: CallRecord
}

export type Turn =
  | { kind: 'message'; step: number; message: ContextMessage }
  | { kind: 'reply'; step: number; of: Step; calls: TranscriptCall[] }
  /** What a call came to. */
  | { kind: 'result'; step: number; of: TranscriptCall }

export const callId = (step: number, call: number): string => `call_${step}_${call}`

export function transcriptOf({ steps }: Trajectory): Turn[] {
  return steps.flatMap((of, step): Turn[] => {
    const calls = of.calls.map((call, i): TranscriptCall => ({ id: callId(step, i), call }))
    const heard = (events: readonly EpisodeEvent[]) =>
      events.flatMap((event): Turn[] => {
        if (event.type !== 'stm.append' || event.message.kind === 'reply') return []
        const result = event.message.kind === 'result' && event.call !== null ? calls[event.call] : undefined
        return [result ? { kind: 'result', step, of: result } : { kind: 'message', step, message: event.message }]
      })
    return [...heard(of.before), { kind: 'reply', step, of, calls }, ...heard(of.after)]
  })
}

/** What the reply comes to when it is written anew from its parts; another text was sampled where it differs. */
export function rewritten({ think, answer, calls }: Pick<Step, 'think' | 'answer' | 'calls'>): string | null {
  if (think === null || (answer === null && calls.length === 0)) return null
  return formatReply(think, answer === null ? { calls: calls.map(({ name, arguments: given }) => ({ name, arguments: given })) } : { answer })
}
