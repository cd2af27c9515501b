// The lines of a table as a file for spreadsheets and pandas: one column a quantity, names as in the record. Pure.
import { toolNames } from '../../core/agents/agemem/tools/index.ts'
import { csv, type Value } from '../runs/csv.ts'
import type { EpisodeTableRow, RolloutTableRow, TableRow } from './rows.ts'

/** What both tables have. */
const common = ({ title, expected, answer, outcome, reward, steps, tools }: TableRow): [string, Value][] => [
  ['task', title],
  ['expected', expected],
  ['answer', answer],
  ['outcome', outcome],
  ['reward', reward],
  ['turns', steps],
  ...toolNames.map((name): [string, Value] => [`tool_calls/${name}`, tools && (tools[name] ?? 0)]),
]

export const rolloutsCsv = (rows: readonly RolloutTableRow[]): string =>
  csv(rows.map((row) => new Map<string, Value>([['key', row.key], ['step', row.step], ['group', row.group + 1], ['rollout', row.rollout + 1], ...common(row), ['advantage', row.advantage]])))

export const episodesCsv = (rows: readonly EpisodeTableRow[]): string =>
  csv(
    rows.map((row) => {
      const { policy, agent = 'agemem', source, status, recorded } = row.summary
      return new Map<string, Value>([['key', row.key], ['policy', policy], ['agent', agent], ['source', source], ['status', status], ['recorded', new Date(recorded).toISOString()], ...common(row)])
    }),
  )
