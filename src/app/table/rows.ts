// Lines of the tables of rollouts and of episodes: plain data that columns, filters and search go by. Pure.
import type { EpisodeDigest } from '../../core/record/digest.ts'
import type { StepRows } from '../../core/training/rollout-rows.ts'
import type { EpisodeSummary } from '../../rpc/contracts.ts'

export const outcomes = ['right', 'wrong', 'none'] as const
/** none: there is no answer. */
export type Outcome = (typeof outcomes)[number]

/** What both tables have. */
export interface TableRow {
  key: string
  /** The task in a line. */
  title: string
  expected: string
  answer: string | null
  /** null: not read yet, or the episode did not come to its end. */
  outcome: Outcome | null
  reward: number | null
  steps: number
  /** Name of the agent; left out: AgeMem, as in every rollout of a training. */
  agent?: string
  /** Calls by the tool's name, failed ones included; null: not read yet. */
  tools: Readonly<Record<string, number>> | null
  /** All that was heard, and all that was replied, to search in; null: not read yet. */
  heard: string | null
  replies: string | null
}

export interface RolloutTableRow extends TableRow {
  /** Of the run, from 1. */
  step: number
  /** Index of its task among those of the step. */
  group: number
  /** From 0, among those of its task. */
  rollout: number
  advantage: number
}

export interface EpisodeTableRow extends TableRow {
  summary: EpisodeSummary
}

const outcomeOf = (answer: string | null, right: boolean): Outcome => (answer === null ? 'none' : right ? 'right' : 'wrong')

/** @param keyOf names a rollout, as it is named wherever it is shown */
export function rowsOfStep({ step, tasks, rows }: StepRows, keyOf: (task: string, rollout: number) => string): RolloutTableRow[] {
  return rows.flatMap(({ right, group, ...row }) => {
    const task = tasks[group]
    if (!task) return []
    const { id, title, expected, heard } = task
    return [{ ...row, key: keyOf(id, row.rollout), title, expected, heard, outcome: outcomeOf(row.answer, right), step, group }]
  })
}

/** @param digest undefined: not read yet; null: it cannot be */
export function rowOfEpisode(summary: EpisodeSummary, digest: EpisodeDigest | null | undefined): EpisodeTableRow {
  const { key, query, expected, answer, reward, steps, status } = summary
  const ended = status === 'complete'
  return {
    key,
    title: query,
    expected,
    answer,
    outcome: ended && digest ? outcomeOf(answer, digest.right) : null,
    reward,
    steps,
    agent: summary.agent ?? 'agemem',
    tools: digest?.tools ?? null,
    heard: digest?.task.heard ?? null,
    replies: digest?.replies ?? null,
    summary,
  }
}
