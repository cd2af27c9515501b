// What agents without tools say themselves: their system messages, notices, and the replies that no policy is asked for.
import type { EpisodeSettings } from '../record/trajectory.ts'
import { compactSystemPrompt } from './agemem/prompts.ts'

const form = '<think>your reasoning</think><answer>what you say to the user</answer>'

/** The reply to what is told in passing. */
export const acknowledgement = { think: 'Just listen.', answer: 'Noted.' } as const

/** The thought in front of a search. */
export const lookUp = 'Look it up.'

const fullPrompt = (remembers: boolean): string =>
  [
    remembers
      ? 'You are an assistant with a long-term memory. It is kept for you: what it holds on a question stands beside the question, a line each, with its id.'
      : 'You are an assistant.',
    `Every reply is ${form}. There are no tools.`,
    'Answer a question briefly, by what stands in the conversation. Say so if you do not know something.',
    'Example:',
    'user: Where does Ada live?',
    'tool: [m3] Ada has moved to Rome.',
    'you: <think>m3 says where she lives.</think><answer>In Rome.</answer>',
  ].join('\n')

/**
 * By the settings' prompt. Who knows the one in few words knows it to the letter (nano), so it stays as it is; a call of
 * one of its tools comes to a notice.
 */
export const openings: Readonly<Record<EpisodeSettings['prompt'], (remembers: boolean) => string>> = {
  full: fullPrompt,
  compact: () => compactSystemPrompt(),
}

export const toolNotice = 'You have no tools here. Reply with <think>…</think> and then <answer>…</answer>.'

export function formatNotice(problems: readonly string[]): string {
  return ['Your reply could not be read.', ...problems, 'Reply with <think>…</think> and then <answer>…</answer>.'].join(' ')
}
