// One small chart a tool, from the table of tools.
import type { StepMetrics } from '../../../../core/training/metrics.ts'
import { toolNames } from '../../../../core/agents/agemem/tools/index.ts'
import { lookOfTool } from '../../../ui/tools.tsx'
import { line, type ChartSpec } from './spec.ts'

type Stages = keyof StepMetrics['tool_calls']
const stages = ['total', 'stage1', 'stage2', 'stage3'] as const satisfies readonly Stages[]
const stagesOf = (choice: string): Stages => stages.find((each) => each === choice) ?? 'total'

export const toolCalls: ChartSpec = {
  group: 'does',
  name: 'tool_calls',
  term: 'toolCalls',
  unit: 'number',
  ends: [0, null],
  choices: stages,
  multiples: true,
  lines: (choice) =>
    toolNames.map((name) =>
      line(name, ({ tool_calls: calls }) => calls[stagesOf(choice)][name], {
        title: () => lookOfTool(name).word,
        color: `var(--${lookOfTool(name).hue})`,
        recorded: choice === 'total',
        held: stagesOf(choice) === 'total' ? ({ summary: { tool_calls: calls, intervals } }) => ({ value: calls[name], low: intervals.tool_calls[name][0], high: intervals.tool_calls[name][1] }) : undefined,
      }),
    ),
}
