// What experiments measure on each episode: a measure is an entry here, and tables, files and the page loop over them.
import type { EpisodeMetrics } from '../evaluation/metrics.ts'
import { contextTokensOf } from '../evaluation/metrics.ts'
import { toolNames, type ToolName } from '../agents/agemem/tools/index.ts'
import type { Trajectory } from '../record/trajectory.ts'
import { namesOf } from '../table.ts'

interface Measured {
  metrics: EpisodeMetrics
  trajectory: Trajectory
}

export interface Measure {
  /** In files, which are English. */
  label: string
  /** share: of 1, shown in per cent; number: with three decimals; calls: of an episode, with two; count: of tokens, whole. */
  form: 'share' | 'number' | 'calls' | 'count'
  better: 'more' | 'less' | null
  /** null: there was no occasion. */
  of: (episode: Measured) => number | null
}

const calls = (name: ToolName): Measure => ({ label: name, form: 'calls', better: null, of: ({ metrics }) => metrics.tool_calls[name] ?? 0 })

export const measures = {
  /** S of eq. 17, the paper's J: without an answer 0. */
  score: { label: 'J', form: 'share', better: 'more', of: ({ metrics: { reward } }) => Math.max(0, reward.task) },
  success: { label: 'Exactly right', form: 'share', better: 'more', of: ({ metrics: { success } }) => (success ? 1 : 0) },
  memory_quality: { label: 'MQ', form: 'number', better: 'more', of: ({ metrics: { memory_quality } }) => memory_quality },
  /** Mean over the prompts of an episode, as Fig. 3 has it. */
  prompt_tokens: { label: 'Prompt tokens', form: 'count', better: 'less', of: ({ metrics: { tokens } }) => tokens.mean },
  /** In the context when the answer is given. */
  context_tokens: { label: 'Tokens at the answer', form: 'count', better: 'less', of: ({ trajectory }) => contextTokensOf(trajectory) },
  /** Of questions for something that has changed: the share that is answered with the value that holds now. */
  currency: { label: 'Currency', form: 'share', better: 'more', of: ({ metrics: { currency } }) => (currency === null ? null : currency === 'present' ? 1 : 0) },
  reward: { label: 'Reward', form: 'number', better: 'more', of: ({ metrics: { reward } }) => reward.total },
  add: calls('Add_memory'),
  update: calls('Update_memory'),
  delete: calls('Delete_memory'),
  retrieve: calls('Retrieve_memory'),
  summary: calls('Summary_context'),
  filter: calls('Filter_context'),
  /** Of the six tools, as in Table 3. */
  calls: { label: 'Calls', form: 'calls', better: null, of: ({ metrics }) => toolNames.reduce((sum, name) => sum + (metrics.tool_calls[name] ?? 0), 0) },
} satisfies Record<string, Measure>

export type MeasureName = keyof typeof measures
export const measureNames: readonly MeasureName[] = namesOf(measures)
export const isMeasure = (name: string): name is MeasureName => Object.hasOwn(measures, name)
export const measureOf = (name: MeasureName): Measure => measures[name]
