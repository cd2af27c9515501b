// The paper's Table 3: tool calls per episode without and with GRPO, as a measure for what happens here in miniature.
import type { EvaluationMetrics } from '../../../core/training/metrics.ts'
import { t } from '../../locales/index.ts'
import { toolNames, type ToolName } from '../../../core/agents/agemem/tools/index.ts'

export interface PaperChange {
  before: number
  after: number
}

export const paperModels = ['Qwen2.5-7B', 'Qwen3-4B'] as const
type PaperModel = (typeof paperModels)[number]

/** A tool that the paper does not have was never called there. */
export const table3: Readonly<Record<PaperModel, Partial<Record<ToolName, PaperChange>> & { total: PaperChange }>> = {
  'Qwen2.5-7B': {
    Add_memory: { before: 0.92, after: 1.64 },
    Update_memory: { before: 0, after: 0.13 },
    Delete_memory: { before: 0, after: 0.08 },
    Retrieve_memory: { before: 2.31, after: 1.95 },
    Summary_context: { before: 1.08, after: 0.82 },
    Filter_context: { before: 0.02, after: 0.31 },
    total: { before: 4.33, after: 4.92 },
  },
  'Qwen3-4B': {
    Add_memory: { before: 2.49, after: 2.64 },
    Update_memory: { before: 0.13, after: 0.34 },
    Delete_memory: { before: 0, after: 0.22 },
    Retrieve_memory: { before: 4.62, after: 4.35 },
    Summary_context: { before: 0.11, after: 0.96 },
    Filter_context: { before: 0.15, after: 0.16 },
    total: { before: 7.5, after: 8.67 },
  },
}

export const paperChange = (model: PaperModel, tool: ToolName | 'total'): PaperChange => table3[model][tool] ?? { before: 0, after: 0 }

/** Calls per episode; the total is of the six tools, as the paper's is: calls of tools that do not exist are none of them. */
export function callsOf({ summary: { tool_calls } }: Pick<EvaluationMetrics, 'summary'>, tool: ToolName | 'total'): number {
  return tool === 'total' ? toolNames.reduce((sum, name) => sum + tool_calls[name], 0) : tool_calls[tool]
}

/** "+78 %", "−16 %", "from nothing", "the same": how much a count changed. */
export function changeWords({ before, after }: PaperChange): string {
  if (Math.abs(after - before) < 0.005) return t().compare.tools.unchanged
  if (before < 0.005) return t().compare.tools.fromNothing
  const percent = Math.round(100 * (after / before - 1))
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent)} %`
}

/** Do both go the same way? null when one of them hardly moves. */
export function sameDirection(here: PaperChange, paper: PaperChange): boolean | null {
  const move = ({ before, after }: PaperChange) => (Math.abs(after - before) < 0.02 ? 0 : Math.sign(after - before))
  return move(here) === 0 || move(paper) === 0 ? null : move(here) === move(paper)
}
