import type { Measurements } from '../../../core/reward/terms.ts'
import { plural, type TermWords } from '../term-words.ts'

export const tool_use: TermWords<Measurements['tool_use']> = {
  title: 'Tool use',
  short: 'tool use',
  sentence: 'The share of tool calls that worked. Only the published code counts it.',
  where: null,
  formula: 'N_worked / max(1, N_calls)',
  say: ({ ok, calls }) => ({ sentence: calls === 0 ? 'It called no tool.' : `${ok} of ${plural(calls, 'tool call')} worked.`, items: [] }),
}
