import { line, within, type ChartSpec } from './spec.ts'

export const contextTokens: ChartSpec = {
  group: 'does',
  name: 'context_tokens',
  term: 'contextTokens',
  unit: 'number',
  ends: [0, null],
  lines: () => [
    line('context_tokens', (step) => step.context_tokens, {
      color: 'var(--stm)',
      held: ({ context_tokens: tokens, intervals }) => within(tokens, intervals?.context_tokens ?? [tokens, tokens]),
    }),
  ],
}
