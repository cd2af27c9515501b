import { line, within, type ChartSpec } from './spec.ts'

export const ltmSize: ChartSpec = {
  group: 'does',
  name: 'ltm_size',
  term: 'ltm',
  unit: 'number',
  ends: [0, null],
  lines: () => [line('ltm_size', (step) => step.ltm_size, { color: 'var(--ltm)', held: ({ ltm_size: size, intervals }) => within(size, intervals?.ltm_size ?? [size, size]) })],
}
